// The stack of everything that runs.
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { EVENTS } from '../../names/events.ts';
import { DEFAULTS, type StageConfig } from '../config/stage.ts';
import { Alarms } from '../constructs/alarms.ts';
import { Api } from '../constructs/api.ts';
import type { Code } from '../constructs/code.ts';
import { EncryptionKey } from '../constructs/encryption-key.ts';
import { EntriesTopic } from '../constructs/entries-topic.ts';
import { Guardian } from '../constructs/guardian.ts';
import { Identity } from '../constructs/identity.ts';
import { Observation } from '../constructs/observation.ts';
import { trustedRoles } from '../constructs/trusted.ts';
import { declareFunctions, grantFunctions } from './functions.ts';
import { guardedBy } from './guarding.ts';
import type { Holdings } from './holdings.ts';
import { wireIndexing } from './indexing.ts';
import { wireStreaming } from './streaming.ts';
import { watch } from './watch.ts';
import { Workflows } from './workflows.ts';

/** Services that move data of this stack between its encrypted queues, topics and buses. */
const SERVICES = ['sns.amazonaws.com', 'cloudwatch.amazonaws.com'];

/** Stacks that this one works on. */
type Others = Pick<Holdings, 'data' | 'reading'>;

/** What tells of changes to the protection, and to whom. */
interface Guards {
  readonly key: EncryptionKey;
  readonly observation: Observation;
  readonly alarms: Alarms;
  readonly observe: Code;
}

/** Everything that runs. It holds no evidence: it can be deleted and deployed again beside the same data. */
export class AppStack extends Stack {
  constructor(scope: Construct, id: string, config: StageConfig, holdings: Others, props?: StackProps) {
    super(scope, id, { ...props, description: 'Indelible: the API, the functions and their wiring' });
    const { data, reading } = holdings;
    const key = new EncryptionKey(
      this,
      'Encryption',
      'Indelible: queues, topics, event bus and logs',
      trustedRoles(config),
    );
    for (const service of SERVICES) key.allowService(service);
    key.allowEvents();
    key.allowLogs();
    const logRetention = config.logRetentionDays as RetentionDays;

    const identity = new Identity(this, 'Identity', config);
    const alarms = new Alarms(this, 'Alarms', {
      key,
      runbook: config.runbook,
      ...(config.alarmEmail === undefined ? {} : { email: config.alarmEmail }),
    });
    const functions = declareFunctions(this, config, { logKey: key, logRetention }, data.archive.roles);
    grantFunctions(functions, { data, reading, identity, alarms });
    const api = new Api(this, 'Api', {
      ...functions,
      authorizer: identity.authorizer,
      throttling: config.throttling,
      cors: config.cors,
      logKey: key,
      logRetention,
    });
    identity.serveConsoleAt(api.api.apiEndpoint);
    const observation = new Observation(this, 'Observation', {
      code: functions.observe,
      key,
      busName: busName(config),
      awsSources: config.events.awsSources,
    });
    const entries = new EntriesTopic(this, 'Entries', key);
    wireIndexing(this, functions, { entries, key });
    const streams = wireStreaming(this, functions, data, { config, entries, key });
    const workflows = new Workflows(this, 'Workflows', { config, functions, key, logRetention });
    this.#guard(config, holdings, { key, observation, alarms, observe: functions.observe });
    const { schedules } = config;
    watch(this, {
      schedules,
      workflows,
      alarms,
      api,
      functions,
      observation,
      entries,
      ...streams,
      ledger: data.ledger,
    });
    this.#publish(api, identity, observation, alarms);
  }

  /** Notices and entries of whatever touches the protection; an event that neither takes waits with the unrecorded. */
  #guard(config: StageConfig, { data, reading }: Others, { key, observation, alarms, observe }: Guards): void {
    const { stackName } = this;
    new Guardian(this, 'Guardian', {
      guarded: guardedBy(config, { data, reading, stackName, key, busName: busName(config) }),
      ...{ topic: alarms.topic, observe, undelivered: observation.unrecorded },
      runbook: alarms.link('Protection touched'),
    });
  }

  #publish(api: Api, identity: Identity, observation: Observation, alarms: Alarms): void {
    new CfnOutput(this, 'Console', { value: `${api.api.apiEndpoint}/`, description: 'For people: the console' });
    new CfnOutput(this, 'ApiUrl', { value: api.api.apiEndpoint, description: 'The HTTP API' });
    new CfnOutput(this, 'Issuer', { value: identity.issuer, description: 'Who issues its tokens' });
    new CfnOutput(this, 'Audience', {
      value: identity.audience.join(','),
      description: 'For whom tokens have to be issued',
    });
    new CfnOutput(this, 'EventBus', {
      value: observation.bus.eventBusName,
      description: 'Where applications put events',
    });
    new CfnOutput(this, 'AlarmTopic', { value: alarms.topic.topicArn, description: 'Where alarms ring' });
  }
}

/** A name that applications can know beforehand, and one a stage. */
function busName({ name }: StageConfig): string {
  return name === DEFAULTS.name ? EVENTS.applicationBus : `${EVENTS.applicationBus}-${name}`;
}
