// Genuine tiles are found below whatever was put over them.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leafHash } from '../../../core/chain.ts';
import { toHex } from '../../../core/crypto.ts';
import { proveInclusion } from '../../../core/merkle/prove.ts';
import { verifyInclusion } from '../../../core/merkle/verify.ts';
import { AuthenticTiles, type TileCandidates } from '../../../core/tiles/authentic.ts';
import { TileBuilder } from '../../../core/tiles/builder.ts';
import { TileError } from '../../../core/tiles/error.ts';
import { TileNodes } from '../../../core/tiles/nodes.ts';
import { MemoryTiles } from '../../support/memory-tiles.ts';
import { NaiveTree } from '../../support/naive-tree.ts';

const LARGEST = 66_200;
const leaves = Array.from({ length: LARGEST }, (_, i) => new TextEncoder().encode(`leaf ${i}`));
const hashes = leaves.map(leafHash);
const naive = new NaiveTree(leaves);

/** Sizes with one, two and three levels of tiles, each with and without partial ones. */
const size = fc.oneof(
  fc.integer({ min: 1, max: 1_100 }),
  fc.constantFrom(256, 512, 257, 65_536, 65_537, 65_792, 66_048, 66_049),
);

/** Building a large tree takes a while; each test gets files of its own. */
const built = new Map<number, MemoryTiles['files']>();

function tilesOf(n: number): MemoryTiles {
  const tiles = new MemoryTiles();
  const files = built.get(n) ?? build(n).files;
  built.set(n, files);
  for (const [path, bytes] of files) tiles.files.set(path, bytes);
  return tiles;
}

function build(n: number): MemoryTiles {
  const builder = TileBuilder.empty();
  for (const hash of hashes.slice(0, n)) builder.append(hash);
  const tiles = new MemoryTiles();
  tiles.write([...builder.takeFull(), ...builder.partial()]);
  return tiles;
}

/** Somebody put more objects at some paths, above or below the genuine one. */
class Planted implements TileCandidates {
  reads = 0;
  readonly #genuine: MemoryTiles;
  readonly #above: ReadonlyMap<string, readonly Uint8Array[]>;

  constructor(genuine: MemoryTiles, above: ReadonlyMap<string, readonly Uint8Array[]> = new Map()) {
    this.#genuine = genuine;
    this.#above = above;
  }

  async *candidates(path: string): AsyncIterable<Uint8Array> {
    for (const bytes of [...(this.#above.get(path) ?? []), this.#genuine.files.get(path)]) {
      if (bytes === undefined) continue;
      this.reads++;
      yield bytes;
    }
  }
}

const forgery = fc.constantFrom<(bytes: Uint8Array) => Uint8Array>(
  (bytes) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
  (bytes) => bytes.slice(32),
  (bytes) => new Uint8Array([...bytes, ...bytes.slice(0, 32)]),
  () => new Uint8Array(),
  (bytes) => bytes.slice(1),
  (bytes) => new Uint8Array([...bytes.slice(32), ...bytes.slice(0, 32)]),
);

test('the genuine tile is found below whatever was put over it, at every path', async () => {
  await fc.assert(
    fc.asyncProperty(size, fc.array(forgery, { maxLength: 3 }), fc.nat(), async (n, forgeries, seed) => {
      const genuine = tilesOf(n);
      const above = new Map(
        [...genuine.files].map(([path, bytes], i) => [
          path,
          (i + seed) % 3 === 0 ? [] : forgeries.map((forge) => forge(bytes)),
        ]),
      );
      const tiles = new AuthenticTiles(new Planted(genuine, above), n, naive.root(0, n));
      for (const [i, [path, bytes]] of [...genuine.files].entries()) {
        if (i % 50 !== seed % 50 && !path.includes('.p/')) continue;
        expect([path, toHex((await tiles.read(path))!)]).toEqual([path, toHex(bytes)]);
      }
    }),
    { numRuns: 25 },
  );
});

test('proofs over them verify, and nothing is read twice or in vain', async () => {
  await fc.assert(
    fc.asyncProperty(size, fc.nat(), async (n, at) => {
      const index = at % n;
      const source = new Planted(tilesOf(n));
      const root = naive.root(0, n);
      const nodes = new TileNodes(new AuthenticTiles(source, n, root), n);
      const proof = await proveInclusion(nodes, index, n);
      verifyInclusion({ index, size: n, leafHash: hashes[index]!, root }, proof);
      expect(source.reads).toBeLessThanOrEqual(3 + 2);
    }),
    { numRuns: 40 },
  );
});

test.each([
  [300, 'tile/0/000', 'root'],
  [300, 'tile/0/001.p/44', 'root'],
  [300, 'tile/1/000.p/1', 'root'],
  [65_537, 'tile/0/000', 'root'],
])('of %i leaves, %s that is forged and has no genuine version is refused', async (n, path, code) => {
  const genuine = tilesOf(n);
  genuine.files.set(
    path,
    genuine.files.get(path)!.map((byte) => byte ^ 1),
  );
  const tiles = new AuthenticTiles(new Planted(genuine), n, naive.root(0, n));
  await expect(tiles.read('tile/0/000')).rejects.toMatchObject({ name: TileError.name, code });
  genuine.files.delete(path);
  const without = new AuthenticTiles(new Planted(genuine), n, naive.root(0, n));
  await expect(without.read('tile/0/000')).rejects.toMatchObject({ name: TileError.name, code: 'missing' });
});

test('a partial tile is a prefix of every wider one, and what no tree up to this size had is not there', async () => {
  const genuine = tilesOf(300);
  const tiles = new AuthenticTiles(new Planted(genuine), 300, naive.root(0, 300));
  expect(await tiles.read('tile/0/000.p/7')).toEqual(genuine.files.get('tile/0/000')!.slice(0, 7 * 32));
  expect(await tiles.read('tile/0/001.p/43')).toEqual(genuine.files.get('tile/0/001.p/44')!.slice(0, 43 * 32));
  for (const path of [
    'tile/0/001.p/45',
    'tile/0/001',
    'tile/0/002',
    'tile/1/000',
    'tile/2/000.p/1',
    'tile/entries/000',
  ]) {
    expect([path, await tiles.read(path)]).toEqual([path, undefined]);
  }
  await expect(tiles.read('tile/0/0')).rejects.toMatchObject({ name: TileError.name, code: 'path' });
});

test.each([
  ['two hundred objects over each', 200, 1],
  ['objects over and under each', 62, 2],
])(
  '%s of three partial tiles wear the search out, and not before the likely ones are tried',
  async (_, count, place) => {
    const n = 65_536 + 256 + 1;
    const genuine = tilesOf(n);
    const edge = [...genuine.files].filter(([path]) => path.includes('.p/'));
    const forged = (bytes: Uint8Array) => Array.from({ length: count }, (_, i) => bytes.map((byte) => byte ^ (i + 1)));
    const planted = (at: number) =>
      new AuthenticTiles(
        {
          async *candidates(path) {
            const bytes = genuine.files.get(path)!;
            yield* edge.some(([one]) => one === path) ? forged(bytes).toSpliced(at, 0, new Uint8Array(bytes)) : [bytes];
          },
        },
        n,
        naive.root(0, n),
      );
    expect(await planted(place).read('tile/2/000.p/1')).toEqual(genuine.files.get('tile/2/000.p/1'));
    await expect(planted(count).read('tile/2/000.p/1')).rejects.toMatchObject({ name: TileError.name, code: 'root' });
  },
);
