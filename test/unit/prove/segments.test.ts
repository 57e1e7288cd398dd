// Entries of sealed segments.
import { describe, expect, test } from '@jest/globals';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { sha256, toHex } from '../../../core/crypto.ts';
import type { SealedSegment } from '../../../core/documents/segments.ts';
import type { ListedSegment } from '../../../services/prove/lists.ts';
import { SegmentBodies } from '../../../services/prove/segments.ts';
import { Archiving, some } from '../../support/archiving.ts';

/** A store with one archived segment of three debug entries, and how a sealed list names it. */
async function archived() {
  const archiving = new Archiving();
  await archiving.insert(archiving.ledger([some('debug', 3)]));
  const [key] = archiving.store.keys('entries/');
  const { version, bytes } = archiving.store.object(key!);
  const object = { key: key!, version, sha256: toHex(sha256(bytes)), bytes: bytes.length };
  const segment: SealedSegment = { object, category: 'debug', day: '2026-03-01', positions: '0-2', first: 0, last: 2 };
  const altered: ListedSegment[] = [];
  const bodies = new SegmentBodies({
    store: archiving.store,
    codec: parquetSegments,
    onAltered: (one) => altered.push(one),
  });
  return { store: archiving.store, segment, bodies, altered };
}

describe('the entries of a sealed segment', () => {
  test('are those of the version that was sealed', async () => {
    const { store, segment, bodies, altered } = await archived();
    store.plant(segment.object.key, new Uint8Array(3));
    expect([...(await bodies.of(segment))!.keys()]).toEqual([0, 1, 2]);
    expect(altered).toEqual([]);
  });

  test('are not handed out from memory once the segment has expired', async () => {
    const { store, segment, bodies } = await archived();
    expect((await bodies.of(segment))!.size).toBe(3);
    const { key, version } = segment.object;
    store.object(key).retainUntil = undefined;
    expect(await store.remove(key, version)).toBe('removed');
    expect(await bodies.of(segment)).toBeUndefined();
  });

  test('with other bytes than were sealed are none, and are told of', async () => {
    const { segment, bodies, altered } = await archived();
    const other = { ...segment, object: { ...segment.object, sha256: '0'.repeat(64) } };
    expect(await bodies.of(other)).toBeUndefined();
    expect(altered).toEqual([other]);
  });
});
