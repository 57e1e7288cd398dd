import { ResultObjects } from '../../adapters/athena/results.ts';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { DynamoDesk } from '../../adapters/dynamodb/desk.ts';
import { s3Client } from '../../adapters/s3/client.ts';
import { ExecutionStarter } from '../../adapters/stepfunctions/starter.ts';
import { stateMachineClient } from '../../adapters/stepfunctions/sweeper.ts';
import { DESK } from '../../names/desk.ts';
import { QUERY } from '../../names/query.ts';
import { accessOf } from '../shared/access.ts';
import { openKeeping } from '../shared/archive-reading.ts';
import { requiredText } from '../shared/environment.ts';
import { http } from '../shared/http.ts';
import { newId } from '../shared/id.ts';
import { openReadRecording } from '../shared/recording.ts';
import { queryProblem } from './problems.ts';
import { queries } from './queries.ts';

const { env } = process;
const now = () => new Date();

export const handler = http(
  'queries',
  queries({
    desk: new DynamoDesk(dynamoClient(), requiredText(env, DESK.tableEnv)),
    results: new ResultObjects(s3Client(), requiredText(env, DESK.resultsBucketEnv)),
    starter: new ExecutionStarter(stateMachineClient(), requiredText(env, QUERY.machineEnv)),
    reading: { access: accessOf(env, now), recording: openReadRecording(env, now) },
    ...{ newId, now, keeping: openKeeping(env, now) },
  }),
  { describe: queryProblem },
);
