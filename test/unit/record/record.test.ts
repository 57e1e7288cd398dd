// Recording what the system has done.
import { describe, expect, test } from '@jest/globals';
import { zstd } from '../../../adapters/zstd.ts';
import { decodeBlock } from '../../../core/block/codec.ts';
import { NO_EXTRA_REDACTION } from '../../../core/redact/policy.ts';
import { Ledger } from '../../../services/append/ledger.ts';
import { recordSystemEntry, type SystemEvent } from '../../../services/record/record.ts';
import { MemoryBlockStore } from '../../fakes/memory-block-store.ts';
import { FakeClock } from '../../support/clock.ts';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');
const EVENT: SystemEvent = {
  tenant: 'acme',
  occurrence: 'expire/17',
  occurredAt: new Date(NOON - 60_000),
  recorder: { type: 'system', id: 'indelible/expire' },
  input: {
    action: 'audit.expired',
    actor: { type: 'system', id: 'indelible/expire' },
    metadata: { segments: 3, password: 'hunter2' },
  },
};

class Trail {
  now = NOON;
  readonly store = new MemoryBlockStore({ now: () => this.now });
  readonly clock = Object.assign(new FakeClock(), { now: () => this.now });
  readonly ledger = new Ledger({ store: this.store, compression: zstd, clock: this.clock });

  record(event: Partial<SystemEvent> = {}) {
    const recording = { ledger: this.ledger, redaction: NO_EXTRA_REDACTION, now: () => new Date(this.now) };
    return recordSystemEntry(recording, { ...EVENT, ...event });
  }

  entries() {
    const blocks = this.store.blocks('acme#0').flatMap((block) => decodeBlock(block, zstd).entries);
    return blocks.map((bytes) => JSON.parse(Buffer.from(bytes).toString()));
  }
}

describe('what happened to the trail itself', () => {
  test('is an entry like any other, redacted and described', async () => {
    const trail = new Trail();
    const receipt = await trail.record();
    const [entry] = trail.entries();
    expect(entry).toMatchObject({
      ...{ id: receipt.id, tenant: 'acme', action: 'audit.expired', category: 'audit', outcome: 'success' },
      ...{ occurredAt: '2026-03-01T11:59:00.000Z', recordedAt: '2026-03-01T12:00:00.000Z', recorder: EVENT.recorder },
      metadata: { segments: 3, password: '[REDACTED:password]' },
    });
  });

  test('told twice is recorded once, though the second telling knows less', async () => {
    const trail = new Trail();
    const first = await trail.record();
    trail.now += 86_400_000;
    expect(await trail.record({ input: { ...EVENT.input, metadata: {} } })).toEqual(first);
    expect(trail.entries()).toHaveLength(1);
  });

  test('told when nobody remembers is recorded under the same id', async () => {
    const trail = new Trail();
    await trail.record();
    trail.now += 31 * 86_400_000;
    trail.store.expire();
    await trail.record();
    const [again] = trail.entries();
    expect(again.id).toBe((await new Trail().record()).id);
  });

  test('is another entry for another occurrence or tenant', async () => {
    const trail = new Trail();
    const ids = [
      (await trail.record()).id,
      (await trail.record({ occurrence: 'expire/18' })).id,
      (await trail.record({ tenant: 'globex' })).id,
    ];
    expect(new Set(ids).size).toBe(3);
  });

  test('has to be an action of the catalog', async () => {
    await expect(new Trail().record({ input: { ...EVENT.input, action: 'audit.expried' } })).rejects.toThrow();
  });
});
