// Every alarm, each a heading of the runbook.
import { type IMetric, type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { INDEX_WINDOW_SECONDS } from '../../names/index.ts';
import { METRICS, type MetricName } from '../../names/metrics.ts';
import { fixedSeconds } from '../config/duration.ts';
import type { StageConfig } from '../config/stage.ts';
import { type Alarms, emitted, hourly, iteratorAge, perMinute, waiting } from '../constructs/alarms.ts';
import type { Api } from '../constructs/api.ts';
import type { Code } from '../constructs/code.ts';
import type { EntriesTopic } from '../constructs/entries-topic.ts';
import type { Ledger } from '../constructs/ledger.ts';
import type { Observation } from '../constructs/observation.ts';
import type { StreamConsumer } from '../constructs/stream-consumer.ts';
import { drawDashboard } from './dashboard.ts';
import type { Functions } from './functions.ts';
import type { Workflows } from './workflows.ts';

export interface Watched {
  readonly schedules: StageConfig['schedules'];
  readonly workflows: Workflows;
  readonly alarms: Alarms;
  readonly api: Api;
  readonly functions: Functions;
  readonly observation: Observation;
  readonly entries: EntriesTopic;
  readonly archiving: StreamConsumer;
  readonly relaying: StreamConsumer;
  readonly ledger: Ledger;
}

/** The archive may lag the ledger by a minute. */
const ARCHIVE_LAG = 60_000;
/** Subscribers are told to expect entries within minutes. */
const RELAY_LAG = 300_000;

/** Ten windows of gathering: searches read that much from the ledger, and are still quick. */
const INDEX_LAG = INDEX_WINDOW_SECONDS * 10_000;

/** Every alarm and the one dashboard; each heading is one in docs/runbook.md. */
export function watch(scope: Construct, watched: Watched): void {
  ringForEvidence(watched);
  ringForService(watched);
  ringForDelivery(watched);
  ringForSealing(watched);
  ringForSilence(watched);
  drawDashboard(scope, watched);
}

function ringForEvidence({ alarms, functions, archiving }: Watched): void {
  alarms.ring('TamperingDetected', {
    heading: 'Tampering detected',
    summary: 'A block of the ledger was changed or removed, or does not verify.',
    metric: emitted(METRICS.tamperingDetected),
    above: 0,
  });
  alarms.ring('ArchiveGap', {
    heading: 'Archive gap',
    summary: 'Blocks are missing between the archive and the stream, and the ledger does not hold them.',
    metric: emitted(METRICS.archiveGap),
    above: 0,
  });
  alarms.ring('ArchiveLate', {
    heading: 'Archive late',
    summary: 'The archive is more than a minute behind the ledger.',
    metric: iteratorAge(functions.archive),
    above: ARCHIVE_LAG,
    minutes: 2,
  });
  alarms.ring('ProtectionTouched', {
    heading: 'Protection touched',
    summary: 'Somebody touched what protects the evidence: a key, a policy, a bucket, a table, a role, an alarm.',
    metric: emitted(METRICS.protectionTouched),
    above: 0,
  });
  alarms.ring('ArchiveDiscarded', {
    heading: 'Archive discarded records',
    summary: 'Stream records were given up by the archive.',
    metric: waiting(archiving.discarded),
    above: 0,
  });
}

function ringForService({ alarms, api, functions, ledger }: Watched): void {
  alarms.ring('LedgerUnavailable', {
    heading: 'Ledger unavailable',
    summary: 'Entries were refused because the ledger could not be written.',
    metric: emitted(METRICS.ledgerUnavailable),
    above: 0,
  });
  alarms.ring('LedgerThrottled', {
    heading: 'Ledger throttled',
    summary: 'DynamoDB throttles writes to the ledger.',
    metric: ledger.blocks.metric('WriteThrottleEvents', { statistic: Stats.SUM, ...perMinute }),
    above: 0,
    minutes: 3,
  });
  alarms.ring('ApiFailing', {
    heading: 'API failing',
    summary: 'The API answers with server errors.',
    metric: api.api.metricServerError({ statistic: Stats.SUM, ...perMinute }),
    above: 0,
    minutes: 3,
  });
  for (const [name, code] of Object.entries(functions) as [string, Code][]) {
    alarms.ring(`${code.node.id}Failing`, {
      heading: 'Function failing',
      summary: `The function ${name} fails.`,
      metric: code.function.metricErrors({ statistic: Stats.SUM, ...perMinute }),
      above: 0,
      minutes: 3,
    });
    alarms.ring(`${code.node.id}Throttled`, {
      heading: 'Function throttled',
      summary: `Lambda does not run ${name} as often as it is asked to.`,
      metric: code.function.metricThrottles({ statistic: Stats.SUM, ...perMinute }),
      above: 0,
      minutes: 3,
    });
  }
}

function ringForDelivery({ alarms, functions, observation, entries, relaying }: Watched): void {
  alarms.ring('EventsUnrecorded', {
    heading: 'Events unrecorded',
    summary: 'Events could not be made into entries and wait in the dead-letter queue.',
    metric: waiting(observation.unrecorded),
    above: 0,
  });
  alarms.ring('RelayLate', {
    heading: 'Relay late',
    summary: 'Subscribers get entries more than five minutes late.',
    metric: iteratorAge(functions.relay),
    above: RELAY_LAG,
    minutes: 3,
  });
  alarms.ring('RelayDiscarded', {
    heading: 'Relay discarded records',
    summary: 'Stream records were given up by the relay; subscribers lack their entries.',
    metric: waiting(relaying.discarded),
    above: 0,
  });
  alarms.ring('IndexLate', {
    heading: 'Index late',
    summary: 'Entries get into the index more than five minutes late.',
    metric: emitted(METRICS.indexLag, Stats.MAXIMUM),
    above: INDEX_LAG,
    minutes: 3,
  });
  for (const subscriber of entries.subscribers) {
    alarms.ring(`${subscriber.node.id}DeadLetters`, {
      heading: 'Subscriber dead letters',
      summary: `The subscriber ${subscriber.name} has put entries aside.`,
      metric: waiting(subscriber.deadLetters),
      above: 0,
    });
  }
}

function ringForSealing({ alarms, workflows }: Watched): void {
  const emission = (id: string, heading: string, summary: string, metric: MetricName) =>
    alarms.ring(id, { heading, summary, metric: emitted(metric), above: 0 });
  emission(
    'VerificationFailed',
    'Verification failed',
    'Evidence is altered, missing or truncated.',
    METRICS.verificationFailed,
  );
  emission(
    ...(['VerificationIncomplete', 'Verification incomplete'] as const),
    'Not everything could be verified, or a seal is late.',
    METRICS.verificationIncomplete,
  );
  emission(
    'SealShort',
    'Seal short',
    'Neither ledger nor archive has the next position of a chain.',
    METRICS.sealShort,
  );
  emission(
    'SealDisputed',
    'Seal disputed',
    'Ledger and archive contradict each other; nothing of the chain is sealed from there on.',
    METRICS.sealDisputed,
  );
  emission('ForeignObject', 'Foreign object', 'An object stood where other bytes belong.', METRICS.foreignObject);
  emission(
    'ExpiryFindings',
    'Expiry findings',
    'Objects past their retention are none that a seal names.',
    METRICS.expiryFindings,
  );
  const { seal, expire, sweep, verify, reindex, query, export: exporting, bundle } = workflows;
  const all = {
    ...{ Seal: seal, Verification: verify, Expiry: expire, Hold: sweep },
    ...{ Reindex: reindex, Query: query, Export: exporting, Bundle: bundle },
  };
  for (const [name, workflow] of Object.entries(all)) {
    for (const metric of workflow.failures()) ringForFailure(alarms, name, metric);
  }
  alarms.ring('ScheduleUndelivered', {
    heading: 'Schedule undelivered',
    summary: 'EventBridge Scheduler could not start the daily work.',
    metric: waiting(workflows.undelivered),
    above: 0,
  });
}

/** What is done every day and is not: who breaks a role, a schedule or a rule breaks what would have failed, too. */
function ringForSilence({ alarms, workflows, schedules }: Watched): void {
  const missing = (id: string, heading: string, summary: string, metric: IMetric, due: string) =>
    alarms.missing(id, { heading, summary, metric, seconds: fixedSeconds(due)! });
  const { verifyDue, sealDue, expireDue } = schedules;
  missing(
    ...(['VerificationSilent', 'Verification silent', 'No verification has passed for too long.'] as const),
    ...([hourly(METRICS.verificationPassed), verifyDue] as const),
  );
  missing('SealSilent', 'Seal silent', 'No seal was published for too long.', hourly(METRICS.sealCompleted), sealDue);
  missing(
    ...(['ExpirySilent', 'Expiry silent', 'No expiry has come to its end for too long.'] as const),
    ...([workflows.expire.successes(), expireDue] as const),
  );
  // Each verification is an entry of every tenant, so there is something to archive at least as often.
  missing(
    ...(['ArchiveSilent', 'Archive silent', 'Nothing was archived for too long.'] as const),
    ...([hourly(METRICS.entriesArchived), verifyDue] as const),
  );
}

function ringForFailure(alarms: Alarms, name: string, metric: IMetric): void {
  const { metricName } = metric as Metric;
  alarms.ring(`${name}${metricName}`, {
    heading: 'Workflow failing',
    summary: `The state machine for ${name.toLowerCase()} did not come to its end.`,
    metric,
    above: 0,
  });
}
