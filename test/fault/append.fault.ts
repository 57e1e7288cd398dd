// Appending while commits and reads fail.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { zstd } from '../../adapters/zstd.ts';
import { LedgerUnavailable } from '../../services/append/errors.ts';
import { Ledger } from '../../services/append/ledger.ts';
import type { AppendRequest, Receipt } from '../../services/append/request.ts';
import { COMMIT_FAULTS, type CommitFault, FaultyStore } from '../fakes/faulty-store.ts';
import { MemoryBlockStore } from '../fakes/memory-block-store.ts';
import { checkChains } from '../support/check-chain.ts';
import { FakeClock } from '../support/clock.ts';
import { digestOf, entriesOf, entryOf, noise } from '../support/entries.ts';

const TENANT = 'acme';

interface Outcome {
  readonly request: AppendRequest;
  readonly receipts?: readonly Receipt[];
}

async function attempt(ledger: Ledger, request: AppendRequest): Promise<Outcome> {
  try {
    return { request, receipts: await ledger.append(request) };
  } catch (error) {
    expect(error).toBeInstanceOf(LedgerUnavailable);
    return { request };
  }
}

/** Whatever went wrong: chains are whole, what was acknowledged is there once, where its receipt says, byte for byte. */
function checkOutcomes(store: MemoryBlockStore, outcomes: readonly Outcome[]): void {
  const found = checkChains(store, TENANT);
  for (const { request, receipts } of outcomes) {
    const stored = request.entries.map(({ id }) => found.get(id) ?? []);
    for (const copies of stored) expect(copies.length).toBeLessThanOrEqual(1);
    // All or nothing, whether it was acknowledged or not.
    expect(new Set(stored.map((copies) => copies.length)).size).toBe(1);
    if (receipts) expect(receipts).toEqual(stored.flat());
  }
}

const NOISES = Array.from({ length: 15 }, (_, seed) => noise(59_000, seed));

/** A request over two blocks: entries that don't compress, not even against each other. */
const large = (name: string) => NOISES.map((fill, i) => entryOf(`${name}-${i}`, fill));

describe.each(COMMIT_FAULTS)('every write in turn: %s', (fault) => {
  const writes = [0, 1, 2, 3, 4, 5];
  const kinds = {
    'without key': (name: string): AppendRequest => ({ tenant: TENANT, entries: entriesOf(name, 3) }),
    'with key': (name: string): AppendRequest => ({
      tenant: TENANT,
      entries: entriesOf(name, 3),
      idempotency: { owner: 'token:me', key: name, digest: digestOf(name) },
    }),
    'over several blocks': (name: string): AppendRequest => ({ tenant: TENANT, entries: large(name) }),
  };

  test.each(Object.entries(kinds))('%s', async (kind, request) => {
    for (const at of writes) {
      const clock = new FakeClock(at + 1);
      const memory = new MemoryBlockStore({ now: clock.now });
      const script = writes.map((write): CommitFault => (write === at ? fault : 'none'));
      const store = new FaultyStore(memory, script);
      const ledgers = [1, 2].map(() => new Ledger({ store, compression: zstd, clock }));
      const outcomes: Outcome[] = [];
      for (let i = 0; i < 4; i++) outcomes.push(await attempt(ledgers[i % 2]!, request(`r${i}`)));
      await store.settle();
      // One fault is always survived: nobody is told to come again.
      expect(outcomes.filter(({ receipts }) => receipts === undefined)).toEqual([]);
      checkOutcomes(memory, outcomes);
      expect(memory.history('acme#0').length > outcomes.length).toBe(kind === 'over several blocks');
    }
  });
});

test('an outage that lasts is told in time, and nothing is acknowledged', async () => {
  const clock = new FakeClock();
  const memory = new MemoryBlockStore({ now: clock.now });
  const store = new FaultyStore(memory, Array<CommitFault>(1_000).fill('lost-request'));
  const ledger = new Ledger({ store, compression: zstd, clock, deadlineMs: 10_000 });
  const start = clock.now();
  const failure = await ledger.append({ tenant: TENANT, entries: entriesOf('a', 1) }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(LedgerUnavailable);
  expect((failure as LedgerUnavailable).retryAfterSeconds).toBeGreaterThanOrEqual(1);
  expect(clock.now() - start).toBeLessThanOrEqual(10_000);
  expect(memory.history('acme#0')).toEqual([]);
});

test('when the head can not be read, everybody is told in time', async () => {
  const memory = new MemoryBlockStore();
  const store = new FaultyStore(memory, [], Array<boolean>(1_000).fill(true));
  const ledger = new Ledger({ store, compression: zstd, clock: new FakeClock() });
  const outcomes = await Promise.all(
    [1, 2, 3].map((i) => attempt(ledger, { tenant: TENANT, entries: entriesOf(`a${i}`, 1) })),
  );
  expect(outcomes.every(({ receipts }) => receipts === undefined)).toBe(true);
  expect(memory.commits).toBe(0);
});

const step = fc.record({
  ledger: fc.nat({ max: 2 }),
  count: fc.integer({ min: 1, max: 300 }),
  /** Requests of the same key are the same request, sent again. */
  key: fc.option(fc.nat({ max: 5 }), { nil: undefined, freq: 2 }),
  pause: fc.nat({ max: 3 }),
  large: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
});

test('any faults at any writes of any number of writers leave whole chains', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 25 }),
      fc.array(fc.constantFrom(...COMMIT_FAULTS), { maxLength: 40 }),
      fc.array(fc.boolean(), { maxLength: 10 }),
      fc.integer({ min: 1 }),
      async (steps, faults, reads, seed) => {
        const clock = new FakeClock(seed);
        const memory = new MemoryBlockStore({ now: clock.now });
        const store = new FaultyStore(memory, faults, reads);
        const ledgers = [0, 1, 2].map(() => new Ledger({ store, compression: zstd, clock }));
        const requestOf = (i: number): AppendRequest => {
          const { key, count, large: isLarge } = steps[i]!;
          const name = key === undefined ? `plain${i}` : `key${key}`;
          const entries =
            isLarge && key === undefined ? large(name) : entriesOf(name, key === undefined ? count : key + 1);
          return {
            tenant: TENANT,
            entries,
            idempotency: key === undefined ? undefined : { owner: 'token:me', key: name, digest: digestOf(name) },
          };
        };
        const sent: Promise<Outcome>[] = [];
        for (const [i, { ledger, pause }] of steps.entries()) {
          sent.push(attempt(ledgers[ledger]!, requestOf(i)));
          for (let turn = 0; turn < pause; turn++) await new Promise((resolve) => setImmediate(resolve));
        }
        const outcomes = await Promise.all(sent);
        await store.settle();
        checkOutcomes(memory, outcomes);
        // After a restart, every keyed request sent once more gives the receipts that the first one earned.
        const restarted = new Ledger({ store: memory, compression: zstd, clock });
        const keyed = outcomes.filter(({ request }) => request.idempotency !== undefined);
        const again = await Promise.all(keyed.map(({ request }) => attempt(restarted, request)));
        expect(again.every(({ receipts }) => receipts !== undefined)).toBe(true);
        checkOutcomes(memory, [...outcomes, ...again]);
      },
    ),
    { numRuns: 100 },
  );
});
