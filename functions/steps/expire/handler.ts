// The function expire, wired from its environment.
import { log } from '../../../adapters/log.ts';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { s3Client } from '../../../adapters/s3/client.ts';
import { S3EvidenceStore } from '../../../adapters/s3/evidence.ts';
import { StateMachineSweeper, stateMachineClient } from '../../../adapters/stepfunctions/sweeper.ts';
import { ARCHIVE } from '../../../names/archive.ts';
import { EXPIRE } from '../../../names/expire.ts';
import { HOLD } from '../../../names/hold.ts';
import { LOG } from '../../../names/log.ts';
import { newestSealedLog } from '../../../services/expire/log.ts';
import { HoldEvents } from '../../../services/hold/events.ts';
import { ownPolicy } from '../../../services/log/published.ts';
import { requiredText } from '../../shared/environment.ts';
import { newId } from '../../shared/id.ts';
import { logKeys } from '../../shared/log.ts';
import { openRecording } from '../../shared/recording.ts';
import { readRetention } from '../../shared/retention.ts';
import { expireSteps } from './expire.ts';

const { env } = process;
const now = () => new Date();
const store = new S3EvidenceStore(s3Client(), requiredText(env, ARCHIVE.bucketEnv));
const events = new HoldEvents(store, now);
const recording = openRecording(env, now);
const sweeper = new StateMachineSweeper(stateMachineClient(), requiredText(env, HOLD.sweepMachineEnv));
const origin = requiredText(env, LOG.originEnv);
const keys = logKeys(env);

export const handler = expireSteps({
  ports: {
    ...{ store, codec: parquetSegments, holds: events, recording, now },
    retention: readRetention(env),
    newestSeal: async () => newestSealedLog({ store, policy: ownPolicy(origin, await keys.keys()) }),
    onFinding: (finding) => log.warn('strange object among the expired', { function: 'expire', ...finding }),
    budgetMs: EXPIRE.budgetSeconds * 1_000,
  },
  holds: { store, events, recording, sweeper, now },
  newId,
});
