// The function bundle, wired from its environment.
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { DynamoJobStore } from '../../../adapters/dynamodb/job-store.ts';
import { log as logger } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { S3BundleFiles } from '../../../adapters/s3/bundle-files.ts';
import { s3Client } from '../../../adapters/s3/client.ts';
import { zlibZip } from '../../../adapters/zip/zlib.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { METRICS } from '../../../names/metrics.ts';
import { KnownLists } from '../../../services/prove/lists.ts';
import { SegmentBodies } from '../../../services/prove/segments.ts';
import { requiredText } from '../../shared/environment.ts';
import { newId } from '../../shared/id.ts';
import { servedLog } from '../../shared/served-log.ts';
import { bundleStep } from './bundle.ts';

const { env } = process;
const { log, store } = servedLog(env);

function found(what: string, place: object): void {
  logger.error(what, { function: 'bundle', ...place });
  emitMetric(METRICS.tamperingDetected, 1);
}

export const handler = bundleStep({
  jobs: new DynamoJobStore(dynamoClient(), requiredText(env, JOB_STORE.tableEnv)),
  files: new S3BundleFiles(s3Client(), requiredText(env, JOB_STORE.resultsBucketEnv)),
  segments: new SegmentBodies({
    ...{ store, codec: parquetSegments, keptBytes: 0 },
    onAltered: ({ object: { key, version } }) => found('sealed segment altered', { key, version }),
  }),
  ...{ log, deflating: zlibZip, now: () => Date.now(), newId },
  ...{ digests: new Map(), lists: new KnownLists() },
  onAbsentTile: (tile) => found('no tile that is stored leads to the sealed root', tile),
});
