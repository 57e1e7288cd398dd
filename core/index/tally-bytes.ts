// Tallies of the index as bytes.
import { CODES } from './codes.ts';
import { PostingsError } from './error.ts';
import { NumberReader, putSigned, putWhole } from './numbers.ts';
import type { Tally } from './tally.ts';

const VERSION = 1;
const MOST_CELLS = 100_000;
const MOST_HASH = 2 ** 32 - 1;

/**
 * A tally as bytes (docs/index.md, "Tallies"): version, first position, how many, hour; identities, counted from 1, 0 where they
 * are too many; cells in order, each by the step from the one before, with its codes in order and their counts.
 */
export function encodeTally({ first, end, hour, cells, others }: Tally): Uint8Array {
  const bytes: number[] = [VERSION];
  putWhole(bytes, first);
  putWhole(bytes, end - first);
  putWhole(bytes, hour);
  putWhole(bytes, others === undefined ? 0 : others.size + 1);
  putSteps(bytes, [...(others ?? [])]);
  putWhole(bytes, cells.size);
  let before = 2 * hour;
  for (const [cell, codes] of [...cells].sort(([a], [b]) => a - b)) {
    putSigned(bytes, cell - before);
    before = cell;
    const counts = [...codes].sort(([a], [b]) => a - b);
    putWhole(bytes, counts.length);
    for (const [i, [code, count]] of counts.entries()) {
      putWhole(bytes, i === 0 ? code : code - counts[i - 1]![0] - 1);
      putWhole(bytes, count);
    }
  }
  return Uint8Array.from(bytes);
}

function putSteps(bytes: number[], numbers: number[]): void {
  numbers.sort((a, b) => a - b);
  for (const [i, number] of numbers.entries()) putWhole(bytes, i === 0 ? number : number - numbers[i - 1]! - 1);
}

/** Throws PostingsError on everything but what encodeTally makes. */
export function decodeTally(bytes: Uint8Array): Tally {
  const reader = new NumberReader(bytes);
  const version = reader.whole();
  if (version !== VERSION) throw new PostingsError(`got version ${version}, want ${VERSION}`);
  const first = reader.whole();
  const end = first + reader.whole();
  const hour = reader.whole();
  if (!Number.isSafeInteger(end) || !Number.isSafeInteger(2 * hour)) throw new PostingsError('a number is too large');
  const others = readOthers(reader);
  const cells = readCells(reader, hour);
  reader.end();
  return { first, end, hour, cells, others };
}

function readOthers(reader: NumberReader): ReadonlySet<number> | undefined {
  const count = reader.whole();
  if (count === 0) return undefined;
  const others: number[] = [];
  for (let i = 1; i < count; i++) {
    others.push(reader.whole() + (i === 1 ? 0 : others.at(-1)! + 1));
    if (others.at(-1)! > MOST_HASH) throw new PostingsError('an identity is none');
  }
  return new Set(others);
}

function readCells(reader: NumberReader, hour: number): Map<number, Map<number, number>> {
  const size = reader.whole();
  if (size > MOST_CELLS) throw new PostingsError(`got ${size} cells, want ${MOST_CELLS} at most`);
  const cells = new Map<number, Map<number, number>>();
  let before = 2 * hour;
  for (let i = 0; i < size; i++) {
    const cell = before + reader.signed();
    const isNext = cell >= 0 && Number.isSafeInteger(cell) && (i === 0 || cell > before);
    if (!isNext) throw new PostingsError('cells are not in order');
    cells.set(cell, readCounts(reader));
    before = cell;
  }
  return cells;
}

function readCounts(reader: NumberReader): Map<number, number> {
  const size = reader.whole();
  if (size < 1 || size > CODES) throw new PostingsError(`got ${size} codes, want 1 to ${CODES}`);
  const counts = new Map<number, number>();
  let next = 0;
  for (let i = 0; i < size; i++) {
    const code = next + reader.whole();
    const count = reader.whole();
    if (code >= CODES || count === 0) throw new PostingsError('a code or its count is none');
    counts.set(code, count);
    next = code + 1;
  }
  return counts;
}
