// What a search finds, counted as far as that is cheap, and the first of it to look at.
import type { Answer, Api } from '../api/client.ts';
import type { Operations } from '../api/operations.ts';

type Row = Answer<'searchEntries'>['entries'][number];
export type PreviewQuery = Omit<Operations['searchEntries']['query'], 'role' | 'limit' | 'cursor'>;

export interface Preview {
  /** The first ten. */
  readonly rows: readonly Row[];
  readonly count: number;
  /** There are more than were counted. */
  readonly more: boolean;
  /** The range goes on in the archive, which was not counted. */
  readonly beyond: { readonly from: string; readonly to: string } | undefined;
  /** Positions that can't be read as they were recorded. */
  readonly gaps: boolean;
}

const SHOWN = 10;
/** Each page is a request, and a read that is recorded. */
const MOST_PAGES = 5;
const PAGE = 200;

/** `keep`: of what the query finds, what counts. Throws ApiFault. */
export async function preview(
  api: Api,
  query: PreviewQuery,
  keep: (row: Row) => boolean,
  signal: AbortSignal,
): Promise<Preview> {
  const rows: Row[] = [];
  let count = 0;
  let gaps = false;
  let cursor: string | undefined;
  let beyond: Preview['beyond'];
  for (let i = 0; i < MOST_PAGES; i++) {
    const asked = { ...query, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await api.call('searchEntries', { query: asked, signal });
    const kept = page.entries.filter(keep);
    count += kept.length;
    rows.push(...kept.slice(0, SHOWN - rows.length));
    gaps ||= page.gaps.some(({ recovered }) => recovered !== true);
    beyond = page.beyond ?? beyond;
    if (page.cursor === null) return { rows, count, more: false, beyond, gaps };
    cursor = page.cursor;
  }
  return { rows, count, more: true, beyond, gaps };
}
