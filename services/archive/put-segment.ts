// Writes a run of a chain's rows as a segment under lock, or finds the segment that already holds it.
import { sha256, toHex } from '../../core/crypto.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { type ActiveHold, isHeld } from '../../core/hold/match.ts';
import { segmentKey } from '../../names/archive.ts';
import { SEGMENT_METADATA } from '../../names/segment.ts';
import type { EvidenceRecorder } from '../object-lock/evidence-recorder.ts';
import { lockUntil } from '../object-lock/lock-dates.ts';
import type { LockedObject, StoredVersion } from '../object-lock/port.ts';
import { isIntact, lockFor, ObjectContention, WRITE_ATTEMPTS } from '../object-lock/put-locked.ts';
import type { ArchivePorts, ArchiveSummary } from './context.ts';
import { type ChainCategory, type MatchingSegment, matchOtherVersion, matchVersion } from './match-segment.ts';
import type { ArchiveRow } from './port.ts';

/** What writing a segment takes; where a chain's progress is kept is none of it. */
export type PutSegmentPorts = Omit<ArchivePorts, 'chains'>;

/** The segment that holds a run, and maybe more of the chain behind it. */
export interface StoredSegment {
  readonly object: ObjectRef;
  /** First and last position of the file. */
  readonly first: number;
  readonly last: number;
}

/**
 * Makes sure that a run's first position begins a segment, and returns that segment. It ends with the run, or elsewhere,
 * when somebody, most likely an earlier delivery, wrote it there before.
 *
 * The metadata of a found object is never believed; its bytes are compared with the chain, row by row. One that says
 * otherwise is not ours: it is kept as evidence, and a newer version with the true rows is put over it.
 */
export async function putSegment(
  target: ChainCategory,
  run: readonly ArchiveRow[],
  ports: PutSegmentPorts,
  recorder: EvidenceRecorder,
  summary: ArchiveSummary,
): Promise<StoredSegment> {
  const { store, codec } = ports;
  const first = run[0]!;
  const until = lockUntil(first.day, ports.retention(target.tenant, target.category), ports.now());
  const key = segmentKey(target.tenant, target.category, first.day, target.number, first.position);
  const own = hashed({ bytes: codec.encode(target.number, run), rows: run });
  const holds = await ports.holdsOf(target.tenant);
  const object = segmentObject(own, until, holds);
  const adopt = async (found: StoredVersion, segment: HashedSegment) => {
    await lockFor(store, key, found, until);
    if (anyHeld(holds, segment.rows)) await store.setHold(key, found.version, true);
    return storedSegment(key, found.version, segment);
  };
  const written = (version: string, segment: HashedSegment) => {
    summary.archived(segment.rows.length);
    return storedSegment(key, version, segment);
  };

  for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
    const created = await store.create(key, object);
    if (created !== undefined) return written(created, own);
    const found = await store.current(key);
    if (found === undefined) continue;
    if (isIntact(found, own.sha256)) return adopt(found, own);
    const match = found.governed ? undefined : await matchVersion(target, first, key, found, ports);
    if (match !== undefined) return adopt(found, hashed(match));
    // Evidence first: a crash after the replacement would leave nothing to find at the next delivery.
    await recorder.segment(target.chain, key, found);
    const older = await matchOtherVersion(target, first, key, found.version, ports);
    const segment = older === undefined ? own : hashed(older);
    const replaced = await store.replace(key, found.etag, segmentObject(segment, until, holds));
    if (replaced !== undefined) return written(replaced, segment);
  }
  throw new ObjectContention(key);
}

/** A segment file with its hash, which is computed once. */
export interface HashedSegment extends Pick<MatchingSegment, 'bytes' | 'rows'> {
  readonly sha256: Uint8Array;
}

export function hashed({ bytes, rows }: Pick<MatchingSegment, 'bytes' | 'rows'>): HashedSegment {
  return { bytes, rows, sha256: sha256(bytes) };
}

export function storedSegment(key: string, version: string, segment: HashedSegment): StoredSegment {
  const { bytes, rows, sha256: hash } = segment;
  const object = { key, version, sha256: toHex(hash), bytes: bytes.length };
  return { object, first: rows[0]!.position, last: rows.at(-1)!.position };
}

const through = (rows: readonly ArchiveRow[]) => rows.at(-1)!.position + 1;

const anyHeld = (holds: readonly ActiveHold[], rows: readonly ArchiveRow[]) =>
  holds.length > 0 && rows.some(({ entry }) => isHeld(holds, entry));

export function segmentObject(
  { bytes, rows, sha256: hash }: HashedSegment,
  until: Date,
  holds: readonly ActiveHold[],
): LockedObject {
  return {
    bytes,
    sha256: hash,
    contentType: 'application/vnd.apache.parquet',
    metadata: {
      [SEGMENT_METADATA.first]: String(rows[0]!.position),
      [SEGMENT_METADATA.through]: String(through(rows)),
      [SEGMENT_METADATA.count]: String(rows.length),
      [SEGMENT_METADATA.previousLink]: toHex(rows[0]!.previousLink),
      [SEGMENT_METADATA.link]: toHex(rows.at(-1)!.link),
      [SEGMENT_METADATA.sha256]: toHex(hash),
    },
    retainUntil: until,
    held: anyHeld(holds, rows),
  };
}
