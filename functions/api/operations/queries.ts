// Queries of the archive in the API's description.
import * as Type from 'typebox';
import { PATHS } from '../../../names/api.ts';
import { BODY_PROBLEMS } from './entries.ts';
import type { Operation } from './operation.ts';
import { Chain, Count, IdInPath, IdText, NO_NUL, ref, strict, Time } from './schemas.ts';

const MOST_FOUND = 100_000;
export const DEFAULT_FOUND = 10_000;
export const DEFAULT_ENTRIES = 100;
const MOST_ENTRIES = 500;
export const DEFAULT_JOBS = 20;
const MOST_JOBS = 100;
const MOST_QUERY_TEXT = 20_000;

const STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
const SHORTFALLS = ['running', 'failed', 'cancelled', 'limit', 'planted'] as const;
const FAULTS = ['leaf-hash', 'not-an-entry', 'foreign-tenant', 'out-of-order', 'no-match'] as const;

const Id = IdText('the id of a job');
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const ByOrder = Type.Enum(['desc', 'asc'], { default: 'desc', description: 'by the time of recording' });

const Asked = {
  q: Type.String({
    ...{ maxLength: MOST_QUERY_TEXT, pattern: NO_NUL },
    description: 'in the search language, without NUL; empty: every entry',
  }),
  from: Time,
  to: Time,
  order: ByOrder,
  limit: Type.Integer({ minimum: 1, maximum: MOST_FOUND, default: DEFAULT_FOUND, description: 'most entries' }),
};

const Job = Type.Object(
  {
    id: Id,
    status: Type.Enum(STATUSES),
    ...Asked,
    createdAt: Time,
    endedAt: orNull(Time),
    expiresAt: Time,
    progress: Type.Object({ slicesDone: Count, slices: Count, scannedBytes: Count, found: Count }, strict),
    planted: Type.Object(
      {
        count: Count,
        first: Type.Array(Type.Object({ chain: Chain, position: Count, fault: Type.Enum(FAULTS) }, strict)),
      },
      { ...strict, description: 'rows of the archive that are no entries, and were left out' },
    ),
    reason: orNull(Type.String({ description: 'why it failed' })),
  },
  strict,
);

const json = <T extends Type.TSchema>(schema: T) => ({ 'application/json': schema });

export const QUERY_OPERATIONS = {
  startQuery: {
    ...{ name: 'startQuery', method: 'POST', path: PATHS.queries, tag: 'Queries of the archive' },
    summary: 'Search the archive, however old',
    description: 'A job: what it has found can be read while it runs. It is kept for two days.',
    body: Type.Object(
      {
        ...Asked,
        ...{ from: Type.Optional(Time), to: Type.Optional(Time) },
        order: Type.Optional(ByOrder),
        limit: Type.Optional(Asked.limit),
      },
      {
        ...strict,
        description: '`q` has to be a query (docs/search.md), and `from` before `to`, which is now unless said',
      },
    ),
    answers: { 202: { description: 'The job', content: json(Job) } },
    problems: [...BODY_PROBLEMS, 'invalid-search', 'not-recorded'],
  },
  listQueries: {
    ...{ name: 'listQueries', method: 'GET', path: PATHS.queries, tag: 'Queries of the archive' },
    summary: "The reader's jobs, newest first; all of the tenant's for compliance",
    query: Type.Object({
      after: Type.Optional(Id),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_JOBS, default: DEFAULT_JOBS })),
    }),
    answers: {
      200: {
        description: 'A page',
        content: json(Type.Object({ queries: Type.Array(Job), next: orNull(Type.String()) }, strict)),
      },
    },
    problems: ['invalid-query'],
  },
  readQuery: {
    ...{ name: 'readQuery', method: 'GET', path: PATHS.query, tag: 'Queries of the archive' },
    summary: 'A job, and how far it is',
    pathParameters: IdInPath,
    answers: { 200: { description: 'The job', content: json(Job) } },
    problems: ['not-found'],
  },
  readQueryEntries: {
    ...{ name: 'readQueryEntries', method: 'GET', path: PATHS.queryEntries, tag: 'Queries of the archive' },
    summary: 'What a job has found so far, in order',
    description:
      'While the job runs, `cursor` leads on from the last entry even where no further one is there yet; it is null once there can be none.',
    pathParameters: IdInPath,
    query: Type.Object({
      cursor: Type.Optional(Type.String({ maxLength: 1_000, description: 'a cursor of this job' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ENTRIES, default: DEFAULT_ENTRIES })),
    }),
    answers: {
      200: {
        description: 'A page',
        content: json(
          Type.Object(
            {
              entries: Type.Array(ref('FoundEntry')),
              cursor: orNull(Type.String()),
              complete: Type.Boolean(),
              why: orNull(Type.Enum(SHORTFALLS, { description: 'why the job has not found all there is' })),
              gaps: Type.Array(ref('Gap')),
            },
            strict,
          ),
        ),
      },
    },
    problems: ['invalid-query', 'invalid-cursor', 'not-found', 'not-recorded'],
  },
  cancelQuery: {
    ...{ name: 'cancelQuery', method: 'POST', path: PATHS.cancelQuery, tag: 'Queries of the archive' },
    summary: 'Stop a job; what it has found stays',
    pathParameters: IdInPath,
    answers: { 200: { description: 'The job', content: json(Job) } },
    problems: ['not-found', 'already-finished', 'not-recorded'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
