import { equalBytes, sha256, toHex } from '../../core/crypto.ts';
import { type ActiveHold, isHeld } from '../../core/hold/match.ts';
import { segmentKey } from '../../names/archive.ts';
import { SEGMENT_METADATA } from '../../names/segment.ts';
import type { ArchivePorts, Tally } from './context.ts';
import { type ArchiveRow, type LockedObject, SegmentFault, type SegmentRow, type StoredVersion } from './port.ts';
import { lockUntil } from './retention.ts';
import { ArchiveContention, isIntact, lockFor, type Witness, WRITE_ATTEMPTS } from './witness.ts';

/** A file that is larger was not written here: windows are a few megabytes, columns repeat some of it. */
const MAX_SEGMENT_FILE_BYTES = 64 * 1024 * 1024;

/** Older versions of a taken key that are searched for an honest one; more were planted to wear the search out. */
const MAX_VERSIONS = 20;

/** Where a run goes, and how the chain is known beyond it. */
export interface Course {
  /** The chain's name. */
  readonly chain: string;
  readonly tenant: string;
  readonly number: number;
  readonly category: string;
  /** The category's verified rows from the window's position `from` to `last`, read ahead of the stream if need be. */
  rowsTo(from: number, last: number): Promise<readonly ArchiveRow[] | undefined>;
}

/**
 * Makes sure that a run's first position begins a segment, and returns the position through which that segment goes:
 * the run's own end, or that of a segment which somebody, most likely an earlier delivery, wrote there before.
 *
 * The metadata of a found object is never believed; its bytes are compared with the chain, row by row. One that says
 * otherwise is not ours: it is kept as evidence, and a newer version with the true rows is put over it.
 */
export async function placeRun(
  course: Course,
  run: readonly ArchiveRow[],
  ports: ArchivePorts,
  witness: Witness,
  tally: Tally,
): Promise<number> {
  const { store, codec } = ports;
  const first = run[0]!;
  const until = lockUntil(first.day, ports.retention(course.tenant, course.category), ports.now());
  const key = segmentKey(course.tenant, course.category, first.day, course.number, first.position);
  const bytes = codec.encode(course.number, run);
  const digest = sha256(bytes);
  const holds = await ports.holdsOf(course.tenant);
  const ours = segmentObject(bytes, run, until, holds);
  const adopt = async (found: StoredVersion, rows: readonly ArchiveRow[]) => {
    await lockFor(store, key, found, until);
    if (anyHeld(holds, rows)) await store.setHold(key, found.version, true);
    return through(rows);
  };

  for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
    if ((await store.create(key, ours)) !== undefined) {
      tally.archived(run.length);
      return through(run);
    }
    const found = await store.current(key);
    if (found === undefined) continue;
    if (isIntact(found, digest)) return adopt(found, run);
    const honest = found.governed ? undefined : await examine(course, first, key, found, ports);
    if (honest !== undefined) return adopt(found, honest.rows);
    // Evidence first: a crash after the replacement would leave nothing to find at the next delivery.
    await witness.segment(course.chain, key, found);
    const older = await honestVersion(course, first, key, found.version, ports);
    const object = older === undefined ? ours : segmentObject(older.bytes, older.rows, until, holds);
    if ((await store.replace(key, found.etag, object)) !== undefined) {
      tally.archived(older === undefined ? run.length : older.rows.length);
      return through(older?.rows ?? run);
    }
  }
  throw new ArchiveContention(key);
}

const through = (rows: readonly ArchiveRow[]) => rows.at(-1)!.position + 1;

const anyHeld = (holds: readonly ActiveHold[], rows: readonly ArchiveRow[]) =>
  holds.length > 0 && rows.some(({ entry }) => isHeld(holds, entry));

function segmentObject(
  bytes: Uint8Array,
  rows: readonly ArchiveRow[],
  until: Date,
  holds: readonly ActiveHold[],
): LockedObject {
  return {
    bytes,
    contentType: 'application/vnd.apache.parquet',
    metadata: {
      [SEGMENT_METADATA.first]: String(rows[0]!.position),
      [SEGMENT_METADATA.through]: String(through(rows)),
      [SEGMENT_METADATA.count]: String(rows.length),
      [SEGMENT_METADATA.previousLink]: toHex(rows[0]!.previousLink),
      [SEGMENT_METADATA.link]: toHex(rows.at(-1)!.link),
      [SEGMENT_METADATA.sha256]: toHex(sha256(bytes)),
    },
    retainUntil: until,
    held: anyHeld(holds, rows),
  };
}

interface Honest {
  readonly bytes: Uint8Array;
  readonly rows: readonly ArchiveRow[];
}

/** The version's rows, if it is a segment that holds exactly what the chain has of the category from `first` on. */
async function examine(
  course: Course,
  first: ArchiveRow,
  key: string,
  found: { readonly version: string; readonly size: number },
  { store, codec }: ArchivePorts,
): Promise<Honest | undefined> {
  if (found.size > MAX_SEGMENT_FILE_BYTES) return undefined;
  const bytes = await store.read(key, found.version);
  let rows: readonly SegmentRow[];
  try {
    rows = await codec.decode(bytes);
  } catch (error) {
    if (error instanceof SegmentFault) return undefined;
    throw error;
  }
  if (rows[0]?.position !== first.position) return undefined;
  const known = await course.rowsTo(first.position, rows.at(-1)!.position);
  if (known === undefined || known.length !== rows.length) return undefined;
  const honest = known.every((row, i) => row.day === first.day && sameRow(row, rows[i]!));
  return honest ? { bytes, rows: known } : undefined;
}

function sameRow(a: SegmentRow, b: SegmentRow): boolean {
  return a.position === b.position && equalBytes(a.link, b.link) && equalBytes(a.bytes, b.bytes);
}

/** Somebody may have put a version over a segment of ours, which is still there, under lock: the newest such one. */
async function honestVersion(
  course: Course,
  first: ArchiveRow,
  key: string,
  current: string,
  ports: ArchivePorts,
): Promise<Honest | undefined> {
  const versions = await ports.store.versions(key);
  for (const version of versions.filter((one) => one.version !== current).slice(0, MAX_VERSIONS)) {
    const honest = await examine(course, first, key, version, ports);
    if (honest !== undefined) return honest;
  }
  return undefined;
}
