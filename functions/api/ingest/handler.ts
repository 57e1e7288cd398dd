// The function ingest, wired from its environment.
import { emitMetric } from '../../../adapters/metrics.ts';
import { METRICS } from '../../../names/metrics.ts';
import { newId } from '../../shared/id.ts';
import { openLedger } from '../../shared/ledger.ts';
import { readPreparation } from '../../shared/preparation.ts';
import { claimNames } from '../shared/caller.ts';
import { http } from '../shared/http.ts';
import { ingest } from './ingest.ts';
import { ingestProblem, metricOf } from './problems.ts';

const { env } = process;
const preparation = readPreparation(env);

export const handler = http(
  'ingest',
  ingest({
    ledger: openLedger(env),
    claims: claimNames(env),
    preparation,
    now: () => new Date(),
    newId,
    onRecorded: (count) => emitMetric(METRICS.entriesRecorded, count),
  }),
  {
    describe: ingestProblem(preparation.limits),
    onProblem: (problem) => {
      const metric = metricOf(problem);
      if (metric !== undefined) emitMetric(metric, 1);
    },
  },
);
