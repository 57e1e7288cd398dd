import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { indexPorts } from '../shared/index-ports.ts';
import { indexQueue } from './index.ts';

const index = indexQueue(indexPorts(process.env, dynamoClient()));

export const handler = middy<SQSEvent, SQSBatchResponse>().handler((event, context: Context) =>
  index(event, () => context.getRemainingTimeInMillis()),
);
