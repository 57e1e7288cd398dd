// Tiles hold the hashes of the definition.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leafHash } from '../../../core/chain.ts';
import { toHex } from '../../../core/crypto.ts';
import { proveConsistency, proveInclusion } from '../../../core/merkle/prove.ts';
import { TileBuilder } from '../../../core/tiles/builder.ts';
import { decodeEntryBundle, encodeEntryBundle } from '../../../core/tiles/entry-bundle.ts';
import { TileError } from '../../../core/tiles/error.ts';
import { TileNodes } from '../../../core/tiles/nodes.ts';
import { entryBundlePath, parsePath, tilePath } from '../../../core/tiles/path.ts';
import { treeShape } from '../../../core/tiles/shape.ts';
import { MemoryTiles } from '../../support/memory-tiles.ts';
import { NaiveTree } from '../../support/naive-tree.ts';

const LARGEST = 1200;
const leaves = Array.from({ length: LARGEST }, (_, i) => new TextEncoder().encode(`leaf ${i}`));
const hashes = leaves.map(leafHash);
const naive = new NaiveTree(leaves);

/** Sizes at which a log stopped for a while; the interesting ones lie around full tiles. */
const stops = fc
  .array(fc.oneof(fc.integer({ min: 0, max: LARGEST }), fc.constantFrom(255, 256, 257, 511, 512, 1024)), {
    minLength: 1,
    maxLength: 6,
  })
  .map((sizes) => sizes.toSorted((a, b) => a - b));

async function grow(tiles: MemoryTiles, sizes: readonly number[]): Promise<void> {
  let size = 0;
  for (const next of sizes) {
    const builder = await TileBuilder.resume(tiles, size, naive.root(0, size));
    for (const hash of hashes.slice(size, next)) builder.append(hash);
    expect(toHex(builder.root())).toBe(toHex(naive.root(0, next)));
    tiles.write([...builder.takeFull(), ...builder.partial()]);
    size = next;
  }
}

test('tiles hold the hashes by definition, however often the log was resumed', async () => {
  await fc.assert(
    fc.asyncProperty(stops, async (sizes) => {
      const tiles = new MemoryTiles();
      await grow(tiles, sizes);
      for (const [path, bytes] of tiles.files) {
        const parsed = parsePath(path);
        if (!('tile' in parsed)) throw new Error(`${path} is no tile`);
        const { level, index, width } = parsed.tile;
        const span = 256 ** level;
        const want = Array.from({ length: width }, (_, i) =>
          naive.root((index * 256 + i) * span, (index * 256 + i + 1) * span),
        );
        expect(toHex(bytes)).toBe(want.map(toHex).join(''));
      }
      const present = treeShape(sizes.at(-1)!).flatMap(({ level, full, partial }) => [
        ...Array.from({ length: full }, (_, index) => tilePath({ level, index, width: 256 })),
        ...(partial > 0 ? [tilePath({ level, index: full, width: partial })] : []),
      ]);
      expect([...tiles.files.keys()]).toEqual(expect.arrayContaining(present));
    }),
    { numRuns: 40 },
  );
});

test('proofs from tiles are those by definition, with partial tiles or without them', async () => {
  const later = new MemoryTiles();
  await grow(later, [300, 700, LARGEST]);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(300, 700, LARGEST), fc.nat(), fc.boolean(), async (size, random, dropped) => {
      if (dropped) later.dropPartial();
      const nodes = new TileNodes(later, size);
      const index = random % size;
      expect((await proveInclusion(nodes, index, size)).map(toHex)).toEqual(naive.inclusion(index, 0, size).map(toHex));
      const proof = await proveConsistency(nodes, index + 1, size);
      expect(proof.map(toHex)).toEqual(naive.consistency(0, index + 1, size).map(toHex));
    }),
  );
});

const width = fc.integer({ min: 1, max: 256 });
const index = fc.maxSafeNat();

test('every tile and bundle has one path', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 63 }), index, width, (level, at, w) => {
      const tile = { level, index: at, width: w };
      expect(parsePath(tilePath(tile))).toEqual({ tile });
      const bundle = { index: at, width: w };
      expect(parsePath(entryBundlePath(bundle))).toEqual({ bundle });
    }),
  );
});

const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 });

test('bundles give their entries back, and no byte more or less does', () => {
  fc.assert(
    fc.property(entries, fc.nat(), (given, random) => {
      const bytes = encodeEntryBundle(given);
      expect(decodeEntryBundle(bytes, given.length).map(toHex)).toEqual(given.map(toHex));
      expect(() => decodeEntryBundle(bytes.slice(0, random % bytes.length), given.length)).toThrow(TileError);
      expect(() => decodeEntryBundle(Uint8Array.of(...bytes, 0), given.length)).toThrow(TileError);
      if (given.length > 1) expect(() => decodeEntryBundle(bytes, given.length - 1)).toThrow(TileError);
    }),
  );
});
