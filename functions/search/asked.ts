import type { Reader } from '../../core/access/reader.ts';
import { parseTime } from '../../core/entry/time.ts';
import { and, equals, or, type Query } from '../../core/query/ast.ts';
import { expectedOf } from '../../core/query/closed.ts';
import { QueryError } from '../../core/query/error.ts';
import { parseQuery } from '../../core/query/parse.ts';
import { printQuery } from '../../core/query/print.ts';
import { dayOf } from '../../core/query/time.ts';
import type { Order } from '../../services/search/port.ts';
import { FILTERS, type FilterName, PRESETS, type Preset } from '../shared/api/search.ts';
import { Problem } from '../shared/problem.ts';

/** As they were given; every one is optional. */
export type SearchTexts = Readonly<Partial<Record<FilterName | 'q' | 'from' | 'to' | 'order', string>>> & {
  readonly preset?: Preset;
};

/** What is asked for, without regard to who asks. */
export interface Asked {
  readonly query: Query;
  /** The query and its filters, as the trail tells of them. */
  readonly text: string;
  /** Epoch milliseconds; absent where nothing bounds it. */
  readonly from?: number;
  readonly to?: number;
  readonly order: Order;
}

/** Throws Problem invalid-query, with the column of what is wrong in `q`. */
export function askedOf(texts: SearchTexts, now: number, order: Order = 'desc'): Asked {
  const { q = '' } = texts;
  const filters = (Object.keys(FILTERS) as FilterName[]).flatMap((name) => {
    const values = texts[name]?.split(',');
    return values === undefined ? [] : [or(...values.map((value) => filterBy(name, value)))];
  });
  const query = and(queryOf(q), ...filters);
  const asked = { query, text: filters.length === 0 ? q : printQuery(query) };
  return { ...asked, ...periodOf(texts, now), order: texts.order === undefined ? order : (texts.order as Order) };
}

function filterBy(name: FilterName, value: string): Query {
  const expected = expectedOf(FILTERS[name].split('.'), value);
  if (expected === undefined) return equals(FILTERS[name], value);
  throw new Problem('invalid-query', `The ${name} has to be ${expected}.`);
}

function queryOf(text: string): Query {
  try {
    return parseQuery(text);
  } catch (cause) {
    if (!(cause instanceof QueryError)) throw cause;
    const { column, message } = cause;
    throw new Problem('invalid-query', `The query can not be read: ${message}.`, {
      errors: [{ pointer: '/q', code: 'query', detail: message, column }],
      cause,
    });
  }
}

/** A preset counts back from now; a day as an end is included. Throws Problem invalid-query. */
export function periodOf(
  { from, to, preset }: Pick<SearchTexts, 'from' | 'to' | 'preset'>,
  now: number,
): { readonly from?: number; readonly to?: number } {
  if (preset !== undefined && (from !== undefined || to !== undefined)) {
    throw new Problem('invalid-query', 'A preset stands for from and to: give it, or them.');
  }
  const begin = preset === undefined ? from && timeOf('from', from).from : now - PRESETS[preset];
  const end = to && timeOf('to', to).to;
  const read = {
    ...(typeof begin === 'number' ? { from: begin } : {}),
    ...(typeof end === 'number' ? { to: end } : {}),
  };
  if (read.from !== undefined && read.to !== undefined && read.from >= read.to) {
    throw new Problem('invalid-query', 'The range ends before it begins: to has to be later than from.');
  }
  return read;
}

function timeOf(name: string, text: string): { readonly from: number; readonly to: number } {
  const day = dayOf(text);
  if (day !== undefined) return day;
  const time = parseTime(text);
  if (time !== undefined) return { from: time, to: time };
  throw new Problem('invalid-query', `The ${name} has to be an RFC 3339 time such as 2026-03-01T09:30:00Z, or a day.`);
}

/** The query as this reader may ask it. */
export const asReadBy = ({ query }: Pick<Asked, 'query'>, { filter }: Pick<Reader, 'filter'>): Query =>
  and(query, filter);
