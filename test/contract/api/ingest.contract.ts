// POST /v1/entries, as docs/api.md has it.
import { describe, expect, test } from '@jest/globals';
import { Api, ENTRY } from '../../support/api.ts';
import { checkChains } from '../../support/check-chain.ts';
import { digestOf, entriesOf } from '../../support/entries.ts';
import { CLAIMS } from '../../unit/functions/requests.ts';

const HASH = expect.stringMatching(/^[0-9a-f]{64}$/);
const problem = (slug: string) => `urn:indelible:problem:${slug}`;

describe('POST /v1/entries', () => {
  test('records one entry and answers its receipt', async () => {
    const api = new Api();
    const { status, headers, body } = await api.post(ENTRY);
    expect(status).toBe(201);
    expect(headers).toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    expect(body).toEqual({
      receipts: [
        {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          chain: 0,
          position: 0,
          leafHash: HASH,
          link: HASH,
          recordedAt: new Date(api.clock.time).toISOString(),
        },
      ],
    });
    expect(api.recorded).toBe(1);
  });

  test('records a batch, with receipts in the order sent', async () => {
    const api = new Api();
    const entries = Array.from({ length: 500 }, (_, i) => ({ ...ENTRY, id: `e-${i}` }));
    const { status, body } = await api.post({ entries });
    expect(status).toBe(201);
    expect(body.receipts.map(({ id }: { id: string }) => id)).toEqual(entries.map(({ id }) => id));
    expect(body.receipts).toEqual([...checkChains(api.memory, 'acme').values()].flat());
  });

  test('takes what API Gateway encoded', async () => {
    const body = Buffer.from(JSON.stringify(ENTRY)).toString('base64');
    expect((await new Api().post(body, { base64: true })).status).toBe(201);
  });

  test('records who wrote it, as the token says and not as the body does', async () => {
    const api = new Api();
    await api.post(ENTRY);
    const { body } = await api.get(0, 0);
    expect(body.entry).toMatchObject({
      tenant: 'acme',
      recorder: { type: 'token', id: 'u-1', issuer: 'https://issuer.example.com', role: 'writer' },
    });
    const forged = await api.post({ ...ENTRY, recorder: { type: 'token', id: 'someone-else' } });
    expect(forged).toMatchObject({ status: 422, body: { errors: [{ pointer: '/recorder' }] } });
  });
});

describe('an Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'order-17' };

  test('makes a repeat answer the first receipts, and record nothing', async () => {
    const api = new Api();
    const first = await api.post({ entries: [ENTRY, ENTRY] }, { headers });
    api.clock.advance(60_000);
    const again = await api.post({ entries: [ENTRY, ENTRY] }, { headers });
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true' });
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(checkChains(api.memory, 'acme').size).toBe(2);
    expect(api.recorded).toBe(2);
  });

  test('goes by the value of the body, not by its spelling', async () => {
    const api = new Api();
    const first = await api.post('{"action":"note.created","actor":{"type":"system"}}', { headers });
    const again = await api.post('{ "actor": {"type": "system"}, "action": "note.created" }', { headers });
    expect(again.text).toBe(first.text);
  });

  test('is refused for another body, and writes nothing', async () => {
    const api = new Api();
    await api.post(ENTRY, { headers });
    const { status, body } = await api.post({ ...ENTRY, outcome: 'failure' }, { headers });
    expect([status, body.type, body.recorded]).toEqual([422, problem('idempotency-mismatch'), 1]);
    expect(api.recorded).toBe(1);
  });

  test('belongs to its tenant', async () => {
    const api = new Api();
    await api.post(ENTRY, { headers });
    const other = await api.post({ ...ENTRY, outcome: 'failure' }, { headers, claims: { [CLAIMS.tenant]: 'globex' } });
    expect(other.status).toBe(201);
    expect(other.headers).not.toHaveProperty('idempotent-replayed');
  });
});

