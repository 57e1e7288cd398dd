// One proof that many leaves are in a tree.
import { equalBytes } from '../crypto.ts';
import { ProofError, RootMismatch } from './error.ts';
import { checkHash, foldRight, nodeHash } from './hash.ts';
import { type NodeId, nodesOf, type Span } from './path.ts';
import type { NodeSource } from './prove.ts';
import { checkIndex, checkSize, splitOf } from './size.ts';

/**
 * One inclusion proof for many leaves of a tree (docs/format.md, "Export proof"): the hashes of the widest subtrees that
 * hold none of them, from left to right. With the leaves in between they give the root, each hash is used once, and there
 * is no other list for the same leaves.
 */
export interface ManyLeaves {
  readonly size: number;
  /** Rising, without repetition. */
  readonly indexes: ArrayLike<number>;
}

/** Hashes that are asked for together. */
const BATCH = 512;

/** The subtrees whose hashes the proof is made of, in its order. Throws ProofError. */
export function* spansBeside({ size, indexes }: ManyLeaves): Generator<Span, void, undefined> {
  checkLeaves({ size, indexes });
  if (size > 0) yield* spansIn(indexes, 0, indexes.length, { begin: 0, end: size });
}

function* spansIn(indexes: ArrayLike<number>, from: number, to: number, span: Span): Generator<Span, void, undefined> {
  if (from === to) yield span;
  if (from === to || span.end - span.begin === 1) return;
  const split = span.begin + splitOf(span.end - span.begin);
  const middle = firstFrom(indexes, from, to, split);
  yield* spansIn(indexes, from, middle, { begin: span.begin, end: split });
  yield* spansIn(indexes, middle, to, { begin: split, end: span.end });
}

/** The proof's hashes, in order, as many at a time as are asked for together. Throws what the source throws. */
export async function* proveMany(source: NodeSource, leaves: ManyLeaves): AsyncGenerator<Uint8Array, void, undefined> {
  let spans: Span[] = [];
  for (const span of spansBeside(leaves)) {
    spans.push(span);
    if (spans.length < BATCH) continue;
    yield* await hashesOf(source, spans);
    spans = [];
  }
  if (spans.length > 0) yield* await hashesOf(source, spans);
}

async function hashesOf(source: NodeSource, spans: readonly Span[]): Promise<Uint8Array[]> {
  const wanted: NodeId[][] = spans.map(nodesOf);
  const hashes = await source.nodes(wanted.flat());
  let taken = 0;
  return wanted.map(({ length }) => {
    taken += length;
    return foldRight(hashes.slice(taken - length, taken));
  });
}

/**
 * Shows that the leaves are in the tree of this root. `leafAt` gives the hash of the leaf at `indexes[i]`; `proof` is read
 * once, from left to right. Throws ProofError: too few hashes, too many, or another root.
 */
export function verifyMany(
  leaves: ManyLeaves,
  leafAt: (i: number) => Uint8Array,
  proof: Iterator<Uint8Array>,
  root: Uint8Array,
): void {
  checkLeaves(leaves);
  const { size, indexes } = leaves;
  const next = (): Uint8Array => {
    const { value, done } = proof.next();
    if (done === true) throw new ProofError('proof-length', 'the proof has too few hashes');
    checkHash(value, 'a hash of the proof');
    return value;
  };
  const hashOf = (from: number, to: number, { begin, end }: Span): Uint8Array => {
    if (from === to) return next();
    if (end - begin === 1) return leafAt(from);
    const split = begin + splitOf(end - begin);
    const middle = firstFrom(indexes, from, to, split);
    const left = hashOf(from, middle, { begin, end: split });
    return nodeHash(left, hashOf(middle, to, { begin: split, end }));
  };
  if (size === 0) throw new ProofError('size', 'the empty tree has no leaves to show');
  const found = hashOf(0, indexes.length, { begin: 0, end: size });
  if (proof.next().done !== true) throw new ProofError('proof-length', 'the proof has too many hashes');
  if (!equalBytes(found, root)) throw new RootMismatch(size, root, found);
}

function checkLeaves({ size, indexes }: ManyLeaves): void {
  checkSize(size);
  for (let i = 0; i < indexes.length; i++) {
    checkIndex(indexes[i]!, size);
    if (i > 0 && indexes[i]! <= indexes[i - 1]!) throw new ProofError('index', 'the leaves do not rise');
  }
}

/** Where the first index that is at least `least` stands, between `from` and `to`. */
function firstFrom(indexes: ArrayLike<number>, from: number, to: number, least: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (indexes[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
