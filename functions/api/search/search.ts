// Routes that read the hot window: search, history, related, changes.
import type { Reader } from '../../../core/access/reader.ts';
import type { Entry } from '../../../core/entry/schema.ts';
import type { Gap } from '../../../core/gap/gap.ts';
import { difference } from '../../../core/json/diff.ts';
import type { JsonValue } from '../../../core/json/value.ts';
import { and, equals, NONE, not, or, type Query } from '../../../core/query/ast.ts';
import type { Candidate } from '../../../core/query/match.ts';
import { DAY_MS } from '../../../names/time.ts';
import type { BlockReader } from '../../../services/append/port.ts';
import type { HistogramPorts } from '../../../services/histogram/port.ts';
import type { JobStore } from '../../../services/job-store/port.ts';
import { type Read, recordRead } from '../../../services/record/read.ts';
import { PlaceInPath } from '../operations/schemas.ts';
import { RELATIONS, type Relation, SEARCH_OPERATIONS, type Sort } from '../operations/search.ts';
import { type HttpEvent, type HttpResponse, json } from '../shared/http.ts';
import { demandEntry } from '../shared/one-entry.ts';
import { pathOf, queryOf } from '../shared/parameters.ts';
import { type ReadingPorts, reading } from '../shared/reading.ts';
import { type Answers, byRoute } from '../shared/routes.ts';
import { answerPage, type PageRequest } from './answer.ts';
import { askedOf, periodOf, type SearchTexts } from './asked.ts';
import { answerHistogram, DEFAULT_BY } from './histogram.ts';
import { readSaved } from './saved.ts';

export interface SearchApi extends ReadingPorts {
  readonly search: HistogramPorts;
  /** For single entries. */
  readonly store: BlockReader;
  readonly jobs: JobStore;
  /** Told of what a search came to that is not as it should be. */
  readonly onGaps: (gaps: readonly Gap[]) => void;
}

type Name = 'searchEntries' | 'countEntries' | 'readHistory' | 'readRelated' | 'readChanges';

/** Reading the hot window, in the reader's own tenant and under the reader's filter. */
export function search(api: SearchApi): Answers {
  const route = (name: Name, answer: (api: SearchApi, event: HttpEvent, reader: Reader) => Promise<HttpResponse>) => {
    const { method, path } = SEARCH_OPERATIONS[name];
    return [`${method} ${path}`, reading(api, name, (event, reader) => answer(api, event, reader))] as const;
  };
  return byRoute(
    SEARCH_OPERATIONS,
    Object.fromEntries([
      route('searchEntries', entries),
      route('countEntries', histogram),
      route('readHistory', history),
      route('readRelated', related),
      route('readChanges', changes),
    ]),
  );
}

/** A saved search's parameters hold where the request names none. */
async function entries(api: SearchApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { search: saved, limit, cursor, sort, ...texts } = queryOf(event, SEARCH_OPERATIONS.searchEntries.query);
  const kept = saved === undefined ? undefined : await readSaved(api.jobs, reader, saved);
  const asked = askedOf({ ...kept?.parameters, ...(texts as SearchTexts) }, api.search.now());
  return recorded(api, reader, { operation: 'searchEntries', asked, ...paging(limit, cursor, sort) }, () => ({
    action: 'audit.searched',
    query: asked.text,
    ...(saved === undefined ? {} : { details: { search: saved } }),
  }));
}

/** Counts of what `entries` finds, under the same filter; who asked is recorded likewise. */
async function histogram(api: SearchApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const {
    search: saved,
    by,
    interval,
    slots,
    timeZone,
    ...texts
  } = queryOf(event, SEARCH_OPERATIONS.countEntries.query);
  const kept = saved === undefined ? undefined : await readSaved(api.jobs, reader, saved);
  const asked = askedOf({ ...kept?.parameters, ...(texts as SearchTexts) }, api.search.now());
  const cut = { by, interval, slots, timeZone };
  const { body, counted, period, gaps } = await answerHistogram(api.search, reader, asked, cut);
  if (gaps.length > 0) api.onGaps(gaps);
  await recordRead(api.recording, reader, {
    ...{ action: 'audit.searched', query: asked.text, period, rows: 0 },
    details: { histogram: by ?? DEFAULT_BY, counted, ...(saved === undefined ? {} : { search: saved }) },
  });
  return json(200, body);
}

