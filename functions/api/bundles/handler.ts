// The function bundles, wired from its environment.
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { DynamoJobStore } from '../../../adapters/dynamodb/job-store.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { S3BundleFiles } from '../../../adapters/s3/bundle-files.ts';
import { s3Client } from '../../../adapters/s3/client.ts';
import { ExecutionStarter } from '../../../adapters/stepfunctions/starter.ts';
import { stateMachineClient } from '../../../adapters/stepfunctions/sweeper.ts';
import { BUNDLE } from '../../../names/bundles.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { METRICS } from '../../../names/metrics.ts';
import { requiredCount, requiredText } from '../../shared/environment.ts';
import { newId } from '../../shared/id.ts';
import { openReadRecording } from '../../shared/recording.ts';
import { servedLog } from '../../shared/served-log.ts';
import { accessOf } from '../shared/access.ts';
import { evidenceProblem } from '../shared/evidence.ts';
import { http } from '../shared/http.ts';
import { bundlesApi } from './bundles.ts';

const { env } = process;
const now = () => new Date();

export const handler = http(
  'bundles',
  bundlesApi({
    ...servedLog(env),
    jobs: new DynamoJobStore(dynamoClient(), requiredText(env, JOB_STORE.tableEnv)),
    files: new S3BundleFiles(s3Client(), requiredText(env, JOB_STORE.resultsBucketEnv)),
    starter: new ExecutionStarter(stateMachineClient(), requiredText(env, BUNDLE.machineEnv)),
    reading: { access: accessOf(env, now), recording: openReadRecording(env, now) },
    ...{ newId, now, days: requiredCount(env, BUNDLE.daysEnv) },
  }),
  {
    describe: evidenceProblem,
    onProblem: ({ slug }) => {
      if (slug === 'not-intact') emitMetric(METRICS.tamperingDetected, 1);
    },
  },
);
