// The rounds of SHA-256 (FIPS 180-4) in WebAssembly, for one message or for four beside each other.
import { type Code, doWhile, I32, i32, local, V128, v128, type WasmFunction } from './encode.ts';

/** What the rounds are made of, for one message as words or for four as vectors of words. */
export interface Lanes {
  readonly type: typeof I32 | typeof V128;
  /** Bytes of a word of each message. */
  readonly step: number;
  readonly load: (at: Code, offset?: number) => Code;
  readonly store: (at: Code, value: Code, offset?: number) => Code;
  /** A constant from memory. */
  readonly constant: (at: Code, offset: number) => Code;
  readonly add: (a: Code, b: Code) => Code;
  readonly and: (a: Code, b: Code) => Code;
  readonly xor: (a: Code, b: Code) => Code;
  readonly shr: (a: Code, bits: number) => Code;
  readonly rotr: (a: Code, bits: number) => Code;
}

export const ONE: Lanes = { ...i32, type: I32, step: 4, constant: i32.load };
export const FOUR: Lanes = {
  ...{ ...v128, type: V128, step: 16, constant: v128.loadSplat, add: v128.add32, shr: v128.shr32 },
  rotr: (a, bits) => v128.or(v128.shr32(a, bits), v128.shl32(a, 32 - bits)),
};

/** Where things lie in memory; words of four messages lie word by word. */
export const AT = { constants: 0, state: 256, words: 512, link: 1024, data: 2048 } as const;

export const ROUNDS = 64;
export const WORDS = 16;

/** FIPS 180-4, section 5.3.3 and 4.2.2: of the square and cube roots of the first primes, the first 32 bits behind the point. */
function rootBits(count: number, root: (prime: number) => bigint): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime > 0)) primes.push(n);
  return primes.map((prime) => Number(BigInt.asIntN(32, root(prime))));
}

/** The largest integer whose power is at most `value`. */
function integerRoot(value: bigint, power: bigint): bigint {
  let [low, high] = [0n, 1n << 40n];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** power <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

export const CONSTANTS = rootBits(ROUNDS, (prime) => integerRoot(BigInt(prime) << 96n, 3n));
export const INITIAL = rootBits(8, (prime) => integerRoot(BigInt(prime) << 64n, 2n));

/** Locals of the rounds: where in the constants they are, the eight words of the state, and the sixteen of the block. */
const K = 0;
const STATE = Array.from({ length: 8 }, (_, i) => 1 + i);
const word = (i: number): number => 9 + (i % WORDS);
const get = local.get;

/** Section 4.1.2, sigma 0 and 1. */
function small({ xor, rotr, shr }: Lanes, w: Code, a: number, b: number, shifted: number): Code {
  return xor(xor(rotr(w, a), rotr(w, b)), shr(w, shifted));
}

/** Section 4.1.2, Sigma 0 and 1. */
function large({ xor, rotr }: Lanes, w: Code, a: number, b: number, c: number): Code {
  return xor(xor(rotr(w, a), rotr(w, b)), rotr(w, c));
}

/** Section 6.2.2, step 1: the word of sixteen rounds ago becomes the one of this round. */
function schedule(lanes: Lanes, i: number): Code {
  const { add } = lanes;
  const [before, behind] = [small(lanes, get(word(i + 1)), 7, 18, 3), small(lanes, get(word(i + 14)), 17, 19, 10)];
  return local.set(word(i), add(add(get(word(i)), before), add(get(word(i + 9)), behind)));
}

/** Section 6.2.2, step 3. The names of the eight words move on by one with each round, instead of the words. */
function round(lanes: Lanes, i: number): Code {
  const { add, and, xor, constant } = lanes;
  const named = (letter: number) => STATE[(letter + 8 - (i % 8)) % 8]!;
  const [a, b, c, e, f, g] = [0, 1, 2, 4, 5, 6].map((letter) => get(named(letter))) as [
    Code,
    Code,
    Code,
    Code,
    Code,
    Code,
  ];
  const [d, h] = [named(3), named(7)];
  const choice = xor(g, and(e, xor(f, g)));
  const majority = xor(and(a, xor(b, c)), and(b, c));
  const added = add(get(word(i)), constant(get(K), AT.constants + 4 * i));
  return [
    local.set(h, add(add(get(h), added), add(choice, large(lanes, e, 6, 11, 25)))),
    local.set(d, add(get(d), get(h))),
    local.set(h, add(get(h), add(majority, large(lanes, a, 2, 13, 22)))),
  ];
}

/** A function that runs the rounds over the block at `AT.words`, into the state at `AT.state`. */
export function compress(exported: string, lanes: Lanes): WasmFunction {
  const { type, step, load, store, add } = lanes;
  const base = i32.const(0);
  const sixteen = Array.from({ length: WORDS }, (_, i) => i);
  return {
    ...{ exported, parameters: [], locals: [I32, ...Array.from({ length: 8 + WORDS }, () => type)] },
    body: [
      STATE.map((one, i) => local.set(one, load(base, AT.state + step * i))),
      sixteen.map((i) => local.set(word(i), load(base, AT.words + step * i))),
      sixteen.map((i) => round(lanes, i)),
      local.set(K, i32.const(4 * WORDS)),
      doWhile(
        sixteen.map((i) => [schedule(lanes, i), round(lanes, i)]),
        i32.isLess(local.tee(K, i32.add(get(K), i32.const(4 * WORDS))), i32.const(4 * ROUNDS)),
      ),
      STATE.map((one, i) => store(base, add(load(base, AT.state + step * i), get(one)), AT.state + step * i)),
    ],
  };
}
