// Decides what a segment in the archive says of a row that the chain has: the same, something else, or the same up to a position.
import { equalBytes } from '../../core/crypto.ts';
import { segmentPlace } from '../../names/archive.ts';
import {
  type ChainCategory,
  type DecodedSegment,
  decodeVersion,
  type MatchingSegment,
  matchRows,
  matchSegment,
  otherVersions,
  sameRow,
} from '../archive/match-segment.ts';
import type { ArchiveRow, SegmentRow } from '../archive/port.ts';
import type { StoredVersion } from '../object-lock/port.ts';
import type { OtherRow } from './histories.ts';
import type { SealPorts } from './port.ts';
import { type ArchivedRows, rowsUnderKey } from './stored.ts';

/** What the archive has of a row: a segment that matches, or what it has instead. */
export interface Resolution {
  /** A version of the segment that begins with the row and holds what the chain has. */
  readonly match?: MatchingSegment;
  /** Rows with which the archive goes on otherwise; empty when nothing disputes the row, or what follows it. */
  readonly others: readonly OtherRow[];
  /** Where they begin to do so, if the row itself is not disputed: a version that has what is before. */
  readonly partial?: PartialMatch;
}

/** A segment that holds what the chain has before position `until`, and goes on otherwise. */
interface PartialMatch extends DecodedSegment {
  readonly until: number;
}

/** The rows of the target's category from one position to another, as far as the chain goes. */
export type KnownRows = (from: number, last: number) => Promise<readonly ArchiveRow[]>;

/**
 * What the archive has of a row that begins a segment, by one listing, since others may be writing. Without a version that
 * matches, the row is disputed when the archive knows another continuation of the chain there; what follows it is when a
 * segment begins with this very row and then goes on otherwise. What does not even follow from what is before is not history.
 */
export async function resolveSegment(
  target: ChainCategory & { readonly known: KnownRows },
  row: ArchiveRow,
  { key, current }: { readonly key: string; readonly current: StoredVersion | undefined },
  stored: ArchivedRows,
  ports: SealPorts,
): Promise<Resolution> {
  const others: OtherRow[] = [];
  let longest: PartialMatch | undefined;
  for (const version of await otherVersions(key, undefined, ports)) {
    // One in governance mode is nobody's history: nothing here ever writes such a lock.
    if (current?.governed === true && version.version === current.version) continue;
    const decoded = await decodeVersion(key, version, ports);
    const match = decoded && (await matchSegment(target, row, decoded, ports.codec));
    if (match !== undefined) return { match, others: [] };
    // The right entries beside columns that say something else are no other history.
    if (decoded === undefined || (await matchRows(target, row, decoded)) !== undefined) continue;
    if (decoded.rows[0] === undefined || !sameRow(decoded.rows[0], row)) continue;
    const partial = await partialMatch(target, row, decoded);
    const other = decoded.rows.find(({ position }) => position >= partial.until) ?? decoded.rows.at(-1)!;
    others.push({ ...other, object: { key, version: version.version } });
    if (partial.until <= (longest?.until ?? row.position)) continue;
    if (await isFaithful(target, key, decoded, ports)) longest = partial;
  }
  const archived = await stored.at({ position: row.position, link: row.previousLink });
  const elsewhere = archived.filter(({ leafHash }) => !equalBytes(leafHash, row.leafHash));
  if (elsewhere.length > 0 || longest === undefined) return { others: [...others, ...elsewhere] };
  return { others, partial: longest };
}

/** Whether all of the file belongs under its key, and its columns say what its entries do. */
async function isFaithful(
  { tenant, number }: ChainCategory,
  key: string,
  { version, bytes, rows }: DecodedSegment,
  ports: SealPorts,
) {
  const belonging = rowsUnderKey(rows, tenant, { key, ...segmentPlace(key)!, versions: [] }, version);
  // No column tells what a row builds on.
  const known = belonging.map((row) => ({ ...row, previousLink: row.link }));
  return known.length > 0 && (await ports.codec.isFaithful(bytes, number, known));
}

/** Where the chain does not have it, the segment goes on otherwise too. */
async function partialMatch(
  { known }: { known: KnownRows },
  row: ArchiveRow,
  decoded: DecodedSegment,
): Promise<PartialMatch> {
  const rows = await known(row.position, decoded.rows.at(-1)!.position);
  // The day is part of the key.
  const ofDay = rows.findIndex(({ day }) => day !== row.day);
  const until = firstDifference(decoded.rows, ofDay < 0 ? rows : rows.slice(0, ofDay));
  return { ...decoded, until: until ?? decoded.rows.at(-1)!.position + 1 };
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
