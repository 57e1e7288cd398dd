import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { EVENTS } from '../../names/events.ts';
import { fixedSeconds } from '../config/duration.ts';
import { DEFAULTS, type StageConfig } from '../config/stage.ts';
import { Alarms } from '../constructs/alarms.ts';
import { Api } from '../constructs/api.ts';
import type { Code } from '../constructs/code.ts';
import { EncryptionKey } from '../constructs/encryption-key.ts';
import { EntriesTopic } from '../constructs/entries-topic.ts';
import { Guardian } from '../constructs/guardian.ts';
import { Identity } from '../constructs/identity.ts';
import { Observation } from '../constructs/observation.ts';
import { StreamConsumer } from '../constructs/stream-consumer.ts';
import { trustedRoles } from '../constructs/trusted.ts';
import type { DataStack } from './data.ts';
import { grantExporting } from './exporting.ts';
import { declareFunctions, type Functions } from './functions.ts';
import { guardedBy } from './guarding.ts';
import { wireIndexing } from './indexing.ts';
import { grantQuerying } from './querying.ts';
import type { ReadingStack } from './reading.ts';
import { grantSearching } from './searching.ts';
import { watch } from './watch.ts';
import { Workflows } from './workflows.ts';

/** The stream keeps a record for 24 hours; one that can't be used is put aside before it is lost. */
const LAST_CALL = Duration.hours(23);

/** Services that move data of this stack between its encrypted queues, topics and buses. */
const SERVICES = ['sns.amazonaws.com', 'cloudwatch.amazonaws.com'];

/** What the functions work on. */
export interface Holdings {
  readonly data: DataStack;
  readonly reading: ReadingStack;
}

/** What tells of changes to the protection, and to whom. */
interface Guards {
  readonly key: EncryptionKey;
  readonly observation: Observation;
  readonly alarms: Alarms;
  readonly observe: Code;
}

/** Everything that runs. It holds no evidence: it can be deleted and deployed again beside the same data. */
export class AppStack extends Stack {
  constructor(scope: Construct, id: string, config: StageConfig, holdings: Holdings, props?: StackProps) {
    super(scope, id, { ...props, description: 'Indelible: the API, the functions and their wiring' });
    const { data } = holdings;
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

    const functions = declareFunctions(this, config, { logKey: key, logRetention }, data.archive.roles);
    this.#grant(functions, data);
    grantQuerying(functions, holdings);
    grantSearching(functions, holdings);
    grantExporting(functions, holdings);
    const identity = new Identity(this, 'Identity', config);
    const { ingest, read, evidence, verifications, holds, queries, search, exports } = functions;
    identity.describeClaims(ingest);
    identity.describeClaims(functions.catalog);
    data.archive.describeRetention(functions.catalog);
    for (const code of [read, evidence, verifications, holds, queries, search, exports]) identity.describeAccess(code);
    const api = new Api(this, 'Api', {
      ...functions,
      authorizer: identity.authorizer,
      throttling: config.throttling,
      cors: config.cors,
      logKey: key,
      logRetention,
    });
    const observation = new Observation(this, 'Observation', {
      code: functions.observe,
      key,
      busName: busName(config),
      awsSources: config.events.awsSources,
    });
    const entries = new EntriesTopic(this, 'Entries', key);
    entries.grantPublish(functions.relay);
    wireIndexing(this, functions, holdings, { entries, key });
    const archiving = new StreamConsumer(this, 'Archiving', {
      code: functions.archive,
      ledger: data.ledger,
      key,
      // Lambda's 6 MB payload fills first, with fifteen full blocks or some thousands of small ones.
      batchSize: 1_000,
      // The longer it gathers, the fewer and larger the segments; three windows fit the minute that the archive may lag.
      batchWindow: Duration.seconds(fixedSeconds(config.archive.batchWindow)!),
      // A shard takes 1 MB/s of blocks and as much again when TTL removes them; two batches at a time keep up, and more would
      // cut the same entries into more segments.
      parallelization: 2,
      maxRecordAge: LAST_CALL,
    });
    const relaying = new StreamConsumer(this, 'Relaying', {
      code: functions.relay,
      ledger: data.ledger,
      key,
      batchSize: 100,
      batchWindow: Duration.seconds(1),
      // A shard takes a thousand small blocks a second, and a call announces ten: four batches at a time keep up.
      parallelization: 4,
      maxRecordAge: LAST_CALL,
      // New blocks only: what TTL removes is nobody's news, and tampering is the archive's to witness.
      filters: [{ eventName: ['INSERT'] }],
    });
    const alarms = new Alarms(this, 'Alarms', {
      key,
      runbook: config.runbook,
      ...(config.alarmEmail === undefined ? {} : { email: config.alarmEmail }),
    });
    alarms.grantAlert(functions.verify);
    const workflows = new Workflows(this, 'Workflows', { config, functions, key, logRetention });
    for (const code of [functions.holds, functions.expire]) workflows.grantSweep(code);
    workflows.grantQuery(functions.queries);
    workflows.grantExport(functions.exports);
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
      archiving,
      relaying,
      ledger: data.ledger,
    });
    this.#publish(api, identity, observation, alarms);
  }

  /** Notices and entries of whatever touches the protection; an event that neither takes waits with the unrecorded. */
  #guard(config: StageConfig, { data, reading }: Holdings, { key, observation, alarms, observe }: Guards): void {
    const { stackName } = this;
    new Guardian(this, 'Guardian', {
      guarded: guardedBy(config, { data, reading, stackName, key, busName: busName(config) }),
      ...{ topic: alarms.topic, observe, undelivered: observation.unrecorded },
      runbook: alarms.link('Protection touched'),
    });
  }

  #grant(functions: Functions, data: DataStack): void {
    const { ingest, observe, read, evidence } = functions;
    for (const code of [ingest, observe, read, evidence]) data.ledger.grantAppend(code);
    data.ledger.grantRead(functions.archive);
    data.ledger.grantProgress(functions.archive);
    // What it witnesses is told to whose trail it is.
    data.ledger.grantAppend(functions.archive);
    data.archive.grantArchive(functions.archive);
    this.#grantSealing(functions, data);
    this.#grantServing(functions, data);
  }

  #grantSealing({ seal, publish, verify, expire, sweep }: Functions, { ledger, archive, signing }: DataStack): void {
    ledger.grantRead(seal);
    ledger.grantProgress(seal);
    ledger.grantDirectory(seal);
    ledger.grantBeginnings(seal);
    archive.grantSeal(seal);
    signing.grantVerify(seal);
    archive.grantPublish(publish);
    signing.grantSign(publish);
    ledger.grantAppend(verify);
    archive.grantVerify(verify);
    signing.grantVerify(verify);
    ledger.grantAppend(expire);
    archive.grantExpire(expire);
    signing.grantVerify(expire);
    archive.grantSweep(sweep);
  }

  #grantServing({ log, evidence, verifications, holds }: Functions, { ledger, archive, signing }: DataStack): void {
    archive.grantReadLog(log);
    signing.grantVerify(log);
    archive.grantReadEvidence(evidence);
    signing.grantVerify(evidence);
    archive.grantReadReports(verifications);
    ledger.grantAppend(holds);
    archive.grantHolds(holds);
  }

  #publish(api: Api, identity: Identity, observation: Observation, alarms: Alarms): void {
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
