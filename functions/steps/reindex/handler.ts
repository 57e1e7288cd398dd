// The function reindex, wired from its environment.
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { DynamoChains } from '../../../adapters/dynamodb/chains.ts';
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { ARCHIVE } from '../../../names/archive.ts';
import type { Reindexed, ReindexPlan, ReindexRequest } from '../../../services/index/steps.ts';
import { requiredText } from '../../shared/environment.ts';
import { indexPorts } from '../../shared/index-ports.ts';
import { type PlanRequest, reindexStep } from './reindex.ts';

const dynamo = dynamoClient();
const step = reindexStep({
  ...indexPorts(process.env, dynamo),
  directory: new DynamoChains(dynamo, requiredText(process.env, ARCHIVE.chainsTableEnv)),
});

export const handler = middy<PlanRequest | ReindexRequest, ReindexPlan | Reindexed>().handler(
  (event, context: Context) => step(event, () => context.getRemainingTimeInMillis()),
);
