import type { Compression } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { chainName } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
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
 * Every hash is derived from the block's entries, and the block's own link has to follow from them: BlockError says that
 * it doesn't. Throws StoreUnavailable, and RangeError for a chain or position that can't exist.
 */
export async function readEntry(
  from: { readonly store: BlockReader; readonly compression: Compression },
  tenant: string,
  chain: number,
  position: number,
): Promise<EntryInChain | undefined> {
  if (!Number.isSafeInteger(position) || position < 0) throw new RangeError('a position is a whole number from 0');
  const block = await from.store.blockBefore(chainName(tenant, chain), position);
  if (block === undefined || position >= block.position + block.count) return undefined;
  const { entries, leafHashes, links } = decodeBlock(block, from.compression);
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
