// The function archive, wired from its environment.
import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { DynamoChains } from '../../../adapters/dynamodb/chains.ts';
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { DynamoBlockReader } from '../../../adapters/dynamodb/reader.ts';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { s3Client } from '../../../adapters/s3/client.ts';
import { S3EvidenceStore } from '../../../adapters/s3/evidence.ts';
import { zstd } from '../../../adapters/zstd.ts';
import { ARCHIVE } from '../../../names/archive.ts';
import { HOLD } from '../../../names/hold.ts';
import { LEDGER } from '../../../names/ledger.ts';
import type { ArchivePorts } from '../../../services/archive/context.ts';
import { HoldEvents } from '../../../services/hold/events.ts';
import { RecentHolds } from '../../../services/hold/recent.ts';
import { requiredText } from '../../shared/environment.ts';
import { openRecording } from '../../shared/recording.ts';
import { readRetention } from '../../shared/retention.ts';
import { archiveStream } from './archive.ts';

const { env } = process;
const dynamo = dynamoClient();
const now = () => new Date();
const store = new S3EvidenceStore(s3Client(), requiredText(env, ARCHIVE.bucketEnv));
const holds = new RecentHolds(new HoldEvents(store, now), HOLD.cacheSeconds * 1_000, now);

const ports: ArchivePorts = {
  blocks: new DynamoBlockReader(dynamo, { ledgerTable: requiredText(env, LEDGER.tableEnv) }),
  chains: new DynamoChains(dynamo, requiredText(env, ARCHIVE.chainsTableEnv)),
  store,
  codec: parquetSegments,
  compression: zstd,
  retention: readRetention(env),
  holdsOf: (tenant) => holds.of(tenant),
  now,
};

const archiveEvent = archiveStream(ports, openRecording(env, now));

export const handler = middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(archiveEvent);
