import { leafHash } from '../../core/chain.ts';
import { HASH_BYTES } from '../../core/crypto.ts';
import type { SealedSegment } from '../../core/documents/segments.ts';
import type { TileBuilder } from '../../core/tiles/builder.ts';
import { tilePath } from '../../core/tiles/path.ts';
import { encodeTile } from '../../core/tiles/tile.ts';
import type { LeafBatch } from '../../core/verify/evidence.ts';

export function positionsOf({ positions }: SealedSegment): number[] {
  return positions.split(',').flatMap((run) => {
    const [first, last = first] = run.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** Leaf hashes of the bodies that are there, in batches that end anywhere. */
export function* batches(
  bodies: readonly (Uint8Array | undefined)[],
  from: number,
  through: number,
  withPositions: boolean,
): Iterable<LeafBatch> {
  const end = withPositions ? through : bodies.length;
  const there = Array.from({ length: end - from }, (_, i) => from + i).filter((at) => bodies[at] !== undefined);
  for (let at = 0; at < there.length; at += 100) {
    const positions = there.slice(at, at + 100);
    const hashes = new Uint8Array(positions.length * HASH_BYTES);
    for (const [i, position] of positions.entries()) hashes.set(leafHash(bodies[position]!), i * HASH_BYTES);
    const bytes = positions.reduce((sum, position) => sum + bodies[position]!.length, 0);
    yield { hashes, bytes, ...(withPositions ? { positions } : {}) };
  }
}

export function writeTiles(builder: TileBuilder, files: Map<string, Uint8Array>): void {
  for (const { level, index, hashes } of [...builder.takeFull(), ...builder.partial()]) {
    files.set(tilePath({ level, index, width: hashes.length }), encodeTile(hashes));
  }
}
