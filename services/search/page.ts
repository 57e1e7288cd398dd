// Makes one page of search results.
import type { Gap } from '../../core/gap/gap.ts';
import { Gaps } from './gaps.ts';
import type { EntryPlace, Found, SearchRequest } from './port.ts';
import { examine, type SearchPorts } from './search.ts';

export interface PageLimits {
  readonly entries: number;
  /** Of the entries' canonical bytes, together. */
  readonly bytes: number;
  /** Milliseconds after which nothing more is looked at. */
  readonly budgetMs: number;
}

export interface Page {
  readonly found: readonly Found[];
  /** Where to go on; undefined when everything was looked at. */
  readonly next: EntryPlace | undefined;
  /** False when the time ran out before the page was full. */
  readonly inTime: boolean;
  /** What was come to and is not as it should be. */
  readonly gaps: readonly Gap[];
}

/**
 * One page. Where the time runs out it holds what was found until then, and goes on behind what was looked at, so that a search
 * for something rare comes to its end over several pages however long that takes. Throws as `examine` does.
 */
export async function searchPage(ports: SearchPorts, request: SearchRequest, limits: PageLimits): Promise<Page> {
  const deadline = ports.now() + limits.budgetMs;
  const found: Found[] = [];
  let bytes = 0;
  const gaps = new Gaps(request.tenant);
  for await (const examined of examine(ports, request, gaps, limits.entries)) {
    for (const one of examined.found) {
      bytes += one.bytes.length;
      const isFull = found.length === limits.entries || (found.length > 0 && bytes > limits.bytes);
      if (isFull) return { found, next: placeOf(found.at(-1)!), inTime: true, gaps: gaps.list };
      found.push(one);
    }
    if (ports.now() >= deadline) return { found, next: placeOf(examined.last), inTime: false, gaps: gaps.list };
  }
  return { found, next: undefined, inTime: true, gaps: gaps.list };
}

const placeOf = ({ recordedAt, chain, position }: EntryPlace): EntryPlace => ({ recordedAt, chain, position });
