// The one dashboard of a deployment.
import { Dashboard, GraphWidget, type IMetric, type IWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRICS } from '../../names/metrics.ts';
import { emitted, iteratorAge, perMinute, waiting } from '../constructs/alarms.ts';
import type { Api } from '../constructs/api.ts';
import type { Code } from '../constructs/code.ts';
import type { EntriesTopic } from '../constructs/entries-topic.ts';
import type { Observation } from '../constructs/observation.ts';
import type { StreamConsumer } from '../constructs/stream-consumer.ts';
import type { Functions } from './functions.ts';

/** What of a deployment the dashboard shows. */
interface Shown {
  readonly api: Api;
  readonly functions: Functions;
  readonly observation: Observation;
  readonly entries: EntriesTopic;
  readonly archiving: StreamConsumer;
  readonly relaying: StreamConsumer;
}

export function drawDashboard(
  scope: Construct,
  { api, functions, observation, entries, archiving, relaying }: Shown,
): void {
  const codes = Object.values(functions) as Code[];
  const rows: IWidget[][] = [
    [
      graph('Entries', [
        emitted(METRICS.entriesRecorded),
        emitted(METRICS.entriesArchived),
        emitted(METRICS.entriesRelayed),
        emitted(METRICS.entriesIndexed),
      ]),
      graph('Events', [emitted(METRICS.eventsObserved), emitted(METRICS.eventsUnmapped)]),
      graph('Evidence', [emitted(METRICS.tamperingDetected), emitted(METRICS.archiveGap)]),
    ],
    [
      graph('Requests', [
        api.api.metricCount({ statistic: Stats.SUM, ...perMinute }),
        api.api.metricClientError({ statistic: Stats.SUM, ...perMinute }),
        api.api.metricServerError({ statistic: Stats.SUM, ...perMinute }),
      ]),
      graph(
        'Latency (ms)',
        ['p50', 'p99'].map((statistic) => api.api.metricLatency({ statistic, ...perMinute })),
      ),
      graph('Races for a position', [emitted(METRICS.appendConflicts), emitted(METRICS.ledgerUnavailable)]),
    ],
    [
      graph(
        'Commit to archive (ms)',
        ['p50', 'p99', 'max'].map((statistic) => emitted(METRICS.archiveLag, statistic)),
      ),
      graph('Stream age (ms)', [iteratorAge(functions.archive), iteratorAge(functions.relay)]),
      graph('Put aside', [
        ...[observation.unrecorded, archiving.discarded, relaying.discarded].map(waiting),
        ...entries.subscribers.map((subscriber) => waiting(subscriber.deadLetters)),
      ]),
    ],
    [
      graph(
        'Errors',
        codes.map((code) => code.function.metricErrors(perMinute)),
      ),
      graph(
        'Durations, p99 (ms)',
        codes.map((code) => code.function.metricDuration({ statistic: 'p99', ...perMinute })),
      ),
      graph(
        'Subscribers waiting',
        entries.subscribers.map((subscriber) => waiting(subscriber.queue)),
      ),
    ],
    [
      graph(
        'Commit to index (ms)',
        ['p50', 'p99', 'max'].map((statistic) => emitted(METRICS.indexLag, statistic)),
      ),
    ],
  ];
  new Dashboard(scope, 'Dashboard', { widgets: rows });
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8 });
}
