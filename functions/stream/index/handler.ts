// The function index, wired from its environment.
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { SqsVisibility, sqsClient } from '../../../adapters/sqs/visibility.ts';
import { QUEUE } from '../../../names/queue.ts';
import { requiredText } from '../../shared/environment.ts';
import { indexPorts } from '../../shared/index-ports.ts';
import { withBackoff } from './backoff.ts';
import { indexQueue } from './index.ts';

const { env } = process;

const visibility = new SqsVisibility(sqsClient(), requiredText(env, QUEUE.urlEnv));
const index = withBackoff('index', indexQueue(indexPorts(env, dynamoClient())), visibility);

export const handler = middy<SQSEvent, SQSBatchResponse>().handler((event, context: Context) =>
  index(event, () => context.getRemainingTimeInMillis()),
);
