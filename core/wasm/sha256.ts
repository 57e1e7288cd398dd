// SHA-256 in WebAssembly: links one after the other, tree nodes four at a time, and messages of any length.
import { type Code, call, doWhile, encodeModule, I32, i32, local, V128, v128, type WasmFunction } from './encode.ts';
import { AT, CONSTANTS, compress, FOUR, INITIAL, type Lanes, ONE, ROUNDS, WORDS } from './rounds.ts';

/** A word with its bytes the other way round. */
const SWAPPED = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12];

function swapped(word: Code, scratch: number): Code {
  return [
    local.set(scratch, word),
    i32.or(
      i32.and(i32.rotr(local.get(scratch), 8), i32.const(0xff00ff00)),
      i32.and(i32.rotr(local.get(scratch), 24), i32.const(0x00ff00ff)),
    ),
  ];
}

const BLOCK_BITS = 8 * 65;
const COMPRESS_ONE = 0;
const COMPRESS_FOUR = 1;

/** Words of one byte and 64 more as a block and a second one, which holds the last byte and the length. */
function blocks(
  first: number,
  words: readonly number[],
  lanes: Lanes,
  splat: (value: number) => Code,
  shl: (a: Code, bits: number) => Code,
  or: (a: Code, b: Code) => Code,
) {
  const { step, store, shr } = lanes;
  const at = (i: number) => AT.words + step * i;
  const base = i32.const(0);
  return {
    one: words.map((word, i) => {
      const before = i === 0 ? splat(first << 24) : shl(local.get(words[i - 1]!), 24);
      return store(base, or(before, shr(local.get(word), 8)), at(i));
    }),
    two: [
      store(base, or(shl(local.get(words.at(-1)!), 24), splat(0x00800000)), at(0)),
      Array.from({ length: 14 }, (_, i) => store(base, splat(0), at(i + 1))),
      store(base, splat(BLOCK_BITS), at(15)),
    ],
  };
}

/** `links(at, count)`: the link at `AT.link`, eight words, extended by `count` leaf hashes. */
function links(): WasmFunction {
  const [at, left, scratch, firstWord] = [0, 1, 2, 3];
  const words = Array.from({ length: WORDS }, (_, i) => firstWord + i);
  const base = i32.const(0);
  const eight = words.slice(0, 8);
  const { one, two } = blocks(0x02, words, ONE, i32.const, i32.shl, i32.or);
  return {
    ...{ exported: 'links', parameters: [I32, I32], locals: [I32, ...words.map(() => I32 as typeof I32)] },
    body: doWhile(
      [
        eight.map((word, i) => local.set(word, i32.load(base, AT.link + 4 * i))),
        eight.map((_, i) => local.set(words[8 + i]!, swapped(i32.load(local.get(at), 4 * i), scratch))),
        eight.map((_, i) => i32.store(base, i32.const(INITIAL[i]!), AT.state + 4 * i)),
        one,
        call(COMPRESS_ONE),
        two,
        call(COMPRESS_ONE),
        eight.map((_, i) => i32.store(base, i32.load(base, AT.state + 4 * i), AT.link + 4 * i)),
        local.set(at, i32.add(local.get(at), i32.const(32))),
      ],
      local.tee(left, i32.sub(local.get(left), i32.const(1))),
    ),
  };
}

/** `digest(at, count)`: the state at `AT.state`, eight words, after `count` blocks of a message more. */
function digest(): WasmFunction {
  const [at, left, scratch] = [0, 1, 2];
  const base = i32.const(0);
  return {
    ...{ exported: 'digest', parameters: [I32, I32], locals: [I32] },
    body: doWhile(
      [
        Array.from({ length: WORDS }, (_, i) =>
          i32.store(base, swapped(i32.load(local.get(at), 4 * i), scratch), AT.words + 4 * i),
        ),
        call(COMPRESS_ONE),
        local.set(at, i32.add(local.get(at), i32.const(64))),
      ],
      local.tee(left, i32.sub(local.get(left), i32.const(1))),
    ),
  };
}

/** Rows of a square of 4 × 4 words become its columns; `rows` are the locals of both. */
function transposed(rows: readonly number[], scratch: readonly number[]): Code {
  const [a, b, c, d] = rows.map((row) => local.get(row)) as [Code, Code, Code, Code];
  const [e, f, g, h] = scratch.map((one) => local.get(one)) as [Code, Code, Code, Code];
  const words = (...places: number[]) => places.flatMap((place) => [0, 1, 2, 3].map((byte) => 4 * place + byte));
  const [low, high] = [words(0, 4, 1, 5), words(2, 6, 3, 7)];
  const [even, odd] = [words(0, 1, 4, 5), words(2, 3, 6, 7)];
  return [
    [v128.shuffle(a, b, low), v128.shuffle(a, b, high), v128.shuffle(c, d, low), v128.shuffle(c, d, high)].map(
      (code, i) => local.set(scratch[i]!, code),
    ),
    [v128.shuffle(e, g, even), v128.shuffle(e, g, odd), v128.shuffle(f, h, even), v128.shuffle(f, h, odd)].map(
      (code, i) => local.set(rows[i]!, code),
    ),
  ];
}

/** `nodes(from, to, fours)`: of four pairs of hashes at a time their nodes, which may overwrite the first half of them. */
function nodes(): WasmFunction {
  const [from, to, left] = [0, 1, 2];
  const words = Array.from({ length: WORDS }, (_, i) => 3 + i);
  const scratch = [19, 20, 21, 22];
  const base = i32.const(0);
  const splat = (value: number) => v128.splat32(i32.const(value));
  const { one, two } = blocks(0x01, words, FOUR, splat, v128.shl32, v128.or);
  const quarters = [0, 4, 8, 12];
  const swap = (code: Code) => v128.shuffle(code, splat(0), SWAPPED);
  return {
    ...{
      exported: 'nodes',
      parameters: [I32, I32, I32],
      locals: Array.from({ length: 20 }, () => V128 as typeof V128),
    },
    body: doWhile(
      [
        quarters.map((first) => {
          const rows = words.slice(first, first + 4);
          return [
            rows.map((row, pair) => local.set(row, swap(v128.load(local.get(from), 64 * pair + 4 * first)))),
            transposed(rows, scratch),
          ];
        }),
        INITIAL.map((word, i) => v128.store(base, splat(word), AT.state + 16 * i)),
        one,
        call(COMPRESS_FOUR),
        two,
        call(COMPRESS_FOUR),
        [0, 4].map((first) => {
          const rows = words.slice(first, first + 4);
          return [
            rows.map((row, i) => local.set(row, v128.load(base, AT.state + 16 * (first + i)))),
            transposed(rows, scratch),
            rows.map((row, pair) => v128.store(local.get(to), swap(local.get(row)), 32 * pair + 4 * first)),
          ];
        }),
        local.set(from, i32.add(local.get(from), i32.const(256))),
        local.set(to, i32.add(local.get(to), i32.const(128))),
      ],
      local.tee(left, i32.sub(local.get(left), i32.const(1))),
    ),
  };
}

/** Of the memory, 64 KiB each. */
export const PAGES = 2;

export function sha256Module(): Uint8Array<ArrayBuffer> {
  const constants = new Uint8Array(4 * ROUNDS);
  const view = new DataView(constants.buffer);
  for (const [i, value] of CONSTANTS.entries()) view.setInt32(4 * i, value, true);
  return encodeModule({
    functions: [compress('one', ONE), compress('four', FOUR), links(), nodes(), digest()],
    data: [{ at: AT.constants, bytes: constants }],
    pages: PAGES,
  });
}
