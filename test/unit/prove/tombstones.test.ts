// Tombstones that no digest has sealed, slot by slot.
import { expect, test } from '@jest/globals';
import { TOMBSTONE, type Tombstone } from '../../../core/documents/tombstone.ts';
import { tombstoneKey } from '../../../names/log.ts';
import type { EvidenceReader } from '../../../services/log/versions.ts';
import { tombstoneAt, tombstonesFrom } from '../../../services/prove/tombstones.ts';

const AT = '2026-03-02T00:00:00.000Z';

const tombstone = (number: number): Tombstone => ({
  ...{ v: 1, kind: 'tombstone', tenant: 'acme', number, at: AT, category: 'debug', retention: 'P30D' },
  segments: [
    {
      object: { key: 'entries/a', version: 'v', sha256: '00'.repeat(32), bytes: 1 },
      ...{ chain: 0, day: '2026-01-01', first: 0, last: 1 },
    },
  ],
});

/** A store with so many slots taken, of which the named hold no tombstone; it counts what is asked for at the same time. */
function slots(taken: number, empty: readonly number[] = []) {
  const number = new Map(Array.from({ length: taken }, (_, i) => [tombstoneKey('acme', i), i] as const));
  let underWay = 0;
  const seen = { most: 0, asked: 0 };
  const slowly = async <T>(value: T): Promise<T> => {
    seen.most = Math.max(seen.most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 1));
    underWay--;
    return value;
  };
  const store: EvidenceReader = {
    current: async () => undefined,
    find: async () => undefined,
    versions: (key) => {
      seen.asked++;
      return slowly(number.has(key) ? [{ version: 'v', size: 100, lastModified: new Date('2026-03-03') }] : []);
    },
    fetch: (key) => {
      const slot = number.get(key)!;
      return slowly(empty.includes(slot) ? new Uint8Array(3) : TOMBSTONE.format(tombstone(slot)));
    },
  };
  return { store, seen };
}

async function numbersFrom(store: EvidenceReader, from: number): Promise<number[]> {
  const numbers: number[] = [];
  for await (const found of tombstonesFrom(store, 'acme', from)) numbers.push(found.tombstone.number);
  return numbers;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test.each([0, 1, 2, 15, 16, 17, 40])(
  'of %i slots all are read, in order, up to the first that is free',
  async (taken) => {
    const { store } = slots(taken);
    expect(await numbersFrom(store, 0)).toEqual(range(0, taken));
    expect(await numbersFrom(store, 3)).toEqual(range(3, taken));
  },
);

test('a slot that holds none is passed over', async () => {
  const { store } = slots(9, [0, 4, 8]);
  expect(await numbersFrom(store, 0)).toEqual([1, 2, 3, 5, 6, 7]);
  expect([await tombstoneAt(store, 'acme', 4), (await tombstoneAt(store, 'acme', 5))?.tombstone.number]).toEqual([
    ...[undefined, 5],
  ]);
});

test('many are read side by side, and where there is none, one slot is looked at', async () => {
  const many = slots(100);
  await numbersFrom(many.store, 0);
  expect(many.seen.most).toBe(16);
  expect(many.seen.asked).toBeLessThan(100 + 16);
  const none = slots(0);
  await numbersFrom(none.store, 0);
  expect(none.seen.asked).toBe(1);
});
