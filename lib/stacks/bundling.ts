// Bundles: the function that answers, the one that makes them, and its state machine.
import { Fail, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { BUNDLE } from '../../names/bundles.ts';
import { ENTRY } from '../../names/entry.ts';
import { JOB_STORE } from '../../names/job-store.ts';
import type { StageConfig } from '../config/stage.ts';
import { Code, type CodeDefaults, ONE_CORE } from '../constructs/code.ts';
import { invoke, slices } from '../constructs/steps.ts';
import type { Holdings } from './holdings.ts';

export interface Bundling {
  /** Answers over HTTP. */
  readonly bundles: Code;
  /** Plans, makes slices, puts them together. */
  readonly bundle: Code;
}

export function bundling(scope: Construct, { redaction, reading }: StageConfig, defaults: CodeDefaults): Bundling {
  return {
    bundles: new Code(
      scope,
      'Bundles',
      {
        name: 'bundles',
        description: 'Bundles: begin, look, download, cancel',
        memorySize: 512,
        // Below API Gateway's 30 s, so that the caller gets an answer from the function.
        timeout: Duration.seconds(20),
        environment: {
          [ENTRY.redactionEnv]: JSON.stringify(redaction),
          [BUNDLE.daysEnv]: String(reading.exportDays),
        },
      },
      defaults,
    ),
    bundle: new Code(
      scope,
      'Bundle',
      {
        name: 'bundle',
        description: 'Makes the slices of bundles, and puts them together',
        // Segments are unpacked beside what is deflated; most of it is waited for by the thread pool.
        memorySize: ONE_CORE,
        timeout: Duration.seconds(BUNDLE.timeoutSeconds),
      },
      defaults,
    ),
  };
}

export function grantBundling({ bundles, bundle: worker }: Bundling, { data, reading, identity }: Holdings): void {
  data.ledger.grantAppend(bundles);
  identity.describeAccess(bundles);
  data.archive.grantReadHeads(bundles);
  data.archive.grantReadEvidence(worker);
  for (const code of [bundles, worker]) data.signing.grantVerify(code);
  reading.jobStore.grantListItems(bundles);
  reading.jobStore.grantItems(worker);
  // Whoever signs an address lends what it may do itself. Names of pieces tell how far a bundle is.
  reading.jobStore.grantReadResults(bundles, JOB_STORE.bundlesPrefix);
  for (const prefix of [JOB_STORE.bundlesPrefix, JOB_STORE.piecesPrefix]) {
    reading.jobStore.grantWriteResults(worker, prefix);
  }
}

/** Plan, slices at the same time, end; what fails for good anywhere is marked as failed. */
export function bundleSteps(scope: Construct, bundle: Code): IChainable {
  const job = { 'tenant.$': '$.tenant', 'id.$': '$.id' };
  const gaveUp = new Fail(scope, 'BundleFailed', { error: 'BundleFailed', cause: 'The job is marked as failed.' });
  const end = invoke(scope, 'GiveUpBundle', bundle, { step: 'give-up', ...job }, 'end').next(gaveUp);
  const caught = { errors: ['States.ALL'], resultPath: '$.error' };
  const made = slices(scope, 'BundleSlices', 'made', {
    code: bundle,
    items: '$.plan.answer.slices',
    payload: { step: 'slice', ...job },
    concurrency: BUNDLE.slicesAtOnce,
  });
  const plan = invoke(scope, 'PlanBundle', bundle, { step: 'plan', ...job }, 'plan');
  const finish = invoke(scope, 'FinishBundle', bundle, { step: 'finish', ...job }, 'finished');
  for (const state of [plan, made, finish]) state.addCatch(end, caught);
  return plan.next(made).next(finish);
}
