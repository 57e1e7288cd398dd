import { equalBytes } from '../../core/crypto.ts';
import {
  type Course,
  compare,
  decodeVersion,
  type Honest,
  otherVersions,
  sameRow,
  trueRows,
} from '../archive/honest.ts';
import type { ArchiveRow, SegmentRow, StoredVersion } from '../archive/port.ts';
import type { SealPorts } from './port.ts';
import type { ArchivedRows } from './stored.ts';

export interface Judgement {
  /** A version of the segment that begins with the row and holds what the chain has. */
  readonly honest?: Honest;
  readonly isDisputed: boolean;
}

/**
 * What the archive has of a row that begins a segment, by one listing, since others may be writing. Without an honest
 * version, the row is disputed when the archive knows another continuation of the chain there, or a segment that begins
 * with this very row and then goes on otherwise. What does not even follow from what is before is not history.
 */
export async function judge(
  course: Course,
  row: ArchiveRow,
  { key, current }: { readonly key: string; readonly current: StoredVersion | undefined },
  stored: ArchivedRows,
  ports: SealPorts,
): Promise<Judgement> {
  let begins = false;
  for (const version of await otherVersions(key, undefined, ports)) {
    // One in governance mode is nobody's history: nothing here ever writes such a lock.
    if (current?.governed === true && version.version === current.version) continue;
    const claimed = await decodeVersion(key, version, ports);
    const honest = claimed && (await compare(course, row, claimed, ports.codec));
    if (honest !== undefined) return { honest, isDisputed: false };
    // The right entries beside columns that lie are no other history.
    if (claimed === undefined || (await trueRows(course, row, claimed)) !== undefined) continue;
    begins ||= claimed.rows[0] !== undefined && sameRow(claimed.rows[0], row);
  }
  const archived = await stored.at({ position: row.position, link: row.previousLink });
  return { isDisputed: begins || archived.some(({ leafHash }) => !equalBytes(leafHash, row.leafHash)) };
}

/** The lowest position at which one has a row that the other has not. */
export function firstDifference(a: readonly SegmentRow[], b: readonly SegmentRow[]): number | undefined {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [a[i], b[i]];
    if (one === undefined || other === undefined) return (one ?? other)!.position;
    if (!sameRow(one, other)) return Math.min(one.position, other.position);
  }
  return undefined;
}
