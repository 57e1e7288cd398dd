import type { Reader } from '../../core/access/reader.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import { toPointer } from '../../core/json/pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';
import { DEFAULT_LIMITS, type Limits } from '../../core/limits.ts';
import { JOB_STORE } from '../../names/job-store.ts';
import type { JobItem, JobStore } from '../../services/job-store/port.ts';
import { recordRead } from '../../services/record/read.ts';
import { DEFAULT_SEARCHES, MOST_SEARCH_NAME, SEARCH_OPERATIONS, SearchParameters } from '../shared/api/search.ts';
import { readBody } from '../shared/body.ts';
import { type HttpEvent, type HttpResponse, json } from '../shared/http.ts';
import { idempotencyKey } from '../shared/idempotency.ts';
import { checkParameters, idOf, queryOf } from '../shared/parameters.ts';
import { Problem, type ProblemFault } from '../shared/problem.ts';
import { type ReadingPorts, reading } from '../shared/reading.ts';
import { type Answers, byRoute } from '../shared/routes.ts';
import { askedOf, type SearchTexts } from './asked.ts';
import { isVisible, type SavedSearch, savedItem } from './saved.ts';

export interface SearchesApi extends ReadingPorts {
  readonly jobs: JobStore;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** A query, some filters and a name. */
const SEARCH_LIMITS: Limits = { ...DEFAULT_LIMITS, bodyBytes: 65_536 };

const KEYED_ID_HEX = 32;

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
  const body = bodyOf(event, api);
  const digest = hashOf([body.name, body.shared, body.parameters]);
  const id = key === undefined ? api.newId() : `k-${hashOf([tenant, subject, key]).slice(0, KEYED_ID_HEX)}`;
  const savedAt = api.now().toISOString();
  const search: SavedSearch = { ...wanted(body), owner: subject, savedAt, ...(key === undefined ? {} : { digest }) };
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
  const body = bodyOf(event, api, { versioned: true });
  const { id, value } = await ownItem(api, event, reader);
  await recordRead(api.recording, reader, {
    action: 'audit.search_saved',
    target: { type: 'search', id, name: body.name },
  });
  const search: SavedSearch = { ...wanted(body), owner: value.owner, savedAt: api.now().toISOString() };
  const version = body.version!;
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
  readonly shared: boolean;
  readonly parameters: SearchTexts;
  readonly version?: number;
}

const wanted = ({ name, shared, parameters }: Body) => ({ name, shared, parameters });

/** Parameters are read as those of GET /v1/entries are, so that nothing is saved that could not be run. */
function bodyOf(event: HttpEvent, { now }: SearchesApi, { versioned = false } = {}): Body {
  const body = readBody(event, SEARCH_LIMITS);
  const faults: ProblemFault[] = [];
  const fault = (name: string | undefined, code: string, detail: string) => {
    faults.push({ pointer: toPointer(name === undefined ? [] : [name]), code, detail });
  };
  const members: JsonObject = isJsonObject(body) ? body : {};
  if (!isJsonObject(body)) fault(undefined, 'not-an-object', 'got something else, want an object');
  const { name, shared = false, parameters, version, ...others } = members;
  for (const other of Object.keys(others)) fault(other, 'unknown-field', 'got a member that has no meaning here');
  if (typeof name !== 'string' || name === '' || [...name].length > MOST_SEARCH_NAME) {
    fault('name', 'wrong-type', `want a name of at most ${MOST_SEARCH_NAME} characters`);
  }
  if (typeof shared !== 'boolean') fault('shared', 'wrong-type', 'want true or false');
  if (versioned ? !Number.isSafeInteger(version) : version !== undefined) {
    fault('version', 'wrong-type', versioned ? 'want the version that was read' : 'a new search has none');
  }
  const texts = parametersOf(parameters, now().getTime(), fault);
  if (faults.length > 0) throw new Problem('invalid-search', 'Nothing was saved.', { errors: faults });
  const read = { name: name as string, shared: shared as boolean, parameters: texts };
  return versioned ? { ...read, version: version as number } : read;
}

function parametersOf(
  value: JsonValue | undefined,
  now: number,
  fault: (name: string, code: string, detail: string) => void,
): SearchTexts {
  if (!isJsonObject(value)) {
    fault('parameters', 'wrong-type', 'want an object of the parameters of GET /v1/entries');
    return {};
  }
  const known = Object.keys(SearchParameters.properties);
  for (const [name, text] of Object.entries(value)) {
    if (!known.includes(name)) fault('parameters', 'unknown-field', `got a parameter that GET /v1/entries has not`);
    else if (typeof text !== 'string') fault('parameters', 'wrong-type', `want text for ${name}`);
  }
  try {
    const texts = checkParameters(value as Readonly<Record<string, string>>, SearchParameters) as SearchTexts;
    askedOf(texts, now);
    return texts;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    fault('parameters', 'unusable', error.message);
    return {};
  }
}

const hashOf = (value: unknown): string => toHex(sha256(new TextEncoder().encode(JSON.stringify(value))));

function viewOf({ id, value, version }: JobItem<SavedSearch>) {
  const { name, owner, shared, parameters, savedAt } = value;
  return { id, name, owner, shared, parameters, version, savedAt };
}
