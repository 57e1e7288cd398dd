// A change of the ledger's table as its stream reports it.
import type { Block } from '../../core/block/block.ts';

/** One change of the ledger's table, as its stream tells it: delivered at least once, in order for each chain. */
export interface LedgerChange {
  /** Rises within a shard. Where to start again after a failure. */
  readonly sequenceNumber: string;
  /** Unique for the change, the same at every delivery. */
  readonly eventId: string;
  /** When the table changed, as the stream says. */
  readonly at: Date;
  /** The chain's name, as the item's key has it: not checked. */
  readonly chain: string;
  /** 'expire' is TTL's removal; every other removal is somebody's. */
  readonly kind: 'insert' | 'modify' | 'expire' | 'remove';
  /** The inserted block, of a checked shape; undefined when the new image has not even that. */
  readonly block: Block | undefined;
  /** Positions that the item's images say it holds, both included, not checked; absent where they say none. */
  readonly positions?: { readonly first: number; readonly last: number };
  /** The whole record, images included, as JSON-able data: what is kept as evidence. */
  readonly record: unknown;
}
