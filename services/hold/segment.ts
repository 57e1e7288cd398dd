// Whether a hold covers a segment.
import type { Entry } from '../../core/entry/schema.ts';
import { type ActiveHold, type CategoryDay, isHeld, reachOfAll } from '../../core/hold/match.ts';
import { JsonFault } from '../../core/json/fault.ts';
import { parseJson } from '../../core/json/parse.ts';
import { type SegmentCodec, SegmentFault } from '../archive/port.ts';
import type { EvidenceStore } from '../object-lock/port.ts';

/** A file that is larger was not written here, and is not read for it. */
const MAX_SEGMENT_FILE_BYTES = 64 * 1024 * 1024;

export interface SegmentVersion {
  readonly key: string;
  readonly version: string;
  readonly size: number;
}

/**
 * Whether a hold covers any of the segment's entries. Its rows are read only where its key alone does not tell. What is
 * no segment, or holds what is no entry, may be anything: it is held when a hold reaches as far.
 */
export async function isSegmentHeld(
  holds: readonly ActiveHold[],
  categoryDay: CategoryDay,
  { key, version, size }: SegmentVersion,
  { store, codec }: { readonly store: Pick<EvidenceStore, 'fetch'>; readonly codec: SegmentCodec },
): Promise<boolean> {
  const reach = reachOfAll(holds, categoryDay);
  if (reach !== 'some') return reach === 'all';
  if (size > MAX_SEGMENT_FILE_BYTES) return true;
  const bytes = await store.fetch(key, version);
  if (bytes === undefined) return false;
  try {
    const rows = await codec.decode(bytes);
    return rows.some((row) => isHeld(holds, parseJson(row.bytes) as unknown as Entry));
  } catch (error) {
    if (error instanceof SegmentFault || error instanceof JsonFault) return true;
    throw error;
  }
}
