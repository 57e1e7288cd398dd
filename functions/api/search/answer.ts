// One page of a search as its answer.
import type { Reader } from '../../../core/access/reader.ts';
import type { Gap } from '../../../core/gap/gap.ts';
import type { Candidate } from '../../../core/query/match.ts';
import { printQuery } from '../../../core/query/print.ts';
import { CursorError, type CursorState, readCursor, writeCursor } from '../../../services/search/cursor.ts';
import { occurredPage, TooManyToSort } from '../../../services/search/occurred.ts';
import { type Page, searchPage } from '../../../services/search/page.ts';
import type { SearchPorts } from '../../../services/search/search.ts';
import { DEFAULT_ENTRIES, type Sort } from '../operations/search.ts';
import { foundJson } from '../shared/found.ts';
import { Problem } from '../shared/problem.ts';
import { type Asked, asReadBy } from './asked.ts';

/** Lambda's answer holds 6 MB, where quotation marks and line ends of the body are escaped once more. */
const PAGE_BYTES = 3_500_000;

/** Below the function's own limit by what recording and answering take. */
const BUDGET_MS = 8_000;

/** What was acknowledged before the first page may say that it was recorded a little later: clocks of functions differ by less. */
export const CLOCK_SLACK_MS = 1_000;

/** One request for a page. */
export interface PageRequest {
  readonly operation: string;
  readonly asked: Asked;
  /** By when entries were recorded, unless said. */
  readonly sort?: Sort;
  /** Besides the query. */
  readonly only?: (candidate: Candidate) => boolean;
  readonly limit?: number;
  readonly cursor?: string;
}

export interface PageAnswer {
  readonly body: string;
  readonly rows: number;
  /** Epoch milliseconds: what was asked for, as far as it is visible. */
  readonly period: { readonly from: number; readonly to: number };
  readonly gaps: readonly Gap[];
}

/** Throws Problem: invalid-cursor; invalid-query for more than can be sorted; and what searchPage throws. */
export async function answerPage(ports: SearchPorts, reader: Reader, request: PageRequest): Promise<PageAnswer> {
  const { asked, operation, only, limit = DEFAULT_ENTRIES, cursor, sort = 'recordedAt' } = request;
  const { order } = asked;
  const now = ports.now();
  const query = asReadBy(asked, reader);
  const scope = { tenant: reader.tenant, operation, query: printQuery(query), order, sort };
  const state = cursor === undefined ? undefined : stateOf(scope, cursor);
  // What the first page asked for holds for all of them: a preset would move on from page to page.
  const wanted = state ?? { from: asked.from ?? 0, ...(asked.to === undefined ? {} : { to: asked.to }) };
  const period = {
    from: Math.max(wanted.from, Math.ceil(reader.visibleFrom)),
    to: wanted.to ?? Number.MAX_SAFE_INTEGER,
  };
  const page = await pageOf(
    sort,
    ports,
    {
      ...{ tenant: reader.tenant, query, period, order },
      ...(state === undefined ? {} : { after: state.after }),
      ...(only === undefined ? {} : { only }),
    },
    { entries: limit, bytes: PAGE_BYTES, budgetMs: BUDGET_MS },
  );
  // Each page is a read, which is an entry: without an end, whoever reads those would never come to it.
  const next = page.next && writeCursor(scope, { to: now + CLOCK_SLACK_MS, ...wanted, after: page.next });
  const body = bodyOf(page, next, beyondOf(ports, asked, period), wanted);
  return { body, rows: page.found.length, period: { ...period, to: wanted.to ?? now }, gaps: page.gaps };
}

async function pageOf(sort: Sort, ...given: Parameters<typeof searchPage>): Promise<Page> {
  if (sort === 'recordedAt') return searchPage(...given);
  try {
    return await occurredPage(...given);
  } catch (cause) {
    if (!(cause instanceof TooManyToSort)) throw cause;
    const detail = 'There are too many entries to put them in the order in which they occurred.';
    throw new Problem('invalid-query', `${detail} Narrow from and to, or ask with sort=recordedAt.`, { cause });
  }
}

function stateOf(scope: Parameters<typeof readCursor>[0], cursor: string): CursorState {
  try {
    return readCursor(scope, cursor);
  } catch (cause) {
    if (!(cause instanceof CursorError)) throw cause;
    throw new Problem('invalid-cursor', 'The cursor is of another search, or was changed: ask for the first page.', {
      cause,
    });
  }
}

/** What is asked for by name and has left the hot window. Who names no beginning asks for the hot window. */
function beyondOf(
  { now, hotWindowMs }: SearchPorts,
  asked: Pick<Asked, 'from'>,
  { from, to }: { readonly from: number; readonly to: number },
): { readonly from: string; readonly to: string } | undefined {
  const hotFrom = now() - hotWindowMs;
  if (asked.from === undefined || from >= hotFrom) return undefined;
  return { from: iso(from), to: iso(Math.min(to, hotFrom)) };
}

function bodyOf(
  { found, inTime, gaps }: Page,
  next: string | undefined,
  beyond: { readonly from: string; readonly to: string } | undefined,
  { from, to }: { readonly from: number; readonly to?: number },
): string {
  const isLast = next === undefined;
  const left = isLast ? beyond : undefined;
  return `{${[
    `"entries":[${found.map(foundJson).join(',')}]`,
    `"cursor":${isLast ? 'null' : JSON.stringify(next)}`,
    `"complete":${inTime && left === undefined && gaps.every(({ recovered }) => recovered === true)}`,
    `"gaps":${JSON.stringify(gaps)}`,
    `"range":${JSON.stringify({ from: from === 0 ? null : iso(from), to: to === undefined ? null : iso(to) })}`,
    ...(left === undefined ? [] : [`"beyond":${JSON.stringify(left)}`]),
  ].join(',')}}`;
}

const iso = (time: number): string => new Date(time).toISOString();
