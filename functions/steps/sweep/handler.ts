// The function sweep: a slice of bringing S3's holds in line.
import { log } from '../../../adapters/log.ts';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { s3Client } from '../../../adapters/s3/client.ts';
import { S3EvidenceStore } from '../../../adapters/s3/evidence.ts';
import { ARCHIVE } from '../../../names/archive.ts';
import { HOLD } from '../../../names/hold.ts';
import { HoldEvents } from '../../../services/hold/events.ts';
import type { SweepTask } from '../../../services/hold/steps.ts';
import { sweep } from '../../../services/hold/sweep.ts';
import { requiredText } from '../../shared/environment.ts';
import { readSweepTask } from './task.ts';

const now = () => new Date();
const store = new S3EvidenceStore(s3Client(), requiredText(process.env, ARCHIVE.bucketEnv));
const events = new HoldEvents(store, now);

export async function handler(payload: unknown): Promise<SweepTask> {
  const task = readSweepTask(payload);
  const swept = await sweep(task, { store, codec: parquetSegments, events, now, budgetMs: HOLD.budgetSeconds * 1_000 });
  log.info('holds swept', { function: 'sweep', ...swept });
  return swept;
}
