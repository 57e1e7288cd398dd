// The rows of a block, as they go into segments.
import type { Block, Compression } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { BlockError } from '../../core/block/error.ts';
import { parseChainName } from '../../core/chain.ts';
import type { Entry } from '../../core/entry/schema.ts';
import { JsonFault } from '../../core/json/fault.ts';
import { parseJson } from '../../core/json/parse.ts';
import { CATEGORY_PATTERN } from '../../names/patterns.ts';
import type { ArchiveRow } from './port.ts';

const CATEGORY = new RegExp(CATEGORY_PATTERN);
const RECORDED_AT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** The clocks of writers differ by seconds. What says that it was recorded later than this is not from a writer. */
const CLOCK_SKEW_MS = 3_600_000;

/**
 * An entry that its block's hashes vouch for, but that can't be archived: it doesn't say where it belongs ('entry'), or was
 * recorded at a time that is still to come ('ahead').
 */
export class EntryFault extends Error {
  override readonly name = 'EntryFault';
  readonly code: 'entry' | 'ahead';

  constructor(message: string, code: 'entry' | 'ahead' = 'entry') {
    super(message);
    this.code = code;
  }
}

/**
 * A block's rows, if the block verifies; throws BlockError or EntryFault. Of an entry only what places it is demanded
 * (tenant, category, recordedAt): the rest was validated when it was recorded, and evidence is kept, not judged again.
 * With `now`, neither the block nor an entry may be recorded later than that.
 */
export function rowsOf(block: Block, compression: Compression, now?: Date): ArchiveRow[] {
  const { entries, leafHashes, links } = decodeBlock(block, compression);
  const { tenant } = parseChainName(block.chain);
  const latest = now === undefined ? Number.POSITIVE_INFINITY : now.getTime() + CLOCK_SKEW_MS;
  if (block.recordedAt > latest) throw new EntryFault(`block ${block.position} is from the future`, 'ahead');
  return entries.map((bytes, i) => {
    const entry = archivableEntry(bytes, tenant, block.position + i);
    if (Date.parse(entry.recordedAt) > latest) {
      throw new EntryFault(`entry ${block.position + i} is from the future`, 'ahead');
    }
    return {
      position: block.position + i,
      bytes,
      leafHash: leafHashes[i]!,
      link: links[i]!,
      previousLink: links[i - 1] ?? block.previousLink,
      entry,
      day: entry.recordedAt.slice(0, 10),
    };
  });
}

/** What places an entry; throws an EntryFault when it does not say that. */
export function archivableEntry(bytes: Uint8Array, tenant: string, position: number): Entry {
  let entry: Partial<Entry> | null;
  try {
    entry = parseJson(bytes) as Partial<Entry> | null;
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw new EntryFault(`entry ${position} is not JSON that has one reading (${error.code})`);
  }
  const { tenant: owner, category, recordedAt } = entry ?? {};
  if (owner !== tenant) throw new EntryFault(`entry ${position} is not of the tenant of its chain`);
  if (typeof category !== 'string' || !CATEGORY.test(category)) {
    throw new EntryFault(`entry ${position} has no category`);
  }
  if (typeof recordedAt !== 'string' || !RECORDED_AT.test(recordedAt) || Number.isNaN(Date.parse(recordedAt))) {
    throw new EntryFault(`entry ${position} has no time of recording`);
  }
  return entry as Entry;
}

/** Runs `read` and gives its rows, or the code of what is wrong with the block. Other errors pass. */
export function rowsOrFault(block: Block, compression: Compression, now?: Date): ArchiveRow[] | string {
  try {
    return rowsOf(block, compression, now);
  } catch (error) {
    if (error instanceof BlockError || error instanceof EntryFault) return error.code;
    throw error;
  }
}
