import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { DynamoChains } from '../../adapters/dynamodb/chains.ts';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { DynamoBlockReader } from '../../adapters/dynamodb/reader.ts';
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { s3Client } from '../../adapters/s3/client.ts';
import { S3SegmentStore } from '../../adapters/s3/segments.ts';
import { zstd } from '../../adapters/zstd.ts';
import { ARCHIVE } from '../../names/archive.ts';
import { LEDGER } from '../../names/ledger.ts';
import { requiredText } from '../shared/environment.ts';
import { archiveStream } from './archive.ts';
import { readRetention } from './retention.ts';

const { env } = process;
const dynamo = dynamoClient();

const archiveEvent = archiveStream({
  blocks: new DynamoBlockReader(dynamo, { ledgerTable: requiredText(env, LEDGER.tableEnv) }),
  chains: new DynamoChains(dynamo, requiredText(env, ARCHIVE.chainsTableEnv)),
  store: new S3SegmentStore(s3Client(), requiredText(env, ARCHIVE.bucketEnv)),
  codec: parquetSegments,
  compression: zstd,
  retention: readRetention(env),
  now: () => new Date(),
});

export const handler = middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(archiveEvent);
