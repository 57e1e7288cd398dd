// The function seal, wired from its environment.
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { DynamoChains } from '../../../adapters/dynamodb/chains.ts';
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { PagedBlockReader } from '../../../adapters/dynamodb/paged.ts';
import { DynamoBlockReader } from '../../../adapters/dynamodb/reader.ts';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { s3Client } from '../../../adapters/s3/client.ts';
import { S3EvidenceStore } from '../../../adapters/s3/evidence.ts';
import { zstd } from '../../../adapters/zstd.ts';
import { ARCHIVE } from '../../../names/archive.ts';
import { HOLD } from '../../../names/hold.ts';
import { LEDGER } from '../../../names/ledger.ts';
import { LOG } from '../../../names/log.ts';
import { HoldEvents } from '../../../services/hold/events.ts';
import { RecentHolds } from '../../../services/hold/recent.ts';
import type { SealPorts } from '../../../services/seal/port.ts';
import type { ChainsRequest, Planned, PlanRequest, Sharded, ShardRequest } from '../../../services/seal/steps.ts';
import { requiredCount, requiredText } from '../../shared/environment.ts';
import { logKeys } from '../../shared/log.ts';
import { openRecording } from '../../shared/recording.ts';
import { readRetention } from '../../shared/retention.ts';
import { sealStep } from './seal.ts';

const { env } = process;
const dynamo = dynamoClient();
const now = () => new Date();
const store = new S3EvidenceStore(s3Client(), requiredText(env, ARCHIVE.bucketEnv));
const holds = new RecentHolds(new HoldEvents(store, now), HOLD.cacheSeconds * 1_000, now);

const table = { ledgerTable: requiredText(env, LEDGER.tableEnv) };
const ports: Omit<SealPorts, 'blocks'> = {
  directory: new DynamoChains(dynamo, requiredText(env, ARCHIVE.chainsTableEnv), table.ledgerTable),
  store,
  codec: parquetSegments,
  compression: zstd,
  retention: readRetention(env),
  holdsOf: (tenant) => holds.of(tenant),
  keys: logKeys(env),
  recording: openRecording(env, now),
  origin: requiredText(env, LOG.originEnv),
  dueSeconds: requiredCount(env, LOG.dueEnv),
  now,
};

/** A plan looks at the end of each chain; the others go along them, and read what they go along once. */
const blocksFor = ({ step }: PlanRequest | ChainsRequest | ShardRequest) =>
  step === 'plan' ? new DynamoBlockReader(dynamo, table) : new PagedBlockReader(dynamo, table);

export const handler = middy<PlanRequest | ChainsRequest | ShardRequest, Planned | Sharded>().handler(
  (event, context: Context) =>
    sealStep({ ...ports, blocks: blocksFor(event) })(event, () => context.getRemainingTimeInMillis()),
);
