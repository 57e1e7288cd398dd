// Writers never fork a chain or start it again.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { zstd } from '../../../adapters/zstd.ts';
import { MAX_BLOCK_BYTES, MAX_BLOCK_ENTRIES } from '../../../core/limits.ts';
import { formGroup } from '../../../services/append/group.ts';
import { Ledger } from '../../../services/append/ledger.ts';
import { Pending } from '../../../services/append/request.ts';
import { MemoryBlockStore } from '../../fakes/memory-block-store.ts';
import { checkChains } from '../../support/check-chain.ts';
import { FakeClock } from '../../support/clock.ts';
import { digestOf, entriesOf, entryOf, noise } from '../../support/entries.ts';

const HOT_WINDOW_MS = 400_000;

const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      ledger: fc.nat({ max: 3 }),
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat({ max: 90_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constant(HOT_WINDOW_MS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('back' as const), ms: fc.nat({ max: 5_000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('expire' as const), odd: fc.boolean() }) },
);

test('writers that sleep as long as they like, while blocks expire in any order, never fork or restart a chain', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60 }), fc.integer({ min: 1 }), async (events, seed) => {
      const clock = new FakeClock(seed);
      const store = new MemoryBlockStore({ now: clock.now, hotWindowMs: HOT_WINDOW_MS });
      const ledgers = [0, 1, 2, 3].map(() => new Ledger({ store, compression: zstd, clock }));
      let acknowledged = 0;
      for (const [i, happening] of events.entries()) {
        if (happening.kind === 'pass') clock.advance(happening.ms);
        if (happening.kind === 'back') clock.advance(-happening.ms);
        if (happening.kind === 'expire') store.expire(({ position }) => (position % 2 === 1) === happening.odd);
        if (happening.kind !== 'append') continue;
        const entries = entriesOf(`r${i}`, happening.count);
        acknowledged += (await ledgers[happening.ledger]!.append({ tenant: 'acme', entries })).length;
      }
      expect(checkChains(store, 'acme').size).toBe(acknowledged);
    }),
    { numRuns: 300 },
  );
});

const noises = Array.from({ length: 8 }, (_, seed) => noise(59_000, seed));
const request = fc.record({
  count: fc.integer({ min: 1, max: 500 }),
  keyed: fc.boolean(),
  noisy: fc.option(fc.nat({ max: 7 }), { nil: undefined, freq: 3 }),
});

test('a group is the longest run from the front that fits, and holds its entries in order', () => {
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 12 }), (requests) => {
      const queue = requests.map(({ count, keyed, noisy }, i) => {
        const fills = noisy === undefined ? undefined : noises.slice(noisy);
        const entries = fills ? fills.map((fill, j) => entryOf(`${i}-${j}`, fill)) : entriesOf(`r${i}`, count);
        const idempotency = keyed ? { owner: 'token:me', key: `k${i}`, digest: digestOf(`k${i}`) } : undefined;
        return new Pending({ tenant: 'acme', entries, idempotency }, 0);
      });
      const { members, contents } = formGroup(queue, zstd);
      expect(members).toEqual(queue.slice(0, members.length));
      expect(members.length).toBeGreaterThan(0);
      expect(contents.flatMap(({ leafHashes }) => leafHashes)).toEqual(
        members.flatMap(({ entries }) => entries.map(({ leafHash }) => leafHash)),
      );
      if (members.length > 1) expect(contents).toHaveLength(1);
      for (const { payload, leafHashes } of contents) {
        expect(payload.length).toBeLessThanOrEqual(MAX_BLOCK_BYTES);
        expect(leafHashes.length).toBeLessThanOrEqual(MAX_BLOCK_ENTRIES);
      }
      const small = requests.every(({ noisy }) => noisy === undefined);
      const total = requests.slice(0, members.length + 1).reduce((sum, { count }) => sum + count, 0);
      if (small && members.length < queue.length) expect(total).toBeGreaterThan(MAX_BLOCK_ENTRIES);
    }),
    { numRuns: 60 },
  );
});
