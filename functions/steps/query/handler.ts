// The function query, wired from its environment.
import { setTimeout as pause } from 'node:timers/promises';
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { DynamoJobStore } from '../../../adapters/dynamodb/job-store.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { QUERY } from '../../../names/query.ts';
import type { QueryStep } from '../../../services/query/steps.ts';
import { requiredText } from '../../shared/environment.ts';
import { archiveExtent, archiveQueries } from '../shared/archive-query.ts';
import { queryStep } from './query.ts';

const { env } = process;

const step = queryStep({
  jobs: new DynamoJobStore(dynamoClient(), requiredText(env, JOB_STORE.tableEnv)),
  queries: archiveQueries(env),
  extent: archiveExtent(env),
  now: () => Date.now(),
  sleep: (ms) => pause(ms),
  budgetMs: QUERY.budgetSeconds * 1_000,
});

export const handler = (payload: unknown): Promise<QueryStep> => step(payload);
