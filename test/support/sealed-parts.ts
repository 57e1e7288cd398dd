// Leaf hashes and tiles of small entries.
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import type { SealedSegment } from '../../core/documents/segments.ts';
import type { TileBuilder } from '../../core/tiles/builder.ts';
import { tilePath } from '../../core/tiles/path.ts';
import { encodeTile } from '../../core/tiles/tile.ts';
import { EntryRules } from '../../core/verify/entry-rules.ts';
import type { LeafBatch } from '../../core/verify/evidence.ts';
import { hashedBody, leavesOf } from '../../core/verify/leaves.ts';

export function positionsOf({ positions }: SealedSegment): number[] {
  return positions.split(',').flatMap((run) => {
    const [first, last = first] = run.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** Leaf hashes of a tenant's bodies that are there, in batches that end anywhere. */
export function* batches(
  tenant: string,
  bodies: readonly (Uint8Array | undefined)[],
  from: number,
  through: number,
  withPositions: boolean,
): Iterable<LeafBatch> {
  const end = withPositions ? through : bodies.length;
  const there = Array.from({ length: end - from }, (_, i) => from + i).filter((at) => bodies[at] !== undefined);
  const rules = new EntryRules(tenant);
  for (let at = 0; at < there.length; at += 100) {
    const here = there.slice(at, at + 100).map((position) => ({ position, bytes: bodies[position]! }));
    const { positions, ...batch } = leavesOf(here.map((body) => hashedBody(body, rules)));
    yield withPositions ? { positions: positions!, ...batch } : batch;
  }
}

/** An entry as small as the format allows, and as long as its filling. */
export function smallEntry(
  tenant: string,
  { id, category, recordedAt, fill = '' }: { id: string; category: string; recordedAt: string; fill?: string },
): Uint8Array {
  return canonicalBytes({
    ...{
      id,
      v: 1,
      tenant,
      action: 'note.viewed',
      category,
      outcome: 'success',
      severity: 'low',
      description: 'A note',
    },
    ...{ occurredAt: recordedAt, recordedAt, actor: { type: 'system' }, recorder: { type: 'token', id: 'crm' } },
    ...(fill === '' ? {} : { metadata: { fill } }),
  });
}

export function writeTiles(builder: TileBuilder, files: Map<string, Uint8Array>): void {
  for (const { level, index, hashes } of [...builder.takeFull(), ...builder.partial()]) {
    files.set(tilePath({ level, index, width: hashes.length }), encodeTile(hashes));
  }
}
