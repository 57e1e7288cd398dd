// What a search asks for: its parameters as texts, read into a query and a period.
import type { Reader } from '../../../core/access/reader.ts';
import { parseTime } from '../../../core/entry/time.ts';
import { toPointer } from '../../../core/json/pointer.ts';
import { and, equals, NONE, or, type Query } from '../../../core/query/ast.ts';
import { expectedOf } from '../../../core/query/closed.ts';
import { QueryError } from '../../../core/query/error.ts';
import { parseQuery } from '../../../core/query/parse.ts';
import { printQuery } from '../../../core/query/print.ts';
import { dayOf } from '../../../core/query/time.ts';
import { FILTERS, type FilterName } from '../../../names/search.ts';
import type { Order } from '../../../services/search/port.ts';
import { PRESETS, type Preset } from '../operations/search-parameters.ts';
import { Problem, type ProblemFault } from '../shared/problem.ts';

/** As they were given; every one is optional. */
export type SearchTexts = Readonly<Partial<Record<FilterName | 'q' | 'from' | 'to' | 'order', string>>> & {
  readonly preset?: Preset;
};

/** What is asked for, without regard to who asks. */
export interface Asked extends Period {
  readonly query: Query;
  /** The query and its filters, as the trail tells of them. */
  readonly text: string;
  readonly order: Order;
}

/** Throws Problem invalid-query with every fault, by the names of parameters, and the column of what is wrong in `q`. */
export function askedOf(texts: SearchTexts, now: number, order: Order = 'desc'): Asked {
  const faults: ProblemFault[] = [];
  const asked = readAsked(texts, now, faults, order);
  settle(faults);
  return asked;
}

/** What is wrong with the parameters of a search that a body holds at `place`. */
export function searchFaults(texts: SearchTexts, now: number, place = ''): ProblemFault[] {
  const faults: ProblemFault[] = [];
  readAsked(texts, now, faults, 'desc');
  return faults.map((fault) => ({ ...fault, pointer: `${place}${fault.pointer}` }));
}

/** A preset counts back from now; a day as an end is included. Throws Problem invalid-query. */
export function periodOf(texts: PeriodTexts, now: number): Period {
  const faults: ProblemFault[] = [];
  const period = readPeriod(texts, now, faults);
  settle(faults);
  return period;
}

function settle(faults: readonly ProblemFault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  const { code, detail } = first;
  throw new Problem('invalid-query', code === 'query' ? `The query can not be read: ${detail}.` : detail, {
    errors: faults,
  });
}

/** Without faults, what is asked for; with them, nothing to go by. */
function readAsked(texts: SearchTexts, now: number, faults: ProblemFault[], order: Order): Asked {
  const { q = '' } = texts;
  const filters = (Object.keys(FILTERS) as FilterName[]).flatMap((name) => {
    const values = texts[name]?.split(',');
    return values === undefined ? [] : [filterBy(name, values, faults)];
  });
  const query = and(queryIn(q, faults), ...filters);
  return {
    ...{ query, text: filters.length === 0 ? q : printQuery(query) },
    ...readPeriod(texts, now, faults),
    order: texts.order === undefined ? order : (texts.order as Order),
  };
}

/** Any of the values; of those that can't be, one fault says what can. */
function filterBy(name: FilterName, values: readonly string[], faults: ProblemFault[]): Query {
  const path = FILTERS[name].split('.');
  const expected = values.map((value) => expectedOf(path, value)).find((one) => one !== undefined);
  if (expected !== undefined) faults.push(fault(name, 'not-allowed', `The ${name} has to be ${expected}.`));
  return or(...values.map((value) => equals(FILTERS[name], value)));
}

/** The query, or none and what is wrong with it, with its column. */
export function queryIn(text: string, faults: ProblemFault[]): Query {
  try {
    return parseQuery(text);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    faults.push({ ...fault('q', 'query', error.message), column: error.column });
    return NONE;
  }
}

type PeriodTexts = Pick<SearchTexts, 'from' | 'to' | 'preset'>;

/** Epoch milliseconds; absent where nothing bounds it. */
interface Period {
  readonly from?: number;
  readonly to?: number;
}

function readPeriod({ from, to, preset }: PeriodTexts, now: number, faults: ProblemFault[]): Period {
  if (preset !== undefined && (from !== undefined || to !== undefined)) {
    faults.push(fault('preset', 'not-allowed', 'A preset stands for from and to: give it, or them.'));
    return {};
  }
  const begin = preset === undefined ? timeIn('from', from, faults)?.from : now - PRESETS[preset];
  const end = timeIn('to', to, faults)?.to;
  if (begin !== undefined && end !== undefined && begin >= end) {
    faults.push(fault('to', 'empty-range', 'The range ends before it begins: to has to be later than from.'));
  }
  return { ...(begin === undefined ? {} : { from: begin }), ...(end === undefined ? {} : { to: end }) };
}

function timeIn(name: 'from' | 'to', text: string | undefined, faults: ProblemFault[]): Required<Period> | undefined {
  if (text === undefined) return undefined;
  const day = dayOf(text);
  if (day !== undefined) return day;
  const time = parseTime(text);
  if (time !== undefined) return { from: time, to: time };
  const want = 'an RFC 3339 time such as 2026-03-01T09:30:00Z, or a day';
  faults.push(fault(name, 'bad-time', `The ${name} has to be ${want}.`));
  return undefined;
}

const fault = (name: string, code: string, detail: string): ProblemFault => ({
  ...{ pointer: toPointer([name]), code, detail },
});

/** The query as this reader may ask it. */
export const asReadBy = ({ query }: Pick<Asked, 'query'>, { filter }: Pick<Reader, 'filter'>): Query =>
  and(query, filter);
