// Pages in the order in which things happened, which no index has.
import { Gaps } from './gaps.ts';
import type { Page, PageLimits } from './page.ts';
import { comparePlaces } from './place.ts';
import type { EntryPlace, Found, SearchRequest } from './port.ts';
import { examine, type SearchPorts } from './search.ts';

/** There is more than can be put in order in the time of one request. */
export class TooManyToSort extends Error {
  override readonly name = 'TooManyToSort';
  readonly code = 'too-many';
}

/** Entries kept beyond a page, so that they are not sorted for each that comes. */
const SORTED_TOGETHER = 4;

/**
 * One page by `occurredAt`, then chain, then position. All that matches is looked at for each page, of which only the page is
 * kept: what a record has seen, not what a tenant has. `after`'s time is that of the occurrence. Throws TooManyToSort, and
 * what `examine` throws.
 */
export async function occurredPage(ports: SearchPorts, request: SearchRequest, limits: PageLimits): Promise<Page> {
  const { after, ...whole } = request;
  const { order, tenant } = request;
  const deadline = ports.now() + limits.budgetMs;
  const gaps = new Gaps(tenant);
  const most = limits.entries + 1;
  let first: Found[] = [];
  const sort = () => {
    first.sort((a, b) => comparePlaces(occurrence(a), occurrence(b), order));
    first = first.slice(0, most);
  };
  for await (const { found } of examine(ports, whole, gaps)) {
    first.push(...found.filter((one) => after === undefined || comparePlaces(occurrence(one), after, order) > 0));
    if (first.length >= most * SORTED_TOGETHER) sort();
    if (ports.now() >= deadline) throw new TooManyToSort('the time was up before everything was looked at');
  }
  sort();
  const found = fitting(first.slice(0, limits.entries), limits.bytes);
  const isLast = found.length === first.length;
  return { found, next: isLast ? undefined : occurrence(found.at(-1)!), inTime: true, gaps: gaps.list };
}

function fitting(found: readonly Found[], most: number): readonly Found[] {
  let bytes = 0;
  const end = found.findIndex(({ bytes: { length } }, i) => {
    bytes += length;
    return i > 0 && bytes > most;
  });
  return end < 0 ? found : found.slice(0, end);
}

const occurrence = ({ entry, chain, position }: Found): EntryPlace => ({
  ...{ recordedAt: Date.parse(entry.occurredAt), chain, position },
});
