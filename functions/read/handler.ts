import { emitMetric } from '../../adapters/metrics.ts';
import { zstd } from '../../adapters/zstd.ts';
import { METRICS } from '../../names/metrics.ts';
import { accessOf } from '../shared/access.ts';
import { http } from '../shared/http.ts';
import { blockReader } from '../shared/reader.ts';
import { openReadRecording } from '../shared/recording.ts';
import { read, readProblem } from './read.ts';

const { env } = process;
const now = () => new Date();

const ports = {
  ...{ store: blockReader(env), compression: zstd },
  ...{ access: accessOf(env, now), recording: openReadRecording(env, now) },
};

export const handler = http('read', read(ports), {
  describe: readProblem,
  onProblem: ({ slug }) => {
    if (slug === 'not-intact') emitMetric(METRICS.tamperingDetected, 1);
  },
});
