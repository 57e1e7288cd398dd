import { emitMetric } from '../../adapters/metrics.ts';
import { zstd } from '../../adapters/zstd.ts';
import { METRICS } from '../../names/metrics.ts';
import { claimNames } from '../shared/caller.ts';
import { http } from '../shared/http.ts';
import { blockReader } from '../shared/reader.ts';
import { read, readProblem } from './read.ts';

const { env } = process;

export const handler = http('read', read({ store: blockReader(env), compression: zstd, claims: claimNames(env) }), {
  describe: readProblem,
  onProblem: ({ slug }) => {
    if (slug === 'not-intact') emitMetric(METRICS.tamperingDetected, 1);
  },
});
