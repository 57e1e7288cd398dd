// The function export, wired from its environment.
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { DynamoJobStore } from '../../../adapters/dynamodb/job-store.ts';
import { EXPORT_FORMATS } from '../../../adapters/export/formats.ts';
import { log } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { s3Client } from '../../../adapters/s3/client.ts';
import { S3ExportFiles } from '../../../adapters/s3/export-files.ts';
import { EXPORT } from '../../../names/exports.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { METRICS } from '../../../names/metrics.ts';
import type { ExportStep } from '../../../services/export/steps.ts';
import { reportGaps } from '../../shared/archive-reading.ts';
import { requiredText } from '../../shared/environment.ts';
import { openSearch } from '../../shared/search.ts';
import { servedLog } from '../../shared/served-log.ts';
import { archiveExtent, archiveQueries } from '../shared/archive-query.ts';
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
  jobs: new DynamoJobStore(dynamoClient(), requiredText(env, JOB_STORE.tableEnv)),
  files: new S3ExportFiles(s3Client(), requiredText(env, JOB_STORE.resultsBucketEnv)),
  source: entrySource(openSearch(env, now), archive),
  formats: EXPORT_FORMATS,
  proofs: servedLog(env).log,
  now: () => Date.now(),
  onGaps: reportGaps('export'),
  budgetMs: EXPORT.budgetSeconds * 1_000,
});

export const handler = (payload: unknown): Promise<ExportStep> => step(payload);