describe('an Idempotency-Key of somebody else', () => {
  const headers = { 'idempotency-key': 'order-17' };
  const as = (claims: Record<string, string>) => ({ headers, claims });

  test.each([
    ['another subject', { sub: 'u-2' }],
    ['the same subject of another issuer', { iss: 'https://other.example.com' }],
  ])('with the same body is another request (%s)', async (_who, claims) => {
    const api = new Api();
    const first = await api.post(ENTRY, { headers });
    const other = await api.post(ENTRY, as(claims));
    expect([other.status, other.headers['idempotent-replayed']]).toEqual([201, undefined]);
    expect(other.body.receipts[0].position).toBe(1);
    expect(other.text).not.toBe(first.text);
    expect((await api.post(ENTRY, as(claims))).text).toBe(other.text);
    expect(api.recorded).toBe(2);
  });

  test('with another body is no mismatch', async () => {
    const api = new Api();
    await api.post(ENTRY, { headers });
    expect((await api.post({ ...ENTRY, outcome: 'failure' }, as({ sub: 'u-2' }))).status).toBe(201);
  });

  test('takes nothing from the bus, nor from the service itself, that has the same key', async () => {
    const api = new Api();
    const { ledger } = api;
    const entries = entriesOf('bus', 1);
    await ledger.append({
      tenant: 'acme',
      entries,
      idempotency: { owner: 'event', key: 'event:17', digest: digestOf('e') },
    });
    await ledger.append({
      tenant: 'acme',
      entries,
      idempotency: { owner: 'system', key: 'event:17', digest: digestOf('s') },
    });
    const sent = await api.post(ENTRY, { headers: { 'idempotency-key': 'event:17' } });
    expect([sent.status, sent.body.receipts[0].position]).toEqual([201, 2]);
  });
});

