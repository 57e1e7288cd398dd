// Reads one entry from the ledger, or from the archive where the ledger has lost it.
import type { Block, Compression } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { BlockError } from '../../core/block/error.ts';
import { chainName, genesisLink } from '../../core/chain.ts';
import { equalBytes, toHex } from '../../core/crypto.ts';
import { recordedEntry } from '../../core/entry/recorded.ts';
import type { Entry } from '../../core/entry/schema.ts';
import type { Gap, GapReason } from '../../core/gap/gap.ts';
import type { BlockReader } from '../append/port.ts';
import type { ArchivedEntry, Recovery } from '../search/port.ts';
import { recordedAtOf } from '../search/recorded-at.ts';

/** One entry as it was recorded, with what binds it to its chain. Hashes in lower-case hex. */
export interface EntryInChain {
  /** The canonical bytes, parsed. */
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  readonly chain: number;
  readonly position: number;
  readonly leafHash: string;
  readonly previousLink: string;
  readonly link: string;
  /** What is wrong with it in the ledger, where it had to be taken from the archive. */
  readonly recovered?: GapReason;
}

/** What is at a position is not what was recorded there, and the archive has nothing in its place. */
export class EntryLost extends Error {
  override readonly name = 'EntryLost';
  readonly code = 'lost';
  readonly gap: Gap;

  constructor(gap: Gap, cause?: unknown) {
    super(`chain ${gap.chain} has no entry at ${gap.first} that can be vouched for: ${gap.reason}`, { cause });
    this.gap = gap;
  }
}

export interface ReadPorts {
  readonly store: BlockReader;
  readonly recovery: Recovery;
  readonly compression: Compression;
  /** Milliseconds that a block stays at least. */
  readonly hotWindowMs: number;
  readonly now: () => number;
}

/**
 * The entry at a position of the hot window; undefined when there is none, not yet or no longer.
 *
 * Every hash is derived from the block's entries, the block's own link has to follow from them, and it has to continue the
 * block before, and the block behind it, as long as those are there. Where that fails, or a block is gone before its time,
 * the archive is asked. Throws EntryLost where it has nothing either; StoreUnavailable; and RangeError for a chain or
 * position that can't exist.
 */
export async function readEntry(
  ports: ReadPorts,
  tenant: string,
  chain: number,
  position: number,
): Promise<EntryInChain | undefined> {
  if (!Number.isSafeInteger(position) || position < 0) throw new RangeError('a position is a whole number from 0');
  const found = await look(ports, chainName(tenant, chain), position);
  if (found === undefined) return undefined;
  if (!('reason' in found) && found.beforeHole !== true) return inChain(tenant, chain, position, found);
  const wanted = position === 0 ? [0] : [position - 1, position];
  const archived = await ports.recovery.entries(tenant, chain, wanted);
  const own = archived.get(position);
  // Where the archive says nothing else, nobody knows better.
  if (!('reason' in found) && (own === undefined || equalBytes(own.bytes, found.bytes))) {
    return inChain(tenant, chain, position, found);
  }
  const { reason, cause }: Lost = 'reason' in found ? found : { reason: 'unlinked' };
  const gap = { tenant, chain, first: position, last: position, reason };
  const previousLink = position === 0 ? genesisLink(chainName(tenant, chain)) : archived.get(position - 1)?.link;
  if (own === undefined || previousLink === undefined) throw new EntryLost(gap, cause);
  return { ...inChain(tenant, chain, position, { ...own, previousLink }), recovered: reason };
}

interface Linked extends ArchivedEntry {
  readonly previousLink: Uint8Array;
  /** The block behind is gone before its time, or never was there: nothing vouches for this one. */
  readonly beforeHole?: boolean;
}
interface Lost {
  readonly reason: GapReason;
  readonly cause?: unknown;
}

