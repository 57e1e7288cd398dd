// Nodes of a tree, read once from left to right.
import { expect, test } from '@jest/globals';
import type { NodeId } from '../../../core/merkle/path.ts';
import { TileNodes } from '../../../core/tiles/nodes.ts';
import type { TileReader } from '../../../core/tiles/reader.ts';
import { PassingNodes } from '../../../services/export/nodes.ts';

/** Three full tiles; every hash in them is another one. */
const SIZE = 768;

/** A reader that knows how many there were before it, and who was asked last. */
function readers() {
  const reads: number[] = [];
  const open = (): TileReader => {
    const number = reads.push(0) - 1;
    return {
      read: async (path) => {
        reads[number]!++;
        const [, level, index, width] = /^tile\/(\d+)\/(\d+)(?:\.p\/(\d+))?$/.exec(path)!;
        const hashes = Array.from({ length: Number(width ?? 256) }, (_, i) => {
          const hash = new Uint8Array(32);
          hash.set([Number(level), Number(index), i]);
          return hash;
        });
        return Buffer.concat(hashes);
      },
    };
  };
  return { reads, open };
}

test('tiles are kept for a stretch and then forgotten, and the nodes are the same', async () => {
  const { reads, open } = readers();
  const passing = new PassingNodes(open, SIZE);
  const wanted = new TileNodes(readers().open(), SIZE);
  for (let index = 0; index < 40; index++) {
    const ids: NodeId[] = [
      { level: 0, index },
      { level: 1, index: 300 + index },
      { level: 8, index: 0 },
    ];
    expect(await passing.nodes(ids)).toEqual(await wanted.nodes(ids));
  }
  // Forty calls, sixteen a reader, each of which reads its three tiles once.
  expect(reads).toEqual([3, 3, 3]);
});
