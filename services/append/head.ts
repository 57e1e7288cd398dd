// Finds where a chain goes on, and whether what stands there is fit to be built on.
import type { Block, Compression } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import { equalBytes, HASH_BYTES } from '../../core/crypto.ts';
import { MAX_BLOCK_ENTRIES } from '../../core/limits.ts';
import { rowsOrFault } from '../archive/rows.ts';
import { ChainNotIntact } from './errors.ts';
import type { BlockStore, Head, Remembered } from './port.ts';

/**
 * Blocks that are followed back towards what is archived; the archive is some blocks behind at most, unless it stands still.
 * What was put further below is for the archive to find, which follows every block.
 */
const MAX_BACK = 8;

/** Writers' clocks differ, and each block's time is its own writer's. */
const CLOCK_SKEW_MS = 600_000;

export interface Checking {
  readonly store: BlockStore;
  readonly compression: Compression;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * The end of a chain, checked: the newest block gives its own link, is of this tenant and of no time to come, and
 * continues the blocks before it as far back as the archive is known to have the chain. Undefined: the chain has nothing.
 * Throws ChainNotIntact, StoreUnavailable.
 */
export async function checkedHead(chain: string, checking: Checking): Promise<Head | undefined> {
  const { newest, remembered } = await readable(chain, undefined, () => checking.store.end(chain));
  const archived = remembered && isWhole(remembered) ? headOf(remembered) : undefined;
  // A row that nobody here wrote tells nothing. Then the blocks have to be enough, which the archive goes by as well.
  const isBlind = remembered !== undefined && archived === undefined;
  if (newest === undefined && isBlind) throw new ChainNotIntact(chain, 'row', undefined);
  if (newest === undefined) return archived;
  const head = await blocksEnd(newest, archived, checking);
  if (archived === undefined || archived.next <= head.next) {
    if (isBlind && isDue(newest, checking)) throw new ChainNotIntact(chain, 'row', head.next);
    return head;
  }
  if (isDue(newest, checking)) return archived;
  // The row may have been read after the archive had gone on; what it says is in the ledger then.
  const later = await readable(chain, undefined, () => checking.store.end(chain));
  const end = later.newest && (await blocksEnd(later.newest, undefined, checking));
  if (end === undefined || end.next < archived.next) throw new ChainNotIntact(chain, 'missing', head.next);
  return blocksEnd(later.newest!, archived, checking);
}

/** The end of the newest block, checked as far back as what is archived, if that does not reach beyond it. */
async function blocksEnd(newest: Block, archived: Head | undefined, checking: Checking): Promise<Head> {
  const fault = blockFault(newest, checking);
  if (fault !== undefined) throw new ChainNotIntact(newest.chain, fault, newest.position);
  const head = headOf(newest);
  if (archived !== undefined && archived.next === head.next && !equalBytes(archived.link, head.link)) {
    throw new ChainNotIntact(newest.chain, 'row', head.next);
  }
  if (archived === undefined || archived.next < head.next) await followBack(newest, archived, checking);
  return head;
}

const headOf = ({ position, count, link }: Pick<Block, 'position' | 'count' | 'link'>): Head => ({
  next: position + count,
  link,
});

/** TTL removes blocks in any order, but none before its time: what came after a block that is not due is there. */
function isDue({ recordedAt }: Block, { store, now }: Checking): boolean {
  const skew = Math.min(CLOCK_SKEW_MS, store.hotWindowMs / 4);
  return recordedAt + store.hotWindowMs <= now() + skew;
}

/** Why a block can't be built on: a code of BlockError or EntryFault; undefined when nothing in it is wrong. */
export function blockFault(
  block: Block,
  { compression, now }: Pick<Checking, 'compression' | 'now'>,
): string | undefined {
  const rows = rowsOrFault(block, compression, new Date(now()));
  return typeof rows === 'string' ? rows : undefined;
}

async function followBack(newest: Block, archived: Head | undefined, checking: Checking): Promise<void> {
  const { chain } = newest;
  let block = newest;
  for (let i = 0; i < MAX_BACK; i++) {
    // decodeBlock has compared the first block with the genesis link.
    if (block.position === 0 && archived === undefined) return;
    if (archived !== undefined && block.position <= archived.next) {
      const continues = block.position === archived.next && equalBytes(block.previousLink, archived.link);
      if (!continues) throw new ChainNotIntact(chain, 'unlinked', block.position);
      return;
    }
    const { position } = block;
    const before = await readable(chain, position, () => checking.store.blockBefore(chain, position - 1));
    if (before === undefined || before.position + before.count !== position) {
      throw new ChainNotIntact(chain, 'gap', position);
    }
    if (!equalBytes(before.link, block.previousLink)) throw new ChainNotIntact(chain, 'unlinked', position);
    const fault = blockFault(before, checking);
    if (fault !== undefined) throw new ChainNotIntact(chain, fault, before.position);
    block = before;
  }
}

async function readable<T>(chain: string, position: number | undefined, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BlockError) throw new ChainNotIntact(chain, error.code, position, error);
    throw error;
  }
}

function isWhole({ position, count, through, link }: Remembered): boolean {
  const inOrder = Number.isSafeInteger(position) && position >= 0 && count >= 1 && count <= MAX_BLOCK_ENTRIES;
  return inOrder && position + count === through && link.length === HASH_BYTES;
}
