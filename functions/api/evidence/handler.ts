// The function evidence, wired from its environment.
import { log as logger } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { zstd } from '../../../adapters/zstd.ts';
import { METRICS } from '../../../names/metrics.ts';
import { SegmentBodies } from '../../../services/prove/segments.ts';
import { blockReader } from '../../shared/reader.ts';
import { openReadRecording } from '../../shared/recording.ts';
import { servedLog } from '../../shared/served-log.ts';
import { accessOf } from '../shared/access.ts';
import { evidenceProblem } from '../shared/evidence.ts';
import { http } from '../shared/http.ts';
import { serveEvidence } from './evidence.ts';

const { env } = process;
const now = () => new Date();
const { log, store } = servedLog(env);

const segments = new SegmentBodies({
  ...{ store, codec: parquetSegments },
  onAltered: ({ object: { key, version } }) => {
    logger.error('sealed segment altered', { function: 'evidence', key, version });
    emitMetric(METRICS.tamperingDetected, 1);
  },
});

export const handler = http(
  'evidence',
  serveEvidence({
    ...{ log, segments, blocks: blockReader(env), compression: zstd, now },
    ...{ access: accessOf(env, now), recording: openReadRecording(env, now) },
  }),
  {
    describe: evidenceProblem,
    onProblem: ({ slug }) => {
      if (slug === 'not-intact') emitMetric(METRICS.tamperingDetected, 1);
    },
  },
);
