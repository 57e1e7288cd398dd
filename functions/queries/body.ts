import { parseTime } from '../../core/entry/time.ts';
import { toPointer } from '../../core/json/pointer.ts';
import { isJsonObject, type JsonValue } from '../../core/json/value.ts';
import type { Query } from '../../core/query/ast.ts';
import { QueryError } from '../../core/query/error.ts';
import { parseQuery } from '../../core/query/parse.ts';
import type { JobRequest } from '../../services/query/job.ts';
import { DEFAULT_FOUND, MOST_FOUND, MOST_QUERY_TEXT } from '../shared/api/queries.ts';
import { Problem, type ProblemFault } from '../shared/problem.ts';

const MEMBERS = ['q', 'from', 'to', 'order', 'limit'];

/** What POST /v1/queries takes: times in RFC 3339, from the first on, before the last. `now` ends what has no end. */
export function readRequest(body: JsonValue, now: number): JobRequest {
  const faults: ProblemFault[] = [];
  const fault = (name: string | undefined, code: string, detail: string) => {
    faults.push({ pointer: toPointer(name === undefined ? [] : [name]), code, detail });
  };
  const members = isJsonObject(body) ? body : {};
  if (!isJsonObject(body)) fault(undefined, 'not-an-object', 'got something else, want an object');
  for (const name of Object.keys(members)) {
    if (!MEMBERS.includes(name)) fault(name, 'unknown-field', 'got a member that has no meaning here');
  }
  const time = (name: string, otherwise: number): number => {
    const value = members[name];
    if (value === undefined) return otherwise;
    const read = typeof value === 'string' ? parseTime(value) : undefined;
    if (read === undefined) fault(name, 'not-a-time', 'got something else, want an RFC 3339 time');
    return read ?? otherwise;
  };
  const period = { from: time('from', 0), to: time('to', now) };
  if (period.from >= period.to) fault('to', 'empty-range', 'got a time that is not after from, want a later one');
  const { order = 'desc', limit = DEFAULT_FOUND } = members;
  if (order !== 'asc' && order !== 'desc') fault('order', 'wrong-value', 'got something else, want asc or desc');
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > MOST_FOUND) {
    fault('limit', 'out-of-range', `got something else, want a whole number from 1 to ${MOST_FOUND}`);
  }
  const { q } = members;
  const query = typeof q === 'string' ? readQuery(q, faults) : undefined;
  if (typeof q !== 'string') fault('q', q === undefined ? 'missing-field' : 'wrong-type', 'want text: it is required');
  if (faults.length > 0) throw new Problem('invalid-search', 'Nothing was searched.', { errors: faults });
  return { q: q as string, query: query!, period, order: order as JobRequest['order'], limit: limit as number };
}

function readQuery(text: string, faults: ProblemFault[]): Query | undefined {
  if ([...text].length > MOST_QUERY_TEXT) {
    faults.push({ pointer: '/q', code: 'too-long', detail: `got a longer text, want at most ${MOST_QUERY_TEXT}` });
    return undefined;
  }
  try {
    return parseQuery(text);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    faults.push({ pointer: '/q', code: 'query', detail: error.message, column: error.column });
    return undefined;
  }
}
