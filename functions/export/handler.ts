import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { DynamoDesk } from '../../adapters/dynamodb/desk.ts';
import { EXPORT_FORMATS } from '../../adapters/export/formats.ts';
import { log } from '../../adapters/log.ts';
import { emitMetric } from '../../adapters/metrics.ts';
import { s3Client } from '../../adapters/s3/client.ts';
import { S3ExportFiles } from '../../adapters/s3/export-files.ts';
import { DESK } from '../../names/desk.ts';
import { EXPORT, type ExportStep } from '../../names/exports.ts';
import { METRICS } from '../../names/metrics.ts';
import { archiveExtent, archiveQueries } from '../shared/archive-query.ts';
import { requiredText } from '../shared/environment.ts';
import { openSearch } from '../shared/search.ts';
import { servedLog } from '../shared/served-log.ts';
import { exportStep } from './export.ts';
import { entrySource } from './source.ts';

const { env } = process;
const now = () => new Date();

const archive = {
  queries: archiveQueries(env),
  extent: archiveExtent(env),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  onPlanted: (row: object) => {
    log.error('the archive has rows that are no entries', { function: 'export', ...row });
    emitMetric(METRICS.tamperingDetected, 1);
  },
};

const step = exportStep({
  desk: new DynamoDesk(dynamoClient(), requiredText(env, DESK.tableEnv)),
  files: new S3ExportFiles(s3Client(), requiredText(env, DESK.resultsBucketEnv)),
  source: entrySource(openSearch(env, now), archive),
  formats: EXPORT_FORMATS,
  proofs: servedLog(env).log,
  now: () => Date.now(),
  budgetMs: EXPORT.budgetSeconds * 1_000,
});

export const handler = (payload: unknown): Promise<ExportStep> => step(payload);
