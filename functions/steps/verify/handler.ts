// The function verify, wired from its environment.
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { PagedBlockReader } from '../../../adapters/dynamodb/paged.ts';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { s3Client } from '../../../adapters/s3/client.ts';
import { S3EvidenceStore } from '../../../adapters/s3/evidence.ts';
import { SnsAlerts } from '../../../adapters/sns/alerts.ts';
import { snsClient } from '../../../adapters/sns/topic.ts';
import { zstd } from '../../../adapters/zstd.ts';
import { ARCHIVE } from '../../../names/archive.ts';
import { LEDGER } from '../../../names/ledger.ts';
import { LOG } from '../../../names/log.ts';
import { VERIFY } from '../../../names/verify.ts';
import type { FinalizeOutput, PlanOutput, ShardOutput, VerifyInput } from '../../../services/verify/steps.ts';
import { requiredText } from '../../shared/environment.ts';
import { logKeys } from '../../shared/log.ts';
import { openRecording } from '../../shared/recording.ts';
import { readRetention } from '../../shared/retention.ts';
import { verifySteps } from './verify.ts';

const { env } = process;
const now = () => new Date();

const dynamo = dynamoClient();
const table = { ledgerTable: requiredText(env, LEDGER.tableEnv) };

const ports = {
  store: new S3EvidenceStore(s3Client(), requiredText(env, ARCHIVE.bucketEnv)),
  codec: parquetSegments,
  compression: zstd,
  keys: logKeys(env),
  origin: requiredText(env, LOG.originEnv),
  reportRetention: readRetention(env)('', VERIFY.reportsCategory),
  recording: openRecording(env, now),
  alerts: new SnsAlerts(snsClient(), requiredText(env, VERIFY.alertsTopicEnv)),
  now,
};

export const handler = middy<VerifyInput, PlanOutput | ShardOutput | FinalizeOutput>().handler(
  (event, context: Context) => {
    // It goes along chains, and what it has read of them is as old as this run.
    const blocks = new PagedBlockReader(dynamo, table);
    return verifySteps({ ...ports, blocks })(event, () => context.getRemainingTimeInMillis());
  },
);