function inChain(tenant: string, chain: number, position: number, found: Linked): EntryInChain {
  const { bytes, leafHash, link, previousLink } = found;
  const entry = recordedEntry(bytes, tenant);
  if (entry === undefined) throw new EntryLost({ tenant, chain, first: position, last: position, reason: 'malformed' });
  return {
    ...{ entry, bytes, chain, position },
    ...{ leafHash: toHex(leafHash), previousLink: toHex(previousLink), link: toHex(link) },
  };
}

async function look(ports: ReadPorts, name: string, position: number): Promise<Linked | Lost | undefined> {
  const { store, compression } = ports;
  try {
    const block = await store.blockBefore(name, position);
    if (block === undefined) return undefined;
    const { entries, leafHashes, links } = decodeBlock(block, compression);
    const end = block.position + block.count;
    const behind = await lookBehind(ports, block, entries.at(-1)!);
    if (behind === 'another' || !(await continuesBefore(ports, block))) return { reason: 'unlinked' };
    if (position >= end) {
      if (!(await isHole(ports, block, position, entries.at(-1)!))) return undefined;
      // Blocks come in order, so that one which came since the look is there by now.
      const again = await store.blockBefore(name, position);
      return again === undefined || again.position === block.position
        ? { reason: 'missing' }
        : await look(ports, name, position);
    }
    const at = position - block.position;
    return {
      ...{ bytes: entries[at]!, leafHash: leafHashes[at]!, link: links[at]! },
      previousLink: at === 0 ? block.previousLink : links[at - 1]!,
      beforeHole: behind === 'hole',
    };
  } catch (cause) {
    if (cause instanceof BlockError) return { reason: 'altered', cause };
    throw cause;
  }
}

/** Blocks leave the hot window in any order, but what stands behind a young one is younger. */
async function isHole(
  { store, hotWindowMs, now }: ReadPorts,
  { chain }: Block,
  position: number,
  before: Uint8Array,
): Promise<boolean> {
  const recordedAt = recordedAtOf(before);
  if (recordedAt === undefined || recordedAt < now() - hotWindowMs) return false;
  const newest = await store.blockBefore(chain, Number.MAX_SAFE_INTEGER);
  return newest !== undefined && newest.position > position;
}

/**
 * A block's hashes follow from what it says of itself, so that whoever can put an item can make a block that verifies,
 * in the middle of another's positions too. What it can't make is one that continues the chain there, and that the block
 * behind continues.
 */
async function continuesBefore(ports: ReadPorts, block: Block): Promise<boolean> {
  if (block.position === 0) return true;
  const before = await wholeAt(ports, block.chain, block.position - 1);
  if (before === undefined) return true;
  const edge = before.position + before.count;
  // A hole is no evidence: blocks leave the hot window in any order.
  return edge < block.position || (edge === block.position && equalBytes(before.link, block.previousLink));
}

/**
 * What is behind a block: one that continues it, or nothing that says otherwise; a hole before younger ones; or another than
 * continues it, which may begin inside of it, since who makes up a block makes up where it ends.
 */
async function lookBehind(ports: ReadPorts, block: Block, last: Uint8Array): Promise<'fits' | 'hole' | 'another'> {
  const { chain, position, count, link } = block;
  const end = position + count;
  const behind = await wholeAt(ports, chain, end);
  if (behind?.position === end) return equalBytes(behind.previousLink, link) ? 'fits' : 'another';
  if (behind?.position === position) return (await isHole(ports, block, position, last)) ? 'hole' : 'fits';
  // One at the end that is damaged says nothing; whatever else is there begins inside of the block.
  const isAtEnd = behind === undefined && (await wholeAt(ports, chain, end - 1))?.position === position;
  return isAtEnd ? 'fits' : 'another';
}

/** One that does not verify itself says nothing of its neighbours. */
async function wholeAt({ store, compression }: ReadPorts, chain: string, position: number): Promise<Block | undefined> {
  try {
    const block = await store.blockBefore(chain, position);
    if (block !== undefined) decodeBlock(block, compression);
    return block;
  } catch (error) {
    if (error instanceof BlockError) return undefined;
    throw error;
  }
}
