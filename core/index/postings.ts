// Postings of the index as bytes.
import { MAX_BLOCK_ENTRIES } from '../limits.ts';
import { CODES, UNTOLD } from './codes.ts';
import { PostingsError } from './error.ts';
import { NumberReader, putSigned, putWhole } from './numbers.ts';

/** One entry that has a facet's value: its position is `block + offset`. */
export interface Posting {
  /** Position of the first entry of the block that holds it. */
  readonly block: number;
  readonly offset: number;
  /** Of the entry, epoch milliseconds. */
  readonly recordedAt: number;
  /** Its category, severity and outcome (codes.ts); absent where they are not known. */
  readonly code?: number;
}

/** The version of the coding that this code writes, and the only one that it reads. */
const VERSION = 2;

/**
 * Postings of one row. A posting takes 21 bytes at most (eight for a step of 53 bits, one for the shape of its block, two for
 * an offset, seven for a time, three for a code), so that a row stays below 90 KB of DynamoDB's 400, and whoever wants the
 * newest of many reads few others with them.
 */
export const MAX_ROW_POSTINGS = 4_096;

/** The last millisecond that RFC 3339 can spell, of the year 9999. */
export const LAST_TIME = 253_402_300_799_999;

/** Of a block's postings: their offsets are 0, 1, 2, …; all have one time. */
const WHOLE = 2;
const TOGETHER = 1;
const SHAPES = 4;

/**
 * Postings in the order of their positions as bytes (docs/index.md, "Postings"): the version, the count, the different codes,
 * block by block the step from the block before, the offsets and the times, and at last each posting's code.
 */
export function encodePostings(postings: readonly Posting[]): Uint8Array {
  const bytes: number[] = [VERSION];
  putWhole(bytes, postings.length);
  const codes = [...new Set(postings.map(({ code = UNTOLD }) => code))].sort((a, b) => a - b);
  putWhole(bytes, codes.length);
  for (const [i, code] of codes.entries()) putWhole(bytes, i === 0 ? code : code - codes[i - 1]! - 1);
  let before = START;
  for (let at = 0; at < postings.length; ) {
    let end = at + 1;
    while (postings[end]?.block === postings[at]!.block) end += 1;
    putBlock(bytes, postings.slice(at, end), before);
    before = postings[end - 1]!;
    at = end;
  }
  putPlaces(bytes, postings, codes);
  return Uint8Array.from(bytes);
}

/** Before the first posting of a list: block 0 is a block like any other, and its entries start at 0. */
const START: Posting = { block: 0, offset: -1, recordedAt: 0 };

function putBlock(bytes: number[], postings: readonly Posting[], before: Posting): void {
  const [first, last] = [postings[0]!, postings.at(-1)!];
  const isWhole = first.offset === 0 && last.offset === postings.length - 1;
  const isTogether = postings.every(({ recordedAt }) => recordedAt === first.recordedAt);
  putWhole(bytes, first.block - before.block);
  putWhole(bytes, (postings.length - 1) * SHAPES + (isWhole ? WHOLE : 0) + (isTogether ? TOGETHER : 0));
  putSigned(bytes, first.recordedAt - before.recordedAt);
  for (const [i, { offset }] of postings.entries()) {
    const step = i === 0 ? offset : offset - postings[i - 1]!.offset - 1;
    if (!isWhole) putWhole(bytes, step);
    else if (offset !== i) throw new PostingsError('postings are not in the order of positions');
  }
  if (isTogether) return;
  for (let i = 1; i < postings.length; i++) {
    putSigned(bytes, postings[i]!.recordedAt - postings[i - 1]!.recordedAt);
  }
}

/** Bits that tell so many codes apart. */
const widthOf = (codes: number): number => Math.ceil(Math.log2(codes));

/** Each posting's place among the codes, bit after bit, the lowest first. */
function putPlaces(bytes: number[], postings: readonly Posting[], codes: readonly number[]): void {
  const width = codes.length === 0 ? 0 : widthOf(codes.length);
  if (width === 0) return;
  const places = new Map(codes.map((code, place) => [code, place]));
  let [held, bits] = [0, 0];
  for (const { code = UNTOLD } of postings) {
    held += places.get(code)! << bits;
    for (bits += width; bits >= 8; bits -= 8) {
      bytes.push(held & 0xff);
      held >>= 8;
    }
  }
  if (bits > 0) bytes.push(held);
}

