// The function exports, wired from its environment.
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { DynamoJobStore } from '../../../adapters/dynamodb/job-store.ts';
import { s3Client } from '../../../adapters/s3/client.ts';
import { S3ExportFiles } from '../../../adapters/s3/export-files.ts';
import { ExecutionStarter } from '../../../adapters/stepfunctions/starter.ts';
import { stateMachineClient } from '../../../adapters/stepfunctions/sweeper.ts';
import { EXPORT } from '../../../names/exports.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { requiredCount, requiredText } from '../../shared/environment.ts';
import { newId } from '../../shared/id.ts';
import { openReadRecording } from '../../shared/recording.ts';
import { openSearch } from '../../shared/search.ts';
import { searchProblem } from '../search/problems.ts';
import { accessOf } from '../shared/access.ts';
import { http } from '../shared/http.ts';
import { exportsApi } from './exports.ts';

const { env } = process;
const now = () => new Date();

export const handler = http(
  'exports',
  exportsApi({
    jobs: new DynamoJobStore(dynamoClient(), requiredText(env, JOB_STORE.tableEnv)),
    files: new S3ExportFiles(s3Client(), requiredText(env, JOB_STORE.resultsBucketEnv)),
    starter: new ExecutionStarter(stateMachineClient(), requiredText(env, EXPORT.machineEnv)),
    search: openSearch(env, now),
    reading: { access: accessOf(env, now), recording: openReadRecording(env, now) },
    ...{ newId, now, days: requiredCount(env, EXPORT.daysEnv) },
  }),
  { describe: searchProblem },
);
