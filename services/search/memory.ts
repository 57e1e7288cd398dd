// What a process keeps from one search to the next.
import { DecodedBlocks } from './decoded.ts';

/** Bounded, and nothing of it is believed without being read again (decoded.ts). */
export class SearchMemory {
  readonly decoded = new DecodedBlocks();
}
