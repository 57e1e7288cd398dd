import type { Block, Compression } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { BlockError } from '../../core/block/error.ts';
import { chainName } from '../../core/chain.ts';
import { equalBytes, toHex } from '../../core/crypto.ts';
import { parseJson } from '../../core/json/parse.ts';
import type { BlockReader } from '../append/port.ts';

/** One entry as it was recorded, with what binds it to its chain. Hashes in lower-case hex. */
export interface EntryInChain {
  /** The canonical bytes, parsed. */
  readonly entry: unknown;
  readonly bytes: Uint8Array;
  readonly chain: number;
  readonly position: number;
  readonly leafHash: string;
  readonly previousLink: string;
  readonly link: string;
}

/**
 * The entry at a position of the hot window; undefined when there is none, not yet or no longer.
 *
 * Every hash is derived from the block's entries, the block's own link has to follow from them, and the block has to
 * continue the one before it, as long as that is there: BlockError says that it doesn't. Throws StoreUnavailable, and
 * RangeError for a chain or position that can't exist.
 */
export async function readEntry(
  from: { readonly store: BlockReader; readonly compression: Compression },
  tenant: string,
  chain: number,
  position: number,
): Promise<EntryInChain | undefined> {
  if (!Number.isSafeInteger(position) || position < 0) throw new RangeError('a position is a whole number from 0');
  const block = await from.store.blockBefore(chainName(tenant, chain), position);
  if (block === undefined) return undefined;
  const { entries, leafHashes, links } = decodeBlock(block, from.compression);
  await demandContinuity(block, from.store);
  if (position >= block.position + block.count) return undefined;
  const at = position - block.position;
  const bytes = entries[at]!;
  return {
    entry: parseJson(bytes),
    bytes,
    chain,
    position,
    leafHash: toHex(leafHashes[at]!),
    previousLink: toHex(at === 0 ? block.previousLink : links[at - 1]!),
    link: toHex(links[at]!),
  };
}

/**
 * A block's hashes follow from what it says of itself, so that whoever can put an item can make a block that verifies,
 * in the middle of another's positions too. What it can't make is one that continues the chain there.
 */
async function demandContinuity(block: Block, store: BlockReader): Promise<void> {
  if (block.position === 0) return;
  const before = await store.blockBefore(block.chain, block.position - 1);
  if (before === undefined) return;
  const end = before.position + before.count;
  // A hole is no evidence: blocks leave the hot window in any order.
  if (end < block.position || (end === block.position && equalBytes(before.link, block.previousLink))) return;
  const at = { chain: block.chain, position: block.position };
  const message = `block ${at.chain}/${at.position} does not continue the block before, which ends at ${end}`;
  throw new BlockError('link', message, at);
}
