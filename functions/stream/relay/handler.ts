// The function relay, wired from its environment.
import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { SnsTopic, snsClient } from '../../../adapters/sns/topic.ts';
import { RELAY } from '../../../names/relay.ts';
import { requiredText } from '../../shared/environment.ts';
import { relayStream } from './relay.ts';

const topic = new SnsTopic(snsClient(), requiredText(process.env, RELAY.topicEnv));

export const handler = middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(relayStream(topic));
