// Compares an object in the archive with what the chain has: which version of a key is a segment that matches it.
import { equalBytes } from '../../core/crypto.ts';
import type { LockedStore } from '../object-lock/port.ts';
import { type ArchiveRow, type SegmentCodec, SegmentFault, type SegmentRow } from './port.ts';

/** A file that is larger was not written here: windows are a few megabytes, columns repeat some of it. */
const MAX_SEGMENT_FILE_BYTES = 64 * 1024 * 1024;

/** Older versions of a taken key that are searched for one that matches; more than that were planted to make the search costly. */
const MAX_VERSIONS = 20;

/** One category of one chain, whose segments are written or compared, and the chain's verified rows of it. */
export interface ChainCategory {
  /** The chain's name. */
  readonly chain: string;
  readonly tenant: string;
  readonly number: number;
  readonly category: string;
  /** The category's verified rows from the window's position `from` to `last`, read ahead of the stream if need be. */
  rowsTo(from: number, last: number): Promise<readonly ArchiveRow[] | undefined>;
}

/** A segment that is in the archive and holds what the chain has. */
export interface MatchingSegment {
  readonly version: string;
  readonly bytes: Uint8Array;
  readonly rows: readonly ArchiveRow[];
}

export interface SizedVersion {
  readonly version: string;
  readonly size: number;
}

interface Reading {
  readonly store: Pick<LockedStore, 'read' | 'versions'>;
  readonly codec: SegmentCodec;
}

/** The version's rows, if it is a segment that holds exactly what the chain has of the category from `first` on. */
export async function matchVersion(
  target: ChainCategory,
  first: ArchiveRow,
  key: string,
  found: SizedVersion,
  ports: Reading,
): Promise<MatchingSegment | undefined> {
  const segment = await decodeVersion(key, found, ports);
  return segment && matchSegment(target, first, segment, ports.codec);
}

/** What a version holds, whether or not the chain has the same. */
export interface DecodedSegment {
  readonly version: string;
  readonly bytes: Uint8Array;
  readonly rows: readonly SegmentRow[];
}

/** The same with the chain's own rows, if those are the ones that it holds, and if its other columns say what they do. */
export async function matchSegment(
  target: ChainCategory,
  first: ArchiveRow,
  decoded: DecodedSegment,
  codec: SegmentCodec,
): Promise<MatchingSegment | undefined> {
  const rows = await matchRows(target, first, decoded);
  if (rows === undefined || !(await codec.isFaithful(decoded.bytes, target.number, rows))) return undefined;
  return { version: decoded.version, bytes: decoded.bytes, rows };
}

/** The chain's own rows, if those are what it holds. */
export async function matchRows(
  target: ChainCategory,
  first: ArchiveRow,
  { rows }: DecodedSegment,
): Promise<readonly ArchiveRow[] | undefined> {
  if (rows[0]?.position !== first.position) return undefined;
  const known = await target.rowsTo(first.position, rows.at(-1)!.position);
  if (known === undefined || known.length !== rows.length) return undefined;
  return known.every((row, i) => row.day === first.day && sameRow(row, rows[i]!)) ? known : undefined;
}

/** Undefined when it is no segment. */
export async function decodeVersion(
  key: string,
  { version, size }: SizedVersion,
  { store, codec }: Reading,
): Promise<DecodedSegment | undefined> {
  if (size > MAX_SEGMENT_FILE_BYTES) return undefined;
  const bytes = await store.read(key, version);
  try {
    return { version, bytes, rows: await codec.decode(bytes) };
  } catch (error) {
    if (error instanceof SegmentFault) return undefined;
    throw error;
  }
}

export function sameRow(a: SegmentRow, b: SegmentRow): boolean {
  return a.position === b.position && equalBytes(a.link, b.link) && equalBytes(a.bytes, b.bytes);
}

/** Somebody may have put a version over a segment of ours, which is still there, under lock: the newest such one. */
export async function matchOtherVersion(
  target: ChainCategory,
  first: ArchiveRow,
  key: string,
  current: string | undefined,
  ports: Reading,
): Promise<MatchingSegment | undefined> {
  for (const version of await otherVersions(key, current, ports)) {
    const match = await matchVersion(target, first, key, version, ports);
    if (match !== undefined) return match;
  }
  return undefined;
}

/** Versions of the key beside the current one, newest first. */
export async function otherVersions(
  key: string,
  current: string | undefined,
  { store }: Pick<Reading, 'store'>,
): Promise<readonly SizedVersion[]> {
  const versions = await store.versions(key);
  return versions.filter(({ version }) => version !== current).slice(0, MAX_VERSIONS);
}
