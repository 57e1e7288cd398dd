// Sizes and indexes of trees at their limits.
import { describe, expect, test } from '@jest/globals';
import { leafHash } from '../../../../core/chain.ts';
import { CompactRange } from '../../../../core/merkle/compact.ts';
import { ProofError, RootMismatch } from '../../../../core/merkle/error.ts';
import { emptyRoot } from '../../../../core/merkle/hash.ts';
import { consistencyPath, inclusionPath } from '../../../../core/merkle/path.ts';
import { proveConsistency, proveInclusion, treeRoot } from '../../../../core/merkle/prove.ts';
import { MAX_TREE_SIZE } from '../../../../core/merkle/size.ts';
import { verifyConsistency, verifyInclusion } from '../../../../core/merkle/verify.ts';
import { MemoryNodes } from '../../../support/memory-nodes.ts';
import { refusal } from '../../../support/refusal.ts';

const hashes = Array.from({ length: 5 }, (_, i) => leafHash(Uint8Array.of(i)));
const nodes = new MemoryNodes(hashes);
const verdict = (act: () => unknown) => refusal([ProofError], act);

describe('sizes and indexes', () => {
  test.each([-1, 0.5, 2 ** 53, 2 ** 64, Number.NaN, Number.POSITIVE_INFINITY])('%p is neither', (value) => {
    expect(verdict(() => inclusionPath(value, 5))).toBe('index');
    expect(verdict(() => inclusionPath(0, value))).toBe('size');
    expect(verdict(() => consistencyPath(value, MAX_TREE_SIZE))).toBe('size');
    expect(verdict(() => consistencyPath(1, value))).toBe('size');
    expect(verdict(() => new CompactRange(value))).toBe('size');
  });

  test('an index is below its size', () => {
    expect(verdict(() => inclusionPath(5, 5))).toBe('index');
    expect(verdict(() => inclusionPath(0, 0))).toBe('index');
    expect(inclusionPath(MAX_TREE_SIZE - 1, MAX_TREE_SIZE)).toHaveLength(52);
  });

  test('a tree does not shrink, and nothing is consistent with no leaf', () => {
    expect(verdict(() => consistencyPath(3, 2))).toBe('size');
    expect(verdict(() => consistencyPath(0, 2))).toBe('size');
  });

  test('the empty tree has one root', async () => {
    const empty = { size: 0, root: emptyRoot() };
    const other = { size: 0, root: new Uint8Array(32) };
    expect(verdict(() => verifyConsistency({ older: empty, newer: empty }, []))).toBe('accepted');
    expect(verdict(() => verifyConsistency({ older: other, newer: other }, []))).toBe('root');
    expect(verdict(() => verifyConsistency({ older: empty, newer: other }, []))).toBe('root');
    expect(verdict(() => verifyConsistency({ older: empty, newer: empty }, [emptyRoot()]))).toBe('proof-length');
    expect(await treeRoot(nodes, 0)).toEqual(emptyRoot());
  });
});

describe('a compact range', () => {
  test.each([
    ['too few hashes', 3, hashes.slice(0, 1)],
    ['too many hashes', 4, hashes.slice(0, 2)],
    ['hashes of no tree', 0, hashes.slice(0, 1)],
  ])('is not continued from %s', (_, size, from) => {
    expect(verdict(() => new CompactRange(size, from))).toBe('node');
  });

  test('holds hashes of 32 bytes', () => {
    expect(verdict(() => new CompactRange(1, [new Uint8Array(31)]))).toBe('hash-length');
    expect(verdict(() => new CompactRange().append(new Uint8Array(33)))).toBe('hash-length');
  });

  test.each([1, 0.5, -1])('takes no node of level %p behind its first leaf', (level) => {
    expect(verdict(() => new CompactRange(1, hashes.slice(0, 1)).appendNode(level, hashes[1]!))).toBe('node');
  });

  test('ends at 2^53 − 1', () => {
    const full = new CompactRange(
      MAX_TREE_SIZE,
      Array.from({ length: 53 }, () => hashes[0]!),
    );
    expect(verdict(() => full.append(hashes[0]!))).toBe('size');
    expect(full.size).toBe(MAX_TREE_SIZE);
  });
});

test('a mismatch says which tree, and what was expected and found', async () => {
  const proof = await proveInclusion(nodes, 2, 5);
  const root = new Uint8Array(32);
  const act = () => verifyInclusion({ index: 2, size: 5, leafHash: hashes[2]!, root }, proof);
  expect(act).toThrow(RootMismatch);
  expect(act).toThrow(expect.objectContaining({ size: 5, expected: root, computed: await treeRoot(nodes, 5) }));
});

test('a source that answers too little or with something else is noticed', async () => {
  const silent = { nodes: async () => [] };
  await expect(proveInclusion(silent, 0, 2)).rejects.toMatchObject({ code: 'node' });
  const short = { nodes: async () => [new Uint8Array(31)] };
  await expect(proveConsistency(short, 1, 2)).rejects.toMatchObject({ code: 'hash-length' });
});

describe('a consistency proof', () => {
  const older = { size: 4, root: new Uint8Array(32) };

  test('is about both roots', async () => {
    const proof = await proveConsistency(nodes, 3, 5);
    const trees = async (a: number, b: number) => ({
      older: { size: 3, root: await treeRoot(nodes, a) },
      newer: { size: 5, root: await treeRoot(nodes, b) },
    });
    const [good, otherOlder, otherNewer] = [await trees(3, 5), await trees(2, 5), await trees(3, 4)];
    expect(verdict(() => verifyConsistency(good, proof))).toBe('accepted');
    expect(() => verifyConsistency(otherOlder, proof)).toThrow(expect.objectContaining({ code: 'root', size: 3 }));
    expect(() => verifyConsistency(otherNewer, proof)).toThrow(expect.objectContaining({ code: 'root', size: 5 }));
  });

  test('does not let bytes move between the older root and its neighbour', async () => {
    const newer = { size: 5, root: await treeRoot(nodes, 5) };
    const both = Uint8Array.of(...(await treeRoot(nodes, 4)), ...hashes[4]!);
    const forged = { older: { ...older, root: both.slice(0, 31) }, newer };
    expect(verdict(() => verifyConsistency(forged, [both.slice(31)]))).toBe('hash-length');
  });
});
