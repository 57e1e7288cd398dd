// Tiles of trees with several levels.
import { describe, expect, test } from '@jest/globals';
import { leafHash } from '../../../../core/chain.ts';
import { CompactRange } from '../../../../core/merkle/compact.ts';
import { proveInclusion } from '../../../../core/merkle/prove.ts';
import { verifyInclusion } from '../../../../core/merkle/verify.ts';
import { TileBuilder } from '../../../../core/tiles/builder.ts';
import { encodeEntryBundle, MAX_BUNDLED_ENTRY_BYTES } from '../../../../core/tiles/entry-bundle.ts';
import { TileError } from '../../../../core/tiles/error.ts';
import { TileNodes } from '../../../../core/tiles/nodes.ts';
import { entryBundlePath, tilePath } from '../../../../core/tiles/path.ts';
import { tileOf, treeShape } from '../../../../core/tiles/shape.ts';
import { decodeTile, encodeTile } from '../../../../core/tiles/tile.ts';
import { MemoryTiles } from '../../../support/memory-tiles.ts';
import { refusal } from '../../../support/refusal.ts';

const verdict = (act: () => unknown) => refusal([TileError], act);
const hash = (i: number) => leafHash(Uint8Array.of(i & 255, i >> 8, i >> 16));

function filled(size: number): { tiles: MemoryTiles; builder: TileBuilder } {
  const builder = TileBuilder.empty();
  for (let i = 0; i < size; i++) builder.append(hash(i));
  const tiles = new MemoryTiles();
  tiles.write([...builder.takeFull(), ...builder.partial()]);
  return { tiles, builder };
}

describe('a tree of three tile levels', () => {
  const size = 66_000;
  const { tiles, builder } = filled(size);

  test('has the tiles that its shape says and no others', () => {
    expect(treeShape(size)).toEqual([
      { level: 0, full: 257, partial: 208 },
      { level: 1, full: 1, partial: 1 },
      { level: 2, full: 0, partial: 1 },
    ]);
    expect(tiles.files.size).toBe(257 + 1 + 1 + 1 + 1);
    expect(builder.takeFull()).toEqual([]);
  });

  test('has the root of its leaves, and proves the leaves at every edge', async () => {
    const range = new CompactRange();
    for (let i = 0; i < size; i++) range.append(hash(i));
    expect(builder.root()).toEqual(range.root());
    const nodes = new TileNodes(tiles, size);
    for (const index of [0, 255, 256, 65_535, 65_536, 65_791, 65_792, size - 1]) {
      const proof = await proveInclusion(nodes, index, size);
      verifyInclusion({ index, size, leafHash: hash(index), root: range.root() }, proof);
    }
  });

  test('is resumed from its partial tiles alone', async () => {
    const read: string[] = [];
    const reader = {
      read(path: string) {
        read.push(path);
        return tiles.read(path);
      },
    };
    const resumed = await TileBuilder.resume(reader, size, builder.root());
    expect(read).toEqual(['tile/0/257.p/208', 'tile/1/001.p/1', 'tile/2/000.p/1']);
    resumed.append(hash(size));
    builder.append(hash(size));
    expect(resumed.root()).toEqual(builder.root());
    expect(resumed.partial()).toEqual(builder.partial());
  });
});

describe('tiles that are not the tree that was signed', () => {
  const { tiles, builder } = filled(300);
  const path = 'tile/0/001.p/44';
  const changed = (bytes: Uint8Array | undefined) => ({
    read: (asked: string) => (asked === path ? Promise.resolve(bytes) : tiles.read(asked)),
  });
  const good = tiles.files.get(path)!;

  test.each<[name: string, code: string, bytes: Uint8Array | undefined]>([
    ['an altered tile', 'root', Uint8Array.of(...good.slice(0, -1), good.at(-1)! ^ 1)],
    ['a tile cut short', 'length', good.slice(0, -32)],
    ['a tile cut inside a hash', 'length', good.slice(0, -1)],
    ['a longer tile', 'length', Uint8Array.of(...good, ...good.slice(0, 32))],
    ['an empty tile', 'length', new Uint8Array()],
    ['no tile', 'missing', undefined],
  ])('are not continued: %s', async (_, code, bytes) => {
    const act = TileBuilder.resume(changed(bytes), 300, builder.root());
    await expect(act).rejects.toMatchObject({ name: 'TileError', code });
  });

  test('name the path', async () => {
    const act = TileBuilder.resume(changed(good.slice(1)), 300, builder.root());
    await expect(act).rejects.toMatchObject({ path, message: `${path}: got a tile of 1407 bytes, want 1408` });
  });

  test('give no node beyond the tree', async () => {
    const nodes = new TileNodes(tiles, 300);
    await expect(nodes.nodes([{ level: 0, index: 300 }])).rejects.toMatchObject({ code: 'index' });
    await expect(nodes.nodes([{ level: 0, index: 512 }])).rejects.toMatchObject({ code: 'index' });
    await expect(nodes.nodes([{ level: 8, index: 1 }])).rejects.toMatchObject({ code: 'index' });
    await expect(nodes.nodes([{ level: 16, index: 0 }])).rejects.toMatchObject({ code: 'index' });
  });

  test('that cannot be read are not taken for missing', async () => {
    const broken = { read: () => Promise.reject(new Error('no route')) };
    await expect(TileBuilder.resume(broken, 300, builder.root())).rejects.toThrow('no route');
  });
});

test.each([
  [0, 0, 0, undefined],
  [0, 0, 1, 1],
  [0, 0, 256, 256],
  [1, 0, 256, 1],
  [0, 1, 256, undefined],
  [0, 1, 257, 1],
  [2, 0, 65_535, undefined],
  [6, 0, Number.MAX_SAFE_INTEGER, 31],
])('tile %i/%i of a tree of %i is %p wide', (level, index, size, width) => {
  expect(tileOf(level, index, size)?.width).toBe(width);
});

test('what no path can say is not written', () => {
  expect(verdict(() => tilePath({ level: 64, index: 0, width: 1 }))).toBe('level');
  expect(verdict(() => tilePath({ level: 0, index: 2 ** 53, width: 1 }))).toBe('index');
  expect(verdict(() => tilePath({ level: 0, index: 0, width: 0 }))).toBe('width');
  expect(verdict(() => entryBundlePath({ index: 0, width: 257 }))).toBe('width');
});

test('what no tile or bundle can hold is not written', () => {
  expect(verdict(() => encodeTile([]))).toBe('width');
  expect(verdict(() => encodeTile(Array.from({ length: 257 }, () => hash(0))))).toBe('width');
  expect(verdict(() => encodeTile([new Uint8Array(31)]))).toBe('length');
  expect(verdict(() => decodeTile(new Uint8Array(), 0))).toBe('width');
  expect(verdict(() => encodeEntryBundle([]))).toBe('width');
  expect(verdict(() => encodeEntryBundle([new Uint8Array(MAX_BUNDLED_ENTRY_BYTES + 1)]))).toBe('entry');
  expect(encodeEntryBundle([new Uint8Array(MAX_BUNDLED_ENTRY_BYTES)])).toHaveLength(65_537);
});
