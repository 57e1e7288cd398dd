// The CDK app: three stacks of one stage.
import { App, type AppProps, DefaultStackSynthesizer, type IReusableStackSynthesizer } from 'aws-cdk-lib/core';
import { CONTEXT_KEY, loadConfig } from './config/load.ts';
import type { StageConfig } from './config/stage.ts';
import { APP_CONTEXT } from './flags.ts';
import { AppStack } from './stacks/app.ts';
import { DataStack } from './stacks/data.ts';
import { ReadingStack } from './stacks/reading.ts';

export interface Indelible {
  readonly app: App;
  readonly config: StageConfig;
  readonly data: DataStack;
  readonly reading: ReadingStack;
  readonly application: AppStack;
}

export interface IndelibleProps {
  /** Path of the JSON file that overrides the defaults. */
  readonly configFile?: string | undefined;
  readonly app?: AppProps;
}

/**
 * Three stacks: what must never be lost, what makes reading it fast, and what runs. Alarms live with what they watch.
 * None knows its account or region, so one synthesis fits every environment and asks nobody anything.
 */
export function indelible(props: IndelibleProps = {}): Indelible {
  const app = new App({
    analyticsReporting: false,
    // No bootstrap check: it would make each template ask an account's Systems Manager for a parameter.
    defaultStackSynthesizer: new DefaultStackSynthesizer({
      generateBootstrapVersionRule: false,
    }) as IReusableStackSynthesizer,
    ...props.app,
    postCliContext: APP_CONTEXT,
  });
  const config = loadConfig({ file: props.configFile, context: app.node.tryGetContext(CONTEXT_KEY) });
  const data = new DataStack(app, `${config.name}-Data`, config);
  const reading = new ReadingStack(app, `${config.name}-Reading`, config, data);
  const application = new AppStack(app, `${config.name}-App`, config, { data, reading });
  return { app, config, data, reading, application };
}