/** Throws PostingsError on everything but what encodePostings makes. */
export function decodePostings(bytes: Uint8Array): readonly Posting[] {
  const reader = new NumberReader(bytes);
  const version = reader.whole();
  if (version !== VERSION) throw new PostingsError(`got version ${version}, want ${VERSION}`);
  const count = reader.whole();
  if (count < 1 || count > MAX_ROW_POSTINGS) {
    throw new PostingsError(`got ${count} postings, want 1 to ${MAX_ROW_POSTINGS}`);
  }
  const codes = readCodes(reader, count);
  const places: Posting[] = [];
  for (let before = START; places.length < count; before = places.at(-1)!) {
    readBlock(reader, before, count - places.length, places);
  }
  const postings = readPlaces(reader, places, codes);
  reader.end();
  return postings;
}

function readCodes(reader: NumberReader, most: number): readonly number[] {
  const count = reader.whole();
  if (count < 1 || count > most) throw new PostingsError(`got ${count} codes, want 1 to ${most}`);
  const codes: number[] = [];
  for (let i = 0; i < count; i++) codes.push(reader.whole() + (i === 0 ? 0 : codes[i - 1]! + 1));
  if (codes.at(-1)! >= CODES) throw new PostingsError(`got the code ${codes.at(-1)}, want less than ${CODES}`);
  return codes;
}

function readBlock(reader: NumberReader, before: Posting, most: number, postings: Posting[]): void {
  const block = before.block + reader.whole();
  const shape = reader.whole();
  const count = Math.floor(shape / SHAPES) + 1;
  if (count > most) throw new PostingsError('a block has more postings than the row');
  const [isWhole, isTogether] = [(shape & WHOLE) !== 0, (shape & TOGETHER) !== 0];
  const first = before.recordedAt + reader.signed();
  const offsets: number[] = [];
  for (let i = 0; i < count; i++) offsets.push(isWhole ? i : reader.whole() + (i === 0 ? 0 : offsets[i - 1]! + 1));
  const last = offsets.at(-1)!;
  if (!isWhole && last === count - 1) throw new PostingsError('offsets are longer than they need be');
  if (last >= MAX_BLOCK_ENTRIES) throw new PostingsError(`got offset ${last}, want less than a block holds`);
  if (!Number.isSafeInteger(block + last)) throw new PostingsError('a position is no safe integer');
  // An entry that starts a block can't lie before the end of the block before.
  if (before !== START && block <= before.block + before.offset) throw new PostingsError('blocks overlap');
  let [recordedAt, moved] = [first, false];
  for (let i = 0; i < count; i++) {
    const step = i === 0 || isTogether ? 0 : reader.signed();
    recordedAt += step;
    moved ||= step !== 0;
    if (!(recordedAt >= 0 && recordedAt <= LAST_TIME)) throw new PostingsError('a time is none');
    postings.push({ block, offset: offsets[i]!, recordedAt });
  }
  if (moved === isTogether) throw new PostingsError('times are longer than they need be');
}

function readPlaces(reader: NumberReader, places: readonly Posting[], codes: readonly number[]): Posting[] {
  const width = widthOf(codes.length);
  const used = new Uint8Array(codes.length);
  let [held, bits] = [0, 0];
  const postings = places.map(({ block, offset, recordedAt }) => {
    for (; bits < width; bits += 8) held += reader.byte() << bits;
    const place = held & ((1 << width) - 1);
    held >>= width;
    bits -= width;
    const code = codes[place];
    if (code === undefined) throw new PostingsError('a posting has a code that the row does not name');
    used[place] = 1;
    return code === UNTOLD ? { block, offset, recordedAt } : { block, offset, recordedAt, code };
  });
  if (held !== 0) throw new PostingsError('bits follow the last code');
  if (used.includes(0)) throw new PostingsError('the row names a code that no posting has');
  return postings;
}
