// The organization's digests, the newest first, older ones as they are asked for. The API lists them from the oldest on.
import type { Api } from '../api/client.ts';
import { type Pages, usePages } from '../show/use-pages.ts';
import { type DigestRow, digestsIn, rowsOf, type SealedDigest } from './digests.ts';

/** A month of daily seals. */
const PAGE = 31;

/** `next` of a page is the number before which the older ones are. */
export function useDigests(api: Api): Pages<DigestRow> {
  return usePages(async (before, signal) => {
    if (before === undefined) return newest(api, signal);
    const end = Number(before);
    // One more than is shown: what the oldest row brought is told by the one before it.
    const first = Math.max(0, end - PAGE - 1);
    const digests = await listed(api, first, end - first, signal);
    return pageOf(digests.filter(({ number }) => number < end));
  });
}

/** Found from where a verification was, since no route says how many there are. */
async function newest(api: Api, signal: AbortSignal) {
  const { verifications } = await api.call('listVerifications', { query: { limit: 1 }, signal });
  const first = Math.max(0, (verifications[0]?.lastDigest ?? 0) - PAGE);
  return pageOf(await listed(api, first, Number.POSITIVE_INFINITY, signal));
}

/** From number `first` on, at most `count`. */
async function listed(api: Api, first: number, count: number, signal: AbortSignal): Promise<SealedDigest[]> {
  const digests: SealedDigest[] = [];
  let after = first === 0 ? undefined : first - 1;
  for (;;) {
    const left = Math.min(200, count - digests.length);
    const page = await api.call('listDigests', {
      ...{ query: { limit: left, ...(after === undefined ? {} : { after }) }, signal },
    });
    digests.push(...digestsIn(page));
    if (page.next === null || digests.length >= count) return digests;
    after = page.next;
  }
}

function pageOf(digests: readonly SealedDigest[]): { items: DigestRow[]; next: string | null } {
  const rows = rowsOf(digests);
  const oldest = rows.at(-1);
  if (oldest === undefined || oldest.number === 0) return { items: rows, next: null };
  // The oldest one is there for the sake of the one behind it.
  const shown = rows.length > 1 ? rows.slice(0, -1) : rows;
  return { items: shown, next: String(shown.at(-1)!.number) };
}
