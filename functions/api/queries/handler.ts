// The function queries, wired from its environment.
import { ResultObjects } from '../../../adapters/athena/results.ts';
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { DynamoJobStore } from '../../../adapters/dynamodb/job-store.ts';
import { s3Client } from '../../../adapters/s3/client.ts';
import { ExecutionStarter } from '../../../adapters/stepfunctions/starter.ts';
import { stateMachineClient } from '../../../adapters/stepfunctions/sweeper.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { QUERY } from '../../../names/query.ts';
import { openKeeping } from '../../shared/archive-reading.ts';
import { requiredText } from '../../shared/environment.ts';
import { newId } from '../../shared/id.ts';
import { openReadRecording } from '../../shared/recording.ts';
import { accessOf } from '../shared/access.ts';
import { http } from '../shared/http.ts';
import { queryProblem } from './problems.ts';
import { queries } from './queries.ts';

const { env } = process;
const now = () => new Date();

export const handler = http(
  'queries',
  queries({
    jobs: new DynamoJobStore(dynamoClient(), requiredText(env, JOB_STORE.tableEnv)),
    results: new ResultObjects(s3Client(), requiredText(env, JOB_STORE.resultsBucketEnv)),
    starter: new ExecutionStarter(stateMachineClient(), requiredText(env, QUERY.machineEnv)),
    reading: { access: accessOf(env, now), recording: openReadRecording(env, now) },
    ...{ newId, now, keeping: openKeeping(env, now) },
  }),
  { describe: queryProblem },
);
