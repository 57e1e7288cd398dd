import { setTimeout as pause } from 'node:timers/promises';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { DynamoDesk } from '../../adapters/dynamodb/desk.ts';
import { DESK } from '../../names/desk.ts';
import { QUERY, type QueryStep } from '../../names/query.ts';
import { archiveExtent, archiveQueries } from '../shared/archive-query.ts';
import { requiredText } from '../shared/environment.ts';
import { queryStep } from './query.ts';

const { env } = process;

const step = queryStep({
  desk: new DynamoDesk(dynamoClient(), requiredText(env, DESK.tableEnv)),
  queries: archiveQueries(env),
  extent: archiveExtent(env),
  now: () => Date.now(),
  sleep: (ms) => pause(ms),
  budgetMs: QUERY.budgetSeconds * 1_000,
});

export const handler = (payload: unknown): Promise<QueryStep> => step(payload);