/** `type` and `id` have to be those of one and the same record, which a query over a list has no words for. */
async function history(api: SearchApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { type, id } = pathOf(event, SEARCH_OPERATIONS.readHistory.pathParameters);
  const { limit, cursor, sort = 'occurredAt', ...texts } = queryOf(event, SEARCH_OPERATIONS.readHistory.query);
  const query = or(
    and(equals('target.type', type), equals('target.id', id)),
    and(equals('related.type', type), equals('related.id', id)),
  );
  const asked = { ...askedOf(texts as SearchTexts, api.search.now(), 'asc'), query, text: `${type}/${id}` };
  const only = ({ entry }: Candidate) =>
    [entry.target, ...(entry.related ?? [])].some((one) => one?.type === type && one.id === id);
  return recorded(api, reader, { operation: 'readHistory', asked, only, ...paging(limit, cursor, sort) }, () => ({
    action: 'audit.history_viewed',
    target: { type, id },
  }));
}

async function related(api: SearchApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const entry = await entryAt(api, event, reader);
  const { by, limit, cursor, sort, ...texts } = queryOf(event, SEARCH_OPERATIONS.readRelated.query);
  const relations = by === undefined ? RELATIONS : (by.split(',') as Relation[]);
  const query = and(or(...relations.map((relation) => relationOf(entry, relation))), not(equals('id', entry.id)));
  const { from, to } = periodOf(texts as SearchTexts, api.search.now());
  const at = Date.parse(entry.recordedAt);
  const asked = {
    ...{ query, text: `related to ${entry.id} by ${relations.join(', ')}`, order: texts.order ?? 'desc' },
    ...{ from: from ?? at - DAY_MS, to: to ?? at + DAY_MS },
  } as const;
  return recorded(api, reader, { operation: 'readRelated', asked, ...paging(limit, cursor, sort) }, () => ({
    action: 'audit.related_viewed',
    target: { type: 'entry', id: entry.id },
    query: asked.text,
  }));
}

/** What caused the entry, what it caused, and what shares an identifier with it. */
function relationOf({ id, context = {} }: Entry, relation: Relation): Query {
  const shared = (field: string, value: string | undefined) => (value === undefined ? NONE : equals(field, value));
  switch (relation) {
    case 'correlation':
      return shared('context.correlationId', context.correlationId);
    case 'request':
      return shared('context.requestId', context.requestId);
    case 'trace':
      return shared('context.traceId', context.traceId);
    case 'session':
      return shared('context.sessionId', context.sessionId);
    case 'parent':
      return or(equals('context.parentId', id), shared('id', context.parentId));
  }
}

async function changes(api: SearchApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { id, change, target } = await entryAt(api, event, reader);
  await recordRead(api.recording, reader, {
    ...{ action: 'audit.changes_viewed', rows: 1, details: { entry: id } },
    target: target ?? { type: 'entry', id },
  });
  const { before, after } = (change ?? {}) as { readonly before?: JsonValue; readonly after?: JsonValue };
  const patch = before === undefined || after === undefined ? null : difference(before, after);
  return json(200, JSON.stringify({ before: before ?? null, after: after ?? null, patch }));
}

/** One that the reader may not see is not there for it; looking for it in vain is recorded too. */
async function entryAt(api: SearchApi, event: HttpEvent, reader: Reader): Promise<Entry> {
  const { chain, position } = pathOf(event, PlaceInPath);
  const { store, search: ports, recording } = api;
  return (await demandEntry({ ...ports, store, recording }, reader, chain, position)).entry;
}

const paging = (limit: number | undefined, cursor: string | undefined, sort: Sort | undefined) => ({
  ...(sort === undefined ? {} : { sort }),
  ...(limit === undefined ? {} : { limit }),
  ...(cursor === undefined ? {} : { cursor }),
});

async function recorded(
  api: SearchApi,
  reader: Reader,
  request: PageRequest,
  read: () => Omit<Read, 'rows' | 'period'>,
): Promise<HttpResponse> {
  const { body, rows, period, gaps } = await answerPage(api.search, reader, request);
  if (gaps.length > 0) api.onGaps(gaps);
  await recordRead(api.recording, reader, { ...read(), rows, period });
  return json(200, body);
}
