// The runs of sealed segment lists.
import { describe, expect, test } from '@jest/globals';
import { sha256, toHex } from '../../../core/crypto.ts';
import { SEGMENT_LIST, type SealedSegment, type SegmentList } from '../../../core/documents/segments.ts';
import type { EvidenceReader } from '../../../services/log/versions.ts';
import { KnownLists, type ListedSegment, ListRuns } from '../../../services/prove/lists.ts';

const segment = (name: string, positions: string): SealedSegment => ({
  object: { key: `entries/${name}`, version: name, sha256: '0'.repeat(64), bytes: 1 },
  ...{ category: 'payment', day: '2026-03-01', positions, first: 0, last: 99 },
});

const listOf = (from: number, ...segments: SealedSegment[]): SegmentList => ({
  ...{ v: 1, kind: 'segments', tenant: 'acme', chain: 0, seal: 0, from, through: from + 100, segments },
});

const names = (runs: Iterable<{ first: number; last: number; segment: ListedSegment }>) =>
  [...runs].map(({ first, last, segment: { object } }) => `${object.version}:${first}-${last}`);

describe('the runs of a list', () => {
  const runs = new ListRuns(listOf(0, segment('a', '0-3,6,9-12'), segment('b', '4-5,7-8'), segment('c', '13-99')));

  test.each([
    [0, ['a:0-3', 'b:4-5', 'a:6-6', 'b:7-8', 'a:9-12', 'c:13-99']],
    [3, ['a:0-3', 'b:4-5', 'a:6-6', 'b:7-8', 'a:9-12', 'c:13-99']],
    [4, ['b:4-5', 'a:6-6', 'b:7-8', 'a:9-12', 'c:13-99']],
    [8, ['b:7-8', 'a:9-12', 'c:13-99']],
    [99, ['c:13-99']],
    [100, []],
  ])('from %i on begin with the one that holds it', (position, expected) => {
    expect(names(runs.from(position))).toEqual(expected);
  });

  test('of a list whose segments overlap are all those that reach the position', () => {
    const overlapping = new ListRuns(
      listOf(0, segment('wide', '0-50'), segment('in', '10-20'), segment('late', '60-99')),
    );
    expect(names(overlapping.from(30))).toEqual(['wide:0-50', 'late:60-99']);
    expect(names(overlapping.from(15))).toEqual(['wide:0-50', 'in:10-20', 'late:60-99']);
  });

  test('of a segment whose positions can not be read are none', () => {
    expect(names(new ListRuns(listOf(0, segment('bad', '5-1'), segment('good', '0-4'))).from(0))).toEqual(['good:0-4']);
  });
});

/** A store of documents by key, which counts what it is asked for, and how one is named. */
function storing() {
  const objects = new Map<string, Uint8Array>();
  const read: string[] = [];
  const store: EvidenceReader = {
    current: async () => undefined,
    versions: async () => [],
    find: async () => undefined,
    fetch: async (key) => {
      read.push(key);
      return objects.get(key);
    },
  };
  const put = (key: string, list: SegmentList) => {
    const bytes = SEGMENT_LIST.format(list);
    objects.set(key, bytes);
    return { key, version: 'v1', sha256: toHex(sha256(bytes)), bytes: bytes.length };
  };
  return { store, put, objects, read };
}

/** Positions of which no two are neighbours: as many runs. */
const alternating = (count: number, from: number) => Array.from({ length: count }, (_, i) => from + 2 * i).join(',');

describe('known lists', () => {
  test('are read once', async () => {
    const { store, put, read } = storing();
    const lists = new KnownLists();
    const ref = put('lists/0', listOf(0, segment('a', '0-99')));
    const both = await Promise.all([lists.of(store, ref), lists.of(store, ref)]);
    expect(names((await lists.of(store, ref))!.from(0))).toEqual(['a:0-99']);
    expect([both[0] === both[1], read]).toEqual([true, ['lists/0']]);
  });

  test('that are gone are asked for again', async () => {
    const { store, put, objects, read } = storing();
    const lists = new KnownLists();
    const ref = put('lists/0', listOf(0, segment('a', '0-99')));
    const bytes = objects.get('lists/0')!;
    objects.delete('lists/0');
    expect(await lists.of(store, ref)).toBeUndefined();
    objects.set('lists/0', bytes);
    expect((await lists.of(store, ref))?.length).toBe(1);
    expect(read).toHaveLength(2);
  });

  test('that could not be read are asked for again', async () => {
    const { store, put } = storing();
    const lists = new KnownLists();
    const ref = put('lists/0', listOf(0, segment('a', '0-99')));
    const failing = { ...store, fetch: () => Promise.reject(new Error('busy')) };
    await expect(lists.of(failing, ref)).rejects.toThrow('busy');
    expect((await lists.of(store, ref))?.length).toBe(1);
  });

  test('take a bound of memory: those that were not asked for the longest are forgotten', async () => {
    const { store, put, read } = storing();
    // A run takes 28 bytes in columns.
    const lists = new KnownLists(700_000);
    const large = Array.from({ length: 3 }, (_, i) =>
      put(`lists/${i}`, { ...listOf(0, segment('a', alternating(9_000, 0))), seal: i }),
    );
    for (const ref of large) await lists.of(store, ref);
    await lists.of(store, large[2]!);
    expect(read).toHaveLength(3);
    await lists.of(store, large[0]!);
    expect(read).toEqual(['lists/0', 'lists/1', 'lists/2', 'lists/0']);
  });

  test('of many segments with one run each take that bound too: a segment weighs more than a run', async () => {
    const { store, put, read } = storing();
    const lists = new KnownLists(700_000);
    const wide = (seal: number) => {
      const segments = Array.from({ length: 400 }, (_, i) => segment(`s${i}`, String(i)));
      return put(`lists/${seal}`, { ...listOf(0, ...segments), through: 400, seal });
    };
    // Runs alone would be 34 KB, and all of them kept: with 600 bytes a segment they are 754 KB.
    const refs = [0, 1, 2].map(wide);
    for (const ref of refs) await lists.of(store, ref);
    await lists.of(store, refs[2]!);
    expect(read).toEqual(['lists/0', 'lists/1', 'lists/2']);
    await lists.of(store, refs[0]!);
    expect(read).toEqual(['lists/0', 'lists/1', 'lists/2', 'lists/0']);
  });
});
