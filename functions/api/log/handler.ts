// The function log, wired from its environment.
import { emitMetric } from '../../../adapters/metrics.ts';
import { LOG } from '../../../names/log.ts';
import { METRICS } from '../../../names/metrics.ts';
import { flag } from '../../shared/environment.ts';
import { servedLog } from '../../shared/served-log.ts';
import { evidenceProblem } from '../shared/evidence.ts';
import { http } from '../shared/http.ts';
import { serveLog } from './log.ts';

const { env } = process;

export const handler = http(
  'log',
  serveLog({ log: servedLog(env).log, publicEntries: flag(env, LOG.publicEntriesEnv) }),
  {
    describe: evidenceProblem,
    onProblem: ({ slug }) => {
      if (slug === 'not-intact') emitMetric(METRICS.tamperingDetected, 1);
    },
  },
);
