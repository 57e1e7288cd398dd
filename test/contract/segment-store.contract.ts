import { describe, expect, test } from '@jest/globals';
import { sha256, toHex } from '../../core/crypto.ts';
import type { LockedObject, SegmentStore } from '../../services/archive/port.ts';
import { MemorySegmentStore } from '../fakes/locked-store.ts';

const DAY_MS = 86_400_000;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const inDays = (days: number) => new Date(Math.ceil(Date.now() / 1000) * 1000 + days * DAY_MS);

let serial = 0;
const freshKey = () =>
  `entries/tenant=acme/category=debug/day=2026-03-01/00-${String(serial++).padStart(16, '0')}.parquet`;

const object = (text: string, days = 2): LockedObject => ({
  bytes: bytesOf(text),
  contentType: 'application/octet-stream',
  metadata: { first: '0', through: '7' },
  retainUntil: inDays(days),
});

/** What services/archive relies on; every store has to keep it. */
export function segmentStoreContract(name: string, open: () => SegmentStore): void {
  describe(`${name} as a segment store`, () => {
    test('creates a key once; the loser changes nothing', async () => {
      const [store, key] = [open(), freshKey()];
      const version = await store.create(key, object('first'));
      expect(version).toEqual(expect.any(String));
      expect(await store.create(key, object('second'))).toBeUndefined();
      expect(await store.create(key, object('first'))).toBeUndefined();
      expect(toHex(await store.read(key, version!))).toBe(toHex(bytesOf('first')));
      expect(await store.versions(key)).toEqual([{ version, size: 5 }]);
    });

    test('one of many creators at the same time wins', async () => {
      const [store, key] = [open(), freshKey()];
      const versions = await Promise.all(Array.from({ length: 8 }, (_, i) => store.create(key, object(`text ${i}`))));
      expect(versions.filter((version) => version !== undefined)).toHaveLength(1);
      expect(await store.versions(key)).toHaveLength(1);
    });

    test('knows its current version: size, digest, lock', async () => {
      const [store, key] = [open(), freshKey()];
      const put = object('known', 5);
      const version = await store.create(key, put);
      const current = await store.current(key);
      expect(current).toMatchObject({ version, size: 5, retainUntil: put.retainUntil, governed: false });
      expect(toHex(current!.sha256!)).toBe(toHex(sha256(put.bytes)));
      expect(Math.abs(current!.lastModified.getTime() - Date.now())).toBeLessThan(60_000);
    });

    test('has nothing under a key that was never written', async () => {
      const [store, key] = [open(), freshKey()];
      expect(await store.current(key)).toBeUndefined();
      expect(await store.versions(key)).toEqual([]);
      expect(await store.replace(key, '"no such tag"', object('new'))).toBeUndefined();
    });

    test('replaces exactly the version that was looked at, and keeps the one before', async () => {
      const [store, key] = [open(), freshKey()];
      const first = await store.create(key, object('first'));
      const { etag } = (await store.current(key))!;
      const second = await store.replace(key, etag, object('second'));
      expect(second).toEqual(expect.any(String));
      expect(await store.replace(key, etag, object('third'))).toBeUndefined();
      expect((await store.versions(key)).map(({ version }) => version)).toEqual([second, first]);
      expect((await store.current(key))!.version).toBe(second);
      expect(toHex(await store.read(key, first!))).toBe(toHex(bytesOf('first')));
    });

    test('does not take one key for the beginning of another', async () => {
      const [store, key] = [open(), freshKey()];
      await store.create(`${key}.copy`, object('copy'));
      expect(await store.versions(key)).toEqual([]);
    });

    test('lengthens a lock and never shortens it', async () => {
      const [store, key] = [open(), freshKey()];
      const version = await store.create(key, object('locked', 3));
      const longer = inDays(9);
      await store.extendLock(key, version!, longer);
      expect((await store.current(key))!.retainUntil).toEqual(longer);
      await expect(store.extendLock(key, version!, inDays(4))).rejects.toThrow();
      expect((await store.current(key))!.retainUntil).toEqual(longer);
    });

    test('refuses a lock that has passed', async () => {
      const [store, key] = [open(), freshKey()];
      await expect(store.create(key, object('late', -1))).rejects.toThrow();
      expect(await store.current(key)).toBeUndefined();
    });
  });
}

segmentStoreContract('memory', () => new MemorySegmentStore());
