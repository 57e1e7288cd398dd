// The function that records events of the bus.
import { describe, expect, test } from '@jest/globals';
import { zstd } from '../../../adapters/zstd.ts';
import { decodeBlock } from '../../../core/block/codec.ts';
import type { JsonObject } from '../../../core/json/value.ts';
import { readTenantRules } from '../../../functions/events/observe/rules.ts';
import { Api, ENTRY } from '../../support/api.ts';
import { checkChains } from '../../support/check-chain.ts';
import { busEvent, trailEvent } from '../../unit/observe/events.ts';

function entriesOf(api: Api, tenant: string): JsonObject[] {
  return api.memory
    .blocks(`${tenant}#0`)
    .flatMap((block) => decodeBlock(block, zstd).entries)
    .map((bytes) => JSON.parse(Buffer.from(bytes).toString()));
}

describe('an event from the bus', () => {
  test('becomes an entry that says who recorded it and from where', async () => {
    const api = new Api();
    await api.observe(trailEvent({}));
    expect(entriesOf(api, 'system')).toMatchObject([
      {
        action: 's3.get_bucket_policy',
        tenant: 'system',
        recorder: { type: 'principal', id: 'aws.s3', issuer: 'events.amazonaws.com/111122223333' },
      },
    ]);
  });

  test('is recorded once, however often it is delivered', async () => {
    const api = new Api();
    const event = busEvent({ resources: ['urn:indelible:tenant:acme'] });
    const first = await api.observe(event);
    api.clock.advance(3_600_000);
    expect(await api.observe(structuredClone(event))).toEqual(first);
    expect(checkChains(api.memory, 'acme').size).toBe(1);
  });

  test('of AWS is recorded in strict mode too; an application has to keep to the catalog', async () => {
    const api = new Api({ strict: true });
    await api.observe(trailEvent({}));
    const native = (action: string) =>
      busEvent({ id: action, 'detail-type': 'Audit Entry', detail: { ...ENTRY, action, category: 'other' } });
    await expect(api.observe(native('spaceship.launched'))).rejects.toMatchObject({ name: 'EntryRejected' });
    expect(checkChains(api.memory, 'system').size).toBe(1);
  });

  test('that carries a faulty entry, or another tenant’s, is refused whole', async () => {
    const api = new Api();
    const native = (detail: JsonObject) => busEvent({ 'detail-type': 'Audit Entry', detail });
    await expect(api.observe(native({ ...ENTRY, actor: { type: 'user' } }))).rejects.toMatchObject({
      faults: [{ pointer: '/actor/id' }],
    });
    await expect(api.observe(native({ ...ENTRY, tenant: 'acme' }))).rejects.toMatchObject({ name: 'ForeignTenant' });
    expect(api.memory.commits).toBe(0);
  });
});

describe('an event of any size', () => {
  const size = (api: Api) => api.memory.blocks('system#0').map((block) => decodeBlock(block, zstd).entries[0]!.length);

  test.each<[string, JsonObject]>([
    ['one huge text', { policy: 'p'.repeat(250_000) }],
    ['a long list', { items: Array.from({ length: 10_000 }, (_, i) => ({ id: `i-${i}` })) }],
    ['many members', Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, 'value']))],
    ['characters of four bytes', { text: '😀'.repeat(60_000) }],
    ['control characters, which JSON spells with six', { text: '\u0001'.repeat(60_000) }],
    ['long names', { ['k'.repeat(100_000)]: 1 }],
  ])('%s is recorded, with what was cut listed', async (_, detail) => {
    const api = new Api();
    await api.observe(busEvent({ detail }));
    const [entry] = entriesOf(api, 'system') as [{ metadata: { cut: unknown } }];
    expect(entry.metadata.cut).toEqual(expect.arrayContaining([expect.objectContaining({ reason: 'size' })]));
    expect(size(api)[0]).toBeLessThanOrEqual(60_000);
  });

  test('whose redactions outgrow the entry is recorded with less of the original', async () => {
    const api = new Api();
    const detail = Object.fromEntries(Array.from({ length: 1_500 }, (_, i) => [`p${i}`, { password: 'x' }]));
    await api.observe(busEvent({ detail }));
    const [entry] = entriesOf(api, 'system') as [{ action: string; metadata: object }];
    expect(entry.action).toBe('com_acme_orders.order_placed');
    expect(JSON.stringify(entry.metadata)).not.toContain('"x"');
    expect(size(api)[0]).toBeLessThanOrEqual(60_000);
  });
});

describe('the tenants of sources', () => {
  test('come from the environment, checked', () => {
    expect(readTenantRules({ SYSTEM_TENANT: 'ops', SOURCE_TENANTS: '{"com.acme":"acme"}' })).toEqual({
      systemTenant: 'ops',
      sourceTenants: { 'com.acme': 'acme' },
    });
  });

  test.each([{}, { SYSTEM_TENANT: 'a#b' }, { SYSTEM_TENANT: 'ops', SOURCE_TENANTS: '{"com.acme":7}' }])(
    '%j stops the start',
    (environment) => {
      expect(() => readTenantRules(environment)).toThrow(expect.objectContaining({ name: 'EnvironmentError' }));
    },
  );
});
