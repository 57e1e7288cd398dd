// Trees and proofs are those of the definition.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leafHash } from '../../../core/chain.ts';
import { toHex } from '../../../core/crypto.ts';
import { CompactRange } from '../../../core/merkle/compact.ts';
import { ProofError } from '../../../core/merkle/error.ts';
import { proveConsistency, proveInclusion, treeRoot } from '../../../core/merkle/prove.ts';
import { verifyConsistency, verifyInclusion } from '../../../core/merkle/verify.ts';
import { MemoryNodes } from '../../support/memory-nodes.ts';
import { NaiveTree } from '../../support/naive-tree.ts';
import { wideInclusion } from '../../support/wide-proof.ts';

const LARGEST = 300;
const leaves = Array.from({ length: LARGEST }, (_, i) => new TextEncoder().encode(`leaf ${i}`));
const hashes = leaves.map(leafHash);
const naive = new NaiveTree(leaves);
const nodes = new MemoryNodes(hashes);

const size = fc.integer({ min: 1, max: LARGEST });
const leafOfTree = size.chain((n) => fc.record({ size: fc.constant(n), index: fc.integer({ min: 0, max: n - 1 }) }));
const twoSizes = fc.tuple(size, size).map(([a, b]) => ({ older: Math.min(a, b), newer: Math.max(a, b) }));

function rangeOf(leafHashes: readonly Uint8Array[], from = new CompactRange()): CompactRange {
  for (const hash of leafHashes) from.append(hash);
  return from;
}

test('appending gives the root by definition, wherever it was interrupted', () => {
  fc.assert(
    fc.property(twoSizes, ({ older, newer }) => {
      const first = rangeOf(hashes.slice(0, older));
      const second = rangeOf(hashes.slice(older, newer), new CompactRange(first.size, first.hashes));
      expect(toHex(second.root())).toBe(toHex(naive.root(0, newer)));
      expect(second.hashes).toEqual(rangeOf(hashes.slice(0, newer)).hashes);
    }),
  );
});

test('subtrees hashed elsewhere come together to the same tree', () => {
  fc.assert(
    fc.property(size, fc.integer({ min: 0, max: 5 }), (n, level) => {
      const width = 2 ** level;
      const range = new CompactRange();
      for (; range.size + width <= n; ) range.appendNode(level, naive.root(range.size, range.size + width));
      expect(toHex(rangeOf(hashes.slice(range.size, n), range).root())).toBe(toHex(naive.root(0, n)));
    }),
  );
});

test('what an append visits are the nodes by definition, each once', () => {
  const seen = new Map<string, string>();
  const range = new CompactRange();
  for (const hash of hashes) {
    range.append(hash, (level, index, node) => {
      expect(seen.has(`${level}/${index}`)).toBe(false);
      seen.set(`${level}/${index}`, toHex(node));
      expect(toHex(node)).toBe(toHex(naive.root(index * 2 ** level, (index + 1) * 2 ** level)));
    });
  }
  const count = (n: number): number => (n === 0 ? 0 : n + count(Math.floor(n / 2)));
  expect(seen.size).toBe(count(LARGEST));
});

test('inclusion proofs are those by definition, and verify', async () => {
  await fc.assert(
    fc.asyncProperty(leafOfTree, async ({ size: n, index }) => {
      const proof = await proveInclusion(nodes, index, n);
      expect(proof.map(toHex)).toEqual(naive.inclusion(index, 0, n).map(toHex));
      verifyInclusion({ index, size: n, leafHash: hashes[index]!, root: await treeRoot(nodes, n) }, proof);
    }),
  );
});

test('consistency proofs are those by definition, and verify', async () => {
  await fc.assert(
    fc.asyncProperty(twoSizes, async ({ older, newer }) => {
      const proof = await proveConsistency(nodes, older, newer);
      expect(proof.map(toHex)).toEqual(naive.consistency(0, older, newer).map(toHex));
      verifyConsistency(trees(older, newer), proof);
    }),
  );
});

function trees(older: number, newer: number) {
  return {
    older: { size: older, root: naive.root(0, older) },
    newer: { size: newer, root: naive.root(0, newer) },
  };
}

const edit = fc.record({
  kind: fc.constantFrom('flip', 'drop', 'add', 'swap', 'grow', 'shrink'),
  at: fc.nat(),
  bit: fc.integer({ min: 0, max: 255 }),
});

function edited(proof: readonly Uint8Array[], { kind, at, bit }: { kind: string; at: number; bit: number }) {
  const copy = proof.map((hash) => Uint8Array.from(hash));
  const i = copy.length === 0 ? 0 : at % copy.length;
  if (kind === 'add' || copy.length === 0) return [...copy.slice(0, i), new Uint8Array(32), ...copy.slice(i)];
  if (kind === 'drop') return copy.toSpliced(i, 1);
  if (kind === 'grow') return copy.with(i, Uint8Array.of(...copy[i]!, 0));
  if (kind === 'shrink') return copy.with(i, copy[i]!.slice(1));
  if (kind === 'swap' && copy.length > 1) {
    const j = (i + 1) % copy.length;
    return copy.with(i, copy[j]!).with(j, copy[i]!);
  }
  copy[i]![bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

test('no edited proof verifies', () => {
  fc.assert(
    fc.property(leafOfTree, twoSizes, edit, ({ size: n, index }, { older, newer }, change) => {
      const leaf = { index, size: n, leafHash: hashes[index]!, root: naive.root(0, n) };
      expect(() => verifyInclusion(leaf, edited(naive.inclusion(index, 0, n), change))).toThrow(ProofError);
      const proof = edited(naive.consistency(0, older, newer), change);
      expect(() => verifyConsistency(trees(older, newer), proof)).toThrow(ProofError);
    }),
  );
});

test('a proof shows one leaf at one index of one tree', () => {
  fc.assert(
    fc.property(leafOfTree, leafOfTree, (one, other) => {
      fc.pre(one.index !== other.index);
      const proof = naive.inclusion(one.index, 0, one.size);
      const leaf = { ...one, leafHash: hashes[one.index]!, root: naive.root(0, one.size) };
      expect(() => verifyInclusion({ ...leaf, index: other.index }, proof)).toThrow(ProofError);
      expect(() => verifyInclusion({ ...leaf, leafHash: hashes[other.index]! }, proof)).toThrow(ProofError);
    }),
  );
});

test('sizes up to 2^53 − 1 are exact', () => {
  const wide = fc.bigInt({ min: 1n, max: BigInt(Number.MAX_SAFE_INTEGER) });
  fc.assert(
    fc.property(wide, fc.bigInt({ min: 0n, max: 2n ** 64n }), fc.boolean(), (n, random, nearEnd) => {
      const at = nearEnd ? n - 1n - (random % (n < 64n ? n : 64n)) : random % n;
      const { root, proof } = wideInclusion(at, n, hashes[0]!, (i) => hashes[i]!);
      const leaf = { index: Number(at), size: Number(n), leafHash: hashes[0]!, root };
      verifyInclusion(leaf, proof);
      expect(() => verifyInclusion(leaf, edited(proof, { kind: 'flip', at: 0, bit: 0 }))).toThrow(ProofError);
    }),
  );
});
