// Postings of the index as bytes.
import { MAX_BLOCK_ENTRIES } from '../limits.ts';
import { PostingsError } from './error.ts';

/** One entry that has a facet's value: its position is `block + offset`. */
export interface Posting {
  /** Position of the first entry of the block that holds it. */
  readonly block: number;
  readonly offset: number;
  /** Of the entry, epoch milliseconds. */
  readonly recordedAt: number;
}

/** The version of the coding that this code writes, and the only one that it reads. */
const VERSION = 1;

/**
 * Postings of one row. A posting takes 17 bytes at most (eight for a step of 53 bits, two for an offset, seven for a time), so
 * that a row stays below 70 KB of DynamoDB's 400, and whoever wants the newest of many reads few others with them.
 */
export const MAX_ROW_POSTINGS = 4_096;

/** The last millisecond that RFC 3339 can spell, of the year 9999. */
export const LAST_TIME = 253_402_300_799_999;

/**
 * Postings in the order of their positions as bytes (docs/index.md, "Postings"): the version, the count, and for each
 * posting the step from the block before, the offset (from the posting before in the same block), and the step in time.
 */
export function encodePostings(postings: readonly Posting[]): Uint8Array {
  const bytes: number[] = [VERSION];
  putWhole(bytes, postings.length);
  let before: Posting = START;
  for (const posting of postings) {
    const same = posting.block === before.block;
    const step = posting.recordedAt - before.recordedAt;
    putWhole(bytes, posting.block - before.block);
    putWhole(bytes, same ? posting.offset - before.offset - 1 : posting.offset);
    putWhole(bytes, step < 0 ? -2 * step - 1 : 2 * step);
    before = posting;
  }
  return Uint8Array.from(bytes);
}

/** Before the first posting of a list: block 0 is a block like any other, and its entries start at 0. */
const START: Posting = { block: 0, offset: -1, recordedAt: 0 };

/** Throws PostingsError on everything but what encodePostings makes. */
export function decodePostings(bytes: Uint8Array): readonly Posting[] {
  const reader = new Reader(bytes);
  const version = reader.whole();
  if (version !== VERSION) throw new PostingsError(`got version ${version}, want ${VERSION}`);
  const count = reader.whole();
  if (count < 1 || count > MAX_ROW_POSTINGS) {
    throw new PostingsError(`got ${count} postings, want 1 to ${MAX_ROW_POSTINGS}`);
  }
  const postings: Posting[] = [];
  for (let before = START; postings.length < count; ) {
    before = reader.after(before);
    postings.push(before);
  }
  reader.end();
  return postings;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  after(before: Posting): Posting {
    const block = before.block + this.whole();
    const step = this.whole();
    const offset = block === before.block ? before.offset + 1 + step : step;
    const time = this.whole();
    const recordedAt = before.recordedAt + (time % 2 === 0 ? time / 2 : -(time + 1) / 2);
    if (!Number.isSafeInteger(block + offset)) throw new PostingsError('a position is no safe integer');
    if (offset >= MAX_BLOCK_ENTRIES) throw new PostingsError(`got offset ${offset}, want less than a block holds`);
    if (recordedAt < 0 || recordedAt > LAST_TIME) throw new PostingsError('a time is none');
    // An entry that starts a block can't lie before the end of the block before.
    if (block !== before.block && block <= before.block + before.offset) throw new PostingsError('blocks overlap');
    return { block, offset, recordedAt };
  }

  /** Seven bits a byte, the lowest first; the shortest spelling alone. */
  whole(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new PostingsError('the bytes end inside of a number');
      value += (byte % 128) * factor;
      if (!Number.isSafeInteger(value)) throw new PostingsError('a number is no safe integer');
      if (byte < 128) {
        if (byte === 0 && factor > 1) throw new PostingsError('a number is longer than it need be');
        return value;
      }
    }
  }

  end(): void {
    if (this.#at < this.#bytes.length) throw new PostingsError('bytes follow the last posting');
  }
}

function putWhole(bytes: number[], value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new PostingsError('postings are not in the order of positions');
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push(128 + (left % 128));
  bytes.push(left);
}
