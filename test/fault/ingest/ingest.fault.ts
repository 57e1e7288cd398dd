// Ingest and read while the ledger fails.
import { describe, expect, test } from '@jest/globals';
import type { Block } from '../../../core/block/block.ts';
import type { BlockReader } from '../../../services/append/port.ts';
import { COMMIT_FAULTS, type CommitFault, FaultyStore } from '../../fakes/faulty-store.ts';
import { MemoryBlockStore } from '../../fakes/memory-block-store.ts';
import { Api, ENTRY, laterThanTheEvents } from '../../support/api.ts';
import { checkChains } from '../../support/check-chain.ts';

/** More attempts than the ledger makes before its deadline. */
const FOR_EVER = 500;
const FAULTS = COMMIT_FAULTS.filter((fault) => fault !== 'none');
const BATCH = { entries: [ENTRY, ENTRY, ENTRY].map((entry, i) => ({ ...entry, id: `e-${i}` })) };

function faulty(commits: readonly CommitFault[], reads: readonly boolean[] = []) {
  const clock = laterThanTheEvents();
  const memory = new MemoryBlockStore({ now: clock.now });
  const store = new FaultyStore(memory, commits, reads);
  return { api: new Api({ clock, memory, store }), store };
}

describe.each(FAULTS)('when the write fails: %s', (fault) => {
  test('for good, the client is told to come back, and has nothing acknowledged', async () => {
    const { api, store } = faulty(Array.from({ length: FOR_EVER }, () => fault));
    const { status, headers, body } = await api.post(BATCH);
    await store.settle();
    if (status === 201) {
      // The ledger found out that the lost answer was a success.
      expect(body.receipts).toEqual([...checkChains(api.memory, 'acme').values()].flat());
      return;
    }
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(body.type).toBe('urn:indelible:problem:unavailable');
    const kept = checkChains(api.memory, 'acme').size;
    expect([0, BATCH.entries.length]).toContain(kept);
    expect(api.recorded).toBe(0);
  });

  test('a client that repeats with its key has each entry exactly once', async () => {
    const headers = { 'idempotency-key': 'k' };
    const { api, store } = faulty(Array.from({ length: 40 }, () => fault));
    let answer = await api.post(BATCH, { headers });
    for (let again = 0; again < 40 && answer.status === 503; again++) answer = await api.post(BATCH, { headers });
    expect(answer.status).toBe(201);
    await store.settle();
    const kept = checkChains(api.memory, 'acme');
    expect([...kept.values()].flat()).toEqual(answer.body.receipts);
    expect((await api.post(BATCH, { headers })).text).toBe(answer.text);
  });

  test('an event that is delivered again is recorded exactly once', async () => {
    const event = {
      id: 'b5a6b7f0-0000-4000-8000-000000000001',
      source: 'com.acme.orders',
      'detail-type': 'Order Placed',
      time: '2026-03-01T09:30:00Z',
      detail: {},
    };
    const { api, store } = faulty(Array.from({ length: 40 }, () => fault));
    let delivered = false;
    for (let again = 0; again < 40 && !delivered; again++) {
      delivered = await api.observe(event).then(
        () => true,
        (error) => {
          expect(error).toMatchObject({ name: 'LedgerUnavailable' });
          return false;
        },
      );
    }
    expect(delivered).toBe(true);
    await store.settle();
    await api.observe(event);
    expect([...checkChains(api.memory, 'system').values()].map((copies) => copies.length)).toEqual([1]);
  });
});

describe('when reading fails', () => {
  test('a cold writer answers 503 until it can see the head', async () => {
    const { api } = faulty(
      [],
      Array.from({ length: FOR_EVER }, () => true),
    );
    expect(await api.post(ENTRY)).toMatchObject({ status: 503 });
    expect(api.memory.commits).toBe(0);
  });

  test('reading an entry back answers 503', async () => {
    const { api } = faulty([], [false, true]);
    await api.post(ENTRY);
    const { status, headers, body } = await api.get(0, 0);
    expect([status, headers['retry-after'], body.type]).toEqual([503, '1', 'urn:indelible:problem:unavailable']);
    expect((await api.get(0, 0)).status).toBe(200);
  });
});

describe('when what is stored was altered', () => {
  /** Somebody with write access to the table, past the policy. */
  class Altered extends MemoryBlockStore implements BlockReader {
    alter: (block: Block) => Block = (block) => block;

    override async blockBefore(chain: string, position: number): Promise<Block | undefined> {
      const block = await super.blockBefore(chain, position);
      return block && this.alter(block);
    }
  }

  test.each<[string, (block: Block) => Block]>([
    ['its link', (block) => ({ ...block, link: block.previousLink })],
    ['its content', (block) => ({ ...block, payload: block.payload.subarray(1) })],
    ['its count', (block) => ({ ...block, count: block.count + 1 })],
  ])('%s, and the archive has nothing yet, reading answers entry-lost and never the entry', async (_, alter) => {
    const memory = new Altered();
    const api = new Api({ memory });
    await api.post(ENTRY);
    memory.alter = alter;
    const { status, body } = await api.get(0, 0);
    expect([status, body.type]).toEqual([409, 'urn:indelible:problem:entry-lost']);
    expect(api.problems.map(({ slug }) => slug)).toEqual(['entry-lost']);
  });
});

test('an unexpected error answers 500 with the id of the request, and nothing of what was sent', async () => {
  class Broken extends MemoryBlockStore {
    override async commit(): Promise<never> {
      throw new TypeError('cannot read Maya of undefined');
    }
  }
  const api = new Api({ store: new Broken() });
  const { status, text, body } = await api.post(ENTRY);
  expect([status, body.type]).toEqual([500, 'urn:indelible:problem:internal']);
  expect(body.instance).toBe('urn:indelible:request:req-1');
  expect(text).not.toContain('Maya');
});
