// Makes blocks of entries, and entries of blocks: links, leaf hashes, payload.
import { genesisLink, nextLink, parseChainName } from '../chain.ts';
import { equalBytes, HASH_BYTES } from '../crypto.ts';
import { MAX_BLOCK_BYTES, MAX_BLOCK_ENTRIES } from '../limits.ts';
import { BLOCK_VERSION, type Block, type Compression } from './block.ts';
import { BlockError } from './error.ts';
import { chainHashes } from './hashes.ts';
import { decodePayload } from './payload.ts';

/** Where a block goes: right after what the chain holds. */
export interface BlockStart {
  readonly chain: string;
  readonly position: number;
  readonly previousLink: Uint8Array;
}

/** What of a block doesn't depend on its place: kept by a writer that lost its position and tries the next. */
export interface Contents {
  /** From encodePayload, over the entries of `leafHashes`. */
  readonly payload: Uint8Array;
  readonly leafHashes: readonly Uint8Array[];
  readonly requests: readonly string[];
}

export interface LinkedBlock {
  readonly block: Block;
  /** The link of each entry, in order; the last one is the block's. */
  readonly links: readonly Uint8Array[];
}

/** Links contents to a place: the only work that a lost race repeats. */
export function encodeBlock(place: BlockStart, contents: Contents, recordedAt: number): LinkedBlock {
  const { payload, leafHashes, requests } = contents;
  if (payload.length > MAX_BLOCK_BYTES) {
    throw new BlockError('size', `got ${payload.length} compressed bytes, want at most ${MAX_BLOCK_BYTES}`, place);
  }
  const links = linksFrom(place.previousLink, leafHashes);
  const link = links.at(-1);
  if (link === undefined) throw new BlockError('count', 'got no entries', place);
  const { chain, position, previousLink } = place;
  const count = leafHashes.length;
  return {
    block: { chain, position, count, v: BLOCK_VERSION, payload, previousLink, link, recordedAt, requests },
    links,
  };
}

export interface DecodedBlock {
  /** Canonical bytes of each entry; views of one buffer. */
  readonly entries: readonly Uint8Array[];
  readonly leafHashes: readonly Uint8Array[];
  readonly links: readonly Uint8Array[];
}

/**
 * The entries, if the block is what the format says: re-derives every hash and believes only what follows from the
 * entries and `previousLink`. Whether `previousLink` continues the block before is for the caller, who has that block.
 */
export function decodeBlock(block: Block, compression: Compression): DecodedBlock {
  try {
    checkShape(block);
    const entries = decodePayload(block.payload, block.count, compression);
    const { leafHashes, links } = chainHashes(block.previousLink, entries);
    if (!equalBytes(links.at(-1)!, block.link)) {
      throw new BlockError('link', 'the entries do not give the stored link');
    }
    return { entries, leafHashes, links };
  } catch (error) {
    if (!(error instanceof BlockError)) throw error;
    const at = { chain: block.chain, position: block.position };
    throw new BlockError(error.code, `block ${at.chain}/${at.position}: ${error.message}`, at, error.cause);
  }
}

function checkShape(block: Block): void {
  if (block.v !== BLOCK_VERSION)
    throw new BlockError('version', `got format version ${block.v}, want ${BLOCK_VERSION}`);
  try {
    parseChainName(block.chain);
  } catch (cause) {
    throw new BlockError('malformed', 'the chain has no valid name', {}, cause);
  }
  if (!Number.isSafeInteger(block.position) || block.position < 0) {
    throw new BlockError('malformed', `got position ${block.position}, want a whole number`);
  }
  if (!Number.isInteger(block.count) || block.count < 1 || block.count > MAX_BLOCK_ENTRIES) {
    throw new BlockError('count', `got a count of ${block.count}, want 1 to ${MAX_BLOCK_ENTRIES}`);
  }
  if (block.previousLink.length !== HASH_BYTES || block.link.length !== HASH_BYTES) {
    throw new BlockError('malformed', `a link does not have ${HASH_BYTES} bytes`);
  }
  if (block.position === 0 && !equalBytes(block.previousLink, genesisLink(block.chain))) {
    throw new BlockError('genesis', "the first block does not start from its chain's genesis link");
  }
}

function linksFrom(previous: Uint8Array, leafHashes: readonly Uint8Array[]): Uint8Array[] {
  const links: Uint8Array[] = [];
  for (const leaf of leafHashes) links.push(nextLink(links.at(-1) ?? previous, leaf));
  return links;
}
