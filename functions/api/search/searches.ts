// Routes of /v1/searches: saved searches.
import type { Reader } from '../../../core/access/reader.ts';
import type { JsonObject } from '../../../core/json/value.ts';
import { DEFAULT_LIMITS, type Limits } from '../../../core/limits.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import type { JobItem, JobStore } from '../../../services/job-store/port.ts';
import { recordRead } from '../../../services/record/read.ts';
import { DEFAULT_SEARCHES, SEARCH_OPERATIONS } from '../operations/search.ts';
import { bodyOf } from '../shared/body.ts';
import { type HttpEvent, type HttpResponse, json } from '../shared/http.ts';
import { digestOf, idempotencyKey, keyedId } from '../shared/idempotency.ts';
import { idOf, queryOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import { type ReadingPorts, reading } from '../shared/reading.ts';
import { type Answers, byRoute } from '../shared/routes.ts';
import { type SearchTexts, searchFaults } from './asked.ts';
import { isVisible, type SavedSearch, savedItem } from './saved.ts';

export interface SearchesApi extends ReadingPorts {
  readonly jobs: JobStore;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** A query, some filters and a name. */
const SEARCH_LIMITS: Limits = { ...DEFAULT_LIMITS, bodyBytes: 65_536 };

type Name = 'saveSearch' | 'listSearches' | 'readSearch' | 'replaceSearch' | 'deleteSearch';

/** /v1/searches: what somebody wants to ask again. */
export function searches(api: SearchesApi): Answers {
  const route = (name: Name, answer: (api: SearchesApi, event: HttpEvent, reader: Reader) => Promise<HttpResponse>) => {
    const { method, path } = SEARCH_OPERATIONS[name];
    return [`${method} ${path}`, reading(api, name, (event, reader) => answer(api, event, reader))] as const;
  };
  return byRoute(
    SEARCH_OPERATIONS,
    Object.fromEntries([
      route('saveSearch', save),
      route('listSearches', list),
      route('readSearch', read),
      route('replaceSearch', replace),
      route('deleteSearch', remove),
    ]),
  );
}

async function save(api: SearchesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { tenant, subject } = reader;
  const key = idempotencyKey(event.headers['idempotency-key']);
  const body = wanted(bodyOf(event, SEARCH_OPERATIONS.saveSearch, rulesOf(api)) as Body);
  const digest = digestOf({ ...body } as JsonObject);
  const id = key === undefined ? api.newId() : keyedId(reader, key);
  const savedAt = api.now().toISOString();
  const search: SavedSearch = { ...body, owner: subject, savedAt, ...(key === undefined ? {} : { digest }) };
  const before = key === undefined ? undefined : await api.jobs.get<SavedSearch>(tenant, JOB_STORE.searches, id);
  if (before === undefined) {
    await recordRead(api.recording, reader, {
      action: 'audit.search_saved',
      target: { type: 'search', id, name: body.name },
    });
    if (await api.jobs.put(tenant, JOB_STORE.searches, id, search, 0)) {
      return json(201, JSON.stringify(viewOf({ id, value: search, version: 1 })));
    }
  }
  // The same request was answered before, or is being answered.
  const item = before ?? (await savedItem(api.jobs, reader, id));
  if (item.value.digest !== digest) {
    throw new Problem('idempotency-mismatch', 'The Idempotency-Key was used for another search.');
  }
  return json(201, JSON.stringify(viewOf(item)), { 'idempotent-replayed': 'true' });
}

async function list(api: SearchesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { after, limit = DEFAULT_SEARCHES } = queryOf(event, SEARCH_OPERATIONS.listSearches.query);
  const { items, next = null } = await api.jobs.list<SavedSearch>(reader.tenant, JOB_STORE.searches, limit, after);
  const seen = items.filter(({ value }) => isVisible(value, reader));
  return json(200, JSON.stringify({ searches: seen.map(viewOf), next }));
}

async function read(api: SearchesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  return json(200, JSON.stringify(viewOf(await savedItem(api.jobs, reader, idOf(event)))));
}

async function replace(api: SearchesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { version, ...body } = bodyOf(event, SEARCH_OPERATIONS.replaceSearch, rulesOf(api));
  const { id, value } = await ownItem(api, event, reader);
  await recordRead(api.recording, reader, {
    action: 'audit.search_saved',
    target: { type: 'search', id, name: body.name },
  });
  const { owner, digest } = value;
  const kept = digest === undefined ? {} : { digest };
  const search: SavedSearch = { ...wanted(body as Body), owner, savedAt: api.now().toISOString(), ...kept };
  if (!(await api.jobs.put(reader.tenant, JOB_STORE.searches, id, search, version))) {
    throw new Problem('changed-meanwhile', 'The saved search has another version now: read it again.');
  }
  return json(200, JSON.stringify(viewOf({ id, value: search, version: version + 1 })));
}

async function remove(api: SearchesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { id, value } = await ownItem(api, event, reader);
  await recordRead(api.recording, reader, {
    action: 'audit.search_removed',
    target: { type: 'search', id, name: value.name },
  });
  await api.jobs.remove(reader.tenant, JOB_STORE.searches, id);
  return { statusCode: 204, headers: { 'cache-control': 'no-store' } };
}

/** Shared ones are to be run by all, and changed by their owner. */
async function ownItem({ jobs }: SearchesApi, event: HttpEvent, reader: Reader): Promise<JobItem<SavedSearch>> {
  const item = await savedItem(jobs, reader, idOf(event));
  if (item.value.owner === reader.subject) return item;
  throw new Problem('not-found', 'There is no saved search of this id that is yours.');
}

interface Body {
  readonly name: string;
  readonly shared?: boolean;
  readonly parameters: SearchTexts;
}

/** What is saved; it is the owner's alone unless it says that it is shared. */
const wanted = ({ name, shared = false, parameters }: Body) => ({ name, shared, parameters });

/** Parameters are held against the rules of GET /v1/entries, so that nothing is saved that could not be run. */
const rulesOf = ({ now }: SearchesApi) =>
  ({
    limits: SEARCH_LIMITS,
    slug: 'invalid-search',
    outcome: 'Nothing was saved.',
    rules: ({ parameters }: Pick<Body, 'parameters'>) => searchFaults(parameters, now().getTime(), '/parameters'),
  }) as const;

function viewOf({ id, value, version }: JobItem<SavedSearch>) {
  const { name, owner, shared, parameters, savedAt } = value;
  return { id, name, owner, shared, parameters, version, savedAt };
}
