// The function read, wired from its environment.
import { emitMetric } from '../../../adapters/metrics.ts';
import { zstd } from '../../../adapters/zstd.ts';
import type { Gap } from '../../../core/gap/gap.ts';
import { LEDGER } from '../../../names/ledger.ts';
import { METRICS } from '../../../names/metrics.ts';
import { openKeeping, openRecovery, reportGaps } from '../../shared/archive-reading.ts';
import { requiredCount } from '../../shared/environment.ts';
import { blockReader } from '../../shared/reader.ts';
import { openReadRecording } from '../../shared/recording.ts';
import { accessOf } from '../shared/access.ts';
import { http } from '../shared/http.ts';
import { read, readProblem } from './read.ts';

const { env } = process;
const now = () => new Date();

const report = reportGaps('read');
const ports = {
  ...{ store: blockReader(env), compression: zstd, now: () => Date.now() },
  hotWindowMs: requiredCount(env, LEDGER.hotWindowEnv) * 1_000,
  ...{ recovery: openRecovery(env, now), keeping: openKeeping(env, now), onGap: (gap: Gap) => report([gap]) },
  ...{ access: accessOf(env, now), recording: openReadRecording(env, now) },
};

export const handler = http('read', read(ports), {
  describe: readProblem,
  onProblem: ({ slug }) => {
    if (slug === 'not-intact' || slug === 'entry-lost') emitMetric(METRICS.tamperingDetected, 1);
  },
});
