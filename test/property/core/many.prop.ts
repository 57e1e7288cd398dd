// Proofs of many leaves.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leafHash } from '../../../core/chain.ts';
import { ProofError } from '../../../core/merkle/error.ts';
import { proveMany, spansBeside, verifyMany } from '../../../core/merkle/many.ts';
import { proveInclusion, treeRoot } from '../../../core/merkle/prove.ts';
import { MemoryNodes } from '../../support/memory-nodes.ts';

const leafOf = (index: number) => leafHash(new TextEncoder().encode(`leaf ${index}`));

/** A tree, and some of its leaves. */
const trees = fc.integer({ min: 1, max: 150 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    indexes: fc
      .uniqueArray(fc.integer({ min: 0, max: size - 1 }), { maxLength: size })
      .map((all) => all.sort((a, b) => a - b)),
  }),
);

async function gathered(hashes: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const hash of hashes) all.push(hash);
  return all;
}

test('shows any leaves of any tree, with no more hashes than a proof for each has', async () => {
  await fc.assert(
    fc.asyncProperty(trees, async ({ size, indexes }) => {
      const source = new MemoryNodes(Array.from({ length: size }, (_, i) => leafOf(i)));
      const root = await treeRoot(source, size);
      const proof = await gathered(proveMany(source, { size, indexes }));
      verifyMany({ size, indexes }, (i) => leafOf(indexes[i]!), proof[Symbol.iterator](), root);
      const single = await Promise.all(indexes.map((index) => proveInclusion(source, index, size)));
      expect(proof.length).toBeLessThanOrEqual(Math.max(1, single.flat().length));
      if (indexes.length === 1) expect(proof.length).toBe(single[0]!.length);
    }),
    { numRuns: 300 },
  );
});

test('refuses a leaf, a place, a hash or a size that is another', async () => {
  await fc.assert(
    fc.asyncProperty(
      trees,
      fc.nat(),
      fc.constantFrom('leaf', 'hash', 'missing', 'extra', 'place', 'twice'),
      async ({ size, indexes }, at, kind) => {
        const source = new MemoryNodes(Array.from({ length: size }, (_, i) => leafOf(i)));
        const root = await treeRoot(source, size);
        const proof = await gathered(proveMany(source, { size, indexes }));
        const leaves = indexes.map(leafOf);
        const moved = [...indexes];
        if (kind === 'leaf' && leaves.length > 0) leaves[at % leaves.length] = leafOf(size);
        else if (kind === 'hash' && proof.length > 0) proof[at % proof.length] = leafOf(size + 1);
        else if (kind === 'missing' && proof.length > 0) proof.splice(at % proof.length, 1);
        else if (kind === 'extra') proof.push(leafOf(size));
        else if (kind === 'twice' && indexes.length > 0) moved.push(indexes.at(-1)!);
        else {
          const free = Array.from({ length: size }, (_, i) => i).find((index) => !indexes.includes(index));
          if (indexes.length === 0 || free === undefined) return;
          moved[at % moved.length] = free;
          moved.sort((a, b) => a - b);
        }
        expect(() =>
          verifyMany({ size, indexes: moved }, (i) => leaves[i] ?? leafOf(i), proof[Symbol.iterator](), root),
        ).toThrow(ProofError);
      },
    ),
    { numRuns: 500 },
  );
});

test('asks for the widest subtrees, from left to right', () => {
  expect([...spansBeside({ size: 7, indexes: [2] })]).toEqual([
    { begin: 0, end: 2 },
    { begin: 3, end: 4 },
    { begin: 4, end: 7 },
  ]);
  expect([...spansBeside({ size: 3, indexes: [0, 1, 2] })]).toEqual([]);
  expect([...spansBeside({ size: 3, indexes: [] })]).toEqual([{ begin: 0, end: 3 }]);
});
