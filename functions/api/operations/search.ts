// Searches of the hot window, what belongs to one entry, and saved searches in the API's description.
import * as Type from 'typebox';
import { MAX_IDENTIFIER, MAX_NAME } from '../../../core/entry/schema.ts';
import { PATHS } from '../../../names/api.ts';
import { BODY_PROBLEMS, IdempotencyHeaders, Replayed } from './entries.ts';
import { HISTOGRAM_OPERATIONS } from './histogram.ts';
import type { Operation } from './operation.ts';
import { IdInPath, IdText, PlaceInPath, PlainText, ref, strict } from './schemas.ts';
import { Order, Period, SearchParameters } from './search-parameters.ts';

export const DEFAULT_ENTRIES = 50;
const MOST_ENTRIES = 200;
const MOST_SEARCHES = 100;
export const DEFAULT_SEARCHES = 50;
const MOST_CURSOR = 500;
const MOST_SEARCH_NAME = 200;

const SORTS = ['recordedAt', 'occurredAt'] as const;
export type Sort = (typeof SORTS)[number];
const SortBy = (unlessSaid: Sort) =>
  Type.Optional(Type.Enum([...SORTS], { description: `which time the order is by; ${unlessSaid} unless said` }));

const Paging = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MOST_ENTRIES, description: `${DEFAULT_ENTRIES} unless said` }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: MOST_CURSOR, description: 'of the page before' })),
};

const Page = Type.Object(
  {
    entries: Type.Array(ref('FoundEntry')),
    cursor: Type.Union([Type.String(), Type.Null()]),
    complete: Type.Boolean({
      description: 'false when the time ran out, when the range goes on in the archive, or when there are gaps',
    }),
    gaps: Type.Array(ref('Gap')),
    range: Type.Object(
      { from: Type.Union([Type.String(), Type.Null()]), to: Type.Union([Type.String(), Type.Null()]) },
      { ...strict, description: 'what was asked for; null where nothing bounds it' },
    ),
    beyond: Type.Optional(
      Type.Object(
        { from: Type.String(), to: Type.String() },
        { ...strict, description: 'what is asked for and has left the hot window: a query of the archive finds it' },
      ),
    ),
  },
  strict,
);

const page = { 200: { description: 'A page', content: { 'application/json': Page } } };
const PAGE_PROBLEMS = ['invalid-query', 'invalid-cursor', 'not-intact', 'not-recorded'] as const;

export const RELATIONS = ['correlation', 'request', 'trace', 'session', 'parent'] as const;
export type Relation = (typeof RELATIONS)[number];

const Json = Type.Unsafe<unknown>({ description: 'any JSON value' });
const Patch = Type.Array(
  Type.Object(
    { op: Type.Enum(['add', 'replace', 'remove']), path: Type.String(), value: Type.Optional(Json) },
    { ...strict, description: 'an operation of JSON Patch (RFC 6902)' },
  ),
);

const SavedSearch = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    owner: Type.String(),
    shared: Type.Boolean(),
    parameters: SearchParameters,
    version: Type.Integer({ minimum: 1 }),
    savedAt: Type.String({ format: 'date-time' }),
  },
  strict,
);

const searchBody = {
  name: PlainText(MOST_SEARCH_NAME),
  shared: Type.Optional(Type.Boolean({ description: 'whether all of the tenant see it' })),
  parameters: SearchParameters,
};
const saved = (description: string) => ({ description, content: { 'application/json': SavedSearch } });
const SAVE_PROBLEMS = [...BODY_PROBLEMS, 'invalid-search', 'not-recorded'] as const;