describe('what is refused', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const metadata = (json: string) => `{"action":"note.created","actor":{"type":"system"},"metadata":${json}}`;

  test.each<[string, number, string, string, string | undefined, string]>([
    ['nothing', 400, 'malformed-json', '', undefined, 'empty'],
    ['broken JSON', 400, 'malformed-json', '/action', '{"action":', 'unexpected-end'],
    ['a duplicate key', 400, 'malformed-json', '/metadata/a', metadata('{"a":1,"a":2}'), 'duplicate-key'],
    ['a lone surrogate', 400, 'malformed-json', '/metadata/a', metadata('{"a":"\\ud800"}'), 'lone-surrogate'],
    ['an unsafe integer', 400, 'malformed-json', '/metadata/a', metadata('{"a":9007199254740993}'), 'unsafe-integer'],
    ['a number without end', 400, 'malformed-json', '/metadata/a', metadata('{"a":1e999}'), 'not-finite'],
    ['a byte order mark', 400, 'malformed-json', '', `\ufeff${metadata('{}')}`, 'byte-order-mark'],
    ['a bare array', 422, 'invalid-entry', '', '[]', 'wrong-type'],
    ['an empty batch', 422, 'invalid-entry', '/entries', '{"entries":[]}', 'empty-batch'],
    ['an unknown field', 422, 'invalid-entry', '/colour', JSON.stringify({ ...ENTRY, colour: 'red' }), 'unknown-field'],
    ['a wrong type', 422, 'invalid-entry', '/action', JSON.stringify({ ...ENTRY, action: 7 }), 'wrong-type'],
    ['no actor', 422, 'invalid-entry', '/actor', '{"action":"note.created"}', 'missing-field'],
    ['a bad time', 422, 'invalid-entry', '/occurredAt', JSON.stringify({ ...ENTRY, occurredAt: 'now' }), 'bad-time'],
    [
      'a future',
      422,
      'invalid-entry',
      '/occurredAt',
      JSON.stringify({ ...ENTRY, occurredAt: '2999-01-01T00:00:00Z' }),
      'future-time',
    ],
    [
      'an unknown category',
      422,
      'invalid-entry',
      '/category',
      JSON.stringify({ ...ENTRY, category: 'gossip' }),
      'unknown-category',
    ],
    [
      'another tenant',
      403,
      'foreign-tenant',
      '/tenant',
      JSON.stringify({ ...ENTRY, tenant: 'globex' }),
      'foreign-tenant',
    ],
  ])('%s is %i %s at %j', async (_, status, slug, pointer, body, code) => {
    const api = new Api();
    const answer = await api.post(body);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ type: problem(slug), status, errors: [{ pointer, code }] });
    expect(answer.status).toBe(status);
    expect(api.memory.commits).toBe(0);
  });

  test('nesting beyond the limit is malformed, within it is not', async () => {
    // The entry is the first level, its metadata the second.
    expect((await new Api().post(metadata(deep(31)))).status).toBe(201);
    for (const levels of [32, 33, 34, 5_000]) {
      const { status, body } = await new Api().post(metadata(deep(levels)));
      expect([status, body.type]).toEqual([400, problem('malformed-json')]);
      expect(body).toMatchObject({ limit: { name: 'nesting', value: 32 }, errors: [{ code: 'too-deep' }] });
    }
  });

  test('a batch names every fault of every entry, and writes nothing', async () => {
    const api = new Api();
    const { status, body } = await api.post({
      entries: [ENTRY, { ...ENTRY, actor: { type: 'user' } }, { ...ENTRY, action: 'x', outcome: 'good' }],
    });
    expect(status).toBe(422);
    const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers.sort()).toEqual([
      '/entries/1/actor/id',
      '/entries/2/action',
      '/entries/2/category',
      '/entries/2/outcome',
    ]);
    expect(api.memory.commits).toBe(0);
  });

  test('no problem repeats a value that was sent', async () => {
    const secret = 'hunter2-is-my-password';
    const { text } = await new Api().post({ ...ENTRY, outcome: secret, source: { ip: secret }, occurredAt: secret });
    expect(text).not.toContain(secret);
  });

  test('limits are printed by the errors that they cause', async () => {
    const api = new Api({ limits: { bodyBytes: 2_000, entryBytes: 600, batchEntries: 2, batchBytes: 1_000 } });
    const filled = { ...ENTRY, metadata: { fill: 'x'.repeat(600) } };
    const body = await api.post({ ...ENTRY, metadata: { fill: 'x'.repeat(2_000) } });
    expect(body).toMatchObject({
      status: 413,
      body: { type: problem('too-large'), limit: { name: 'bodyBytes', value: 2_000 } },
    });
    const entry = await api.post(filled);
    expect(entry).toMatchObject({
      status: 413,
      body: { limit: { name: 'entryBytes', value: 600 }, errors: [{ pointer: '' }] },
    });
    const many = await api.post({ entries: [ENTRY, ENTRY, ENTRY] });
    expect(many).toMatchObject({ status: 413, body: { limit: { name: 'batchEntries', value: 2, got: 3 } } });
    const mixed = await api.post({ entries: [filled, { ...ENTRY, action: 'x' }] });
    expect(mixed).toMatchObject({ status: 422, body: { type: problem('invalid-entry') } });
    expect(api.memory.commits).toBe(0);
  });

  test('strict mode refuses an action that the catalog does not know', async () => {
    const unknown = { ...ENTRY, action: 'spaceship.launched', category: 'other' };
    expect((await new Api().post(unknown)).status).toBe(201);
    expect(await new Api({ strict: true }).post(unknown)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/action', code: 'unknown-action' }] },
    });
  });

  test.each(['admin', 'investigator', 'compliance', 'auditor', 'operator', '', undefined])(
    'the role %p may not write',
    async (role) => {
      const api = new Api();
      const { status, body } = await api.post(ENTRY, { claims: { [CLAIMS.role]: role } });
      expect([status, body.type]).toEqual([403, problem('forbidden-role')]);
      expect(api.memory.commits).toBe(0);
    },
  );

  test('a token without tenant, a wrong type and a bad key have their own problems', async () => {
    const api = new Api();
    const answers = [
      await api.post(ENTRY, { claims: { [CLAIMS.tenant]: undefined } }),
      await api.post(ENTRY, { headers: { 'content-type': 'text/plain' } }),
      await api.post(ENTRY, { headers: { 'idempotency-key': 'a b' } }),
    ];
    expect(answers.map(({ status, body }) => [status, body.type])).toEqual([
      [403, problem('incomplete-token')],
      [415, problem('unsupported-media-type')],
      [400, problem('invalid-idempotency-key')],
    ]);
    expect(api.memory.commits).toBe(0);
  });
});
