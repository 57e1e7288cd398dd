// Choices that depend on a seed alone: the same on every machine and every version of Node.

export interface Random {
  /** A whole number, both bounds included. */
  int(from: number, to: number): number;
  /** True in so many of a hundred cases. */
  chance(percent: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** All of the list, in another order. */
  shuffled<T>(list: readonly T[]): T[];
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
}

const WORD = 2 ** 32;

/** FNV-1a over UTF-16 code units: spreads seeds that differ in one character. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A Weyl sequence, each term mixed until every bit depends on every other (the finalizer of MurmurHash3). */
function wordsOf(seed: string): () => number {
  let state = hashOf(seed);
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let word = state;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return (word ^ (word >>> 16)) >>> 0;
  };
}

export function randomOf(seed: string): Random {
  const next = wordsOf(seed);
  const int = (from: number, to: number) => from + Math.floor((next() / WORD) * (to - from + 1));
  return {
    int,
    chance: (percent) => int(1, 100) <= percent,
    pick: (list) => list[int(0, list.length - 1)]!,
    shuffled: (list) => shuffle([...list], int),
    hex: (digits) => Array.from({ length: digits }, () => int(0, 15).toString(16)).join(''),
  };
}

function shuffle<T>(list: T[], int: Random['int']): T[] {
  for (let last = list.length - 1; last > 0; last--) {
    const other = int(0, last);
    [list[last], list[other]] = [list[other]!, list[last]!];
  }
  return list;
}