export const SEARCH_OPERATIONS = {
  searchEntries: {
    ...{ name: 'searchEntries', method: 'GET', path: PATHS.entries, tag: 'Search' },
    summary: 'Search the hot window',
    query: Type.Object({
      ...SearchParameters.properties,
      sort: SortBy('recordedAt'),
      ...Paging,
      search: Type.Optional(IdText('the id of a saved search, whose parameters hold where none is given')),
    }),
    answers: page,
    problems: [...PAGE_PROBLEMS, 'not-found'],
  },
  ...HISTOGRAM_OPERATIONS,
  readHistory: {
    ...{ name: 'readHistory', method: 'GET', path: PATHS.history, tag: 'Search' },
    summary: 'Everything that concerns one record, oldest first',
    pathParameters: Type.Object({
      type: PlainText(MAX_NAME, 'what kind of record'),
      id: PlainText(MAX_IDENTIFIER, 'the identifier of a record'),
    }),
    query: Type.Object({ ...Period, order: Order, sort: SortBy('occurredAt'), ...Paging }),
    answers: page,
    problems: [...PAGE_PROBLEMS, 'invalid-path'],
  },
  readRelated: {
    ...{ name: 'readRelated', method: 'GET', path: PATHS.related, tag: 'Search' },
    summary: 'Entries that share a correlation, request, trace, session or cause with an entry',
    pathParameters: PlaceInPath,
    query: Type.Object({
      by: Type.Optional(
        Type.String({
          pattern: `^(?:${RELATIONS.join('|')})(?:,(?:${RELATIONS.join('|')}))*$`,
          description: `${RELATIONS.join(', ')}, with commas between them; all unless said`,
        }),
      ),
      ...Period,
      order: Order,
      sort: SortBy('recordedAt'),
      ...Paging,
    }),
    answers: page,
    problems: [...PAGE_PROBLEMS, 'invalid-path', 'not-found', 'expired', 'entry-lost'],
  },
  readChanges: {
    ...{ name: 'readChanges', method: 'GET', path: PATHS.changes, tag: 'Search' },
    summary: 'What an entry says was changed: before, after, and the difference',
    pathParameters: PlaceInPath,
    answers: {
      200: {
        description: 'The states, null where the entry has none, and the difference where it has both',
        content: {
          'application/json': Type.Object(
            { before: Json, after: Json, patch: Type.Union([Patch, Type.Null()]) },
            strict,
          ),
        },
      },
    },
    problems: ['invalid-path', 'not-found', 'expired', 'entry-lost', 'not-intact', 'not-recorded'],
  },
  saveSearch: {
    ...{ name: 'saveSearch', method: 'POST', path: PATHS.searches, tag: 'Saved searches' },
    summary: 'Save a search',
    headers: IdempotencyHeaders,
    body: Type.Object(searchBody, strict),
    answers: { 201: { ...saved('The search'), headers: Replayed } },
    problems: [...SAVE_PROBLEMS, 'idempotency-mismatch'],
  },
  listSearches: {
    ...{ name: 'listSearches', method: 'GET', path: PATHS.searches, tag: 'Saved searches' },
    summary: "The reader's own searches and those that are shared, newest first",
    query: Type.Object({
      after: Type.Optional(IdText('the id that the page before ended with')),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_SEARCHES })),
    }),
    answers: {
      200: {
        description: 'A page, which may be short',
        content: {
          'application/json': Type.Object(
            { searches: Type.Array(SavedSearch), next: Type.Union([Type.String(), Type.Null()]) },
            strict,
          ),
        },
      },
    },
    problems: ['invalid-query'],
  },
  readSearch: {
    ...{ name: 'readSearch', method: 'GET', path: PATHS.search, tag: 'Saved searches' },
    summary: 'A saved search',
    pathParameters: IdInPath,
    answers: { 200: saved('The search') },
    problems: ['not-found'],
  },
  replaceSearch: {
    ...{ name: 'replaceSearch', method: 'PUT', path: PATHS.search, tag: 'Saved searches' },
    summary: "Replace one's own saved search, if it is still of the version that was read",
    pathParameters: IdInPath,
    body: Type.Object({ ...searchBody, version: Type.Integer({ minimum: 1 }) }, strict),
    answers: { 200: saved('The search') },
    problems: [...SAVE_PROBLEMS, 'not-found', 'changed-meanwhile'],
  },
  deleteSearch: {
    ...{ name: 'deleteSearch', method: 'DELETE', path: PATHS.search, tag: 'Saved searches' },
    summary: "Remove one's own saved search",
    pathParameters: IdInPath,
    answers: { 204: { description: 'It is gone' } },
    problems: ['not-found', 'not-recorded'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
