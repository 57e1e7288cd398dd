// What a process keeps from one search to the next.
import { DecodedBlocks } from './decoded.ts';
import type { BlockFetcher } from './port.ts';
import { Tails } from './tails.ts';

/** Bounded; what is shown of it was read again (decoded.ts, tails.ts). */
export class SearchMemory {
  readonly decoded = new DecodedBlocks();
  readonly tails: Tails;

  constructor(fetcher: BlockFetcher) {
    this.tails = new Tails(fetcher);
  }
}
