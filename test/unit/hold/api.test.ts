// The routes of legal holds.
import { describe, expect, test } from '@jest/globals';
import { HoldApi } from '../../support/hold-api.ts';

const SCOPE = { subject: 'u-17', category: 'payment', from: '2026-01-01T00:00:00+01:00', to: '2026-03-01T00:00:00Z' };
const BODY = { reason: 'Suit 17-204', scope: SCOPE };
const problem = (slug: string) => `urn:indelible:problem:${slug}`;

describe('POST /v1/holds', () => {
  test('applies a hold, records it and starts the sweep', async () => {
    const api = new HoldApi();
    const { status, body } = await api.post(BODY);
    expect(status).toBe(201);
    const scope = { ...SCOPE, from: '2025-12-31T23:00:00.000Z', to: '2026-03-01T00:00:00.000Z' };
    const applied = { at: '2026-03-01T12:00:00.000Z', by: 'officer-1', role: 'compliance', reason: 'Suit 17-204' };
    expect(body).toEqual({ hold: { id: 'id-1', status: 'active', scope, applied } });
    expect(api.store.keys()).toEqual(['holds/tenant=acme/0000000000.json']);
    expect(api.entries()).toMatchObject([
      {
        ...{ action: 'hold.applied', category: 'legal_hold', actor: { type: 'user', id: 'officer-1' } },
        ...{ target: { type: 'legal_hold', id: 'id-1' }, metadata: { reason: 'Suit 17-204', scope, event: 0 } },
        recorder: { type: 'token', id: 'officer-1', role: 'compliance' },
      },
    ]);
    expect([...api.started.values()]).toEqual([{ tenant: 'acme', hold: 'id-1' }]);
    expect([...api.started.keys()][0]).toMatch(/^[A-Za-z0-9-]{1,80}$/);
  });

  test('with the same key does so once, whatever became of the answer', async () => {
    const api = new HoldApi();
    const first = await api.post(BODY, { key: 'suit-17' });
    api.now += 40 * 86_400_000;
    const again = await api.post(BODY, { key: 'suit-17' });
    expect([again.status, again.headers['idempotent-replayed'], first.headers['idempotent-replayed']]).toEqual([
      ...[201, 'true', undefined],
    ]);
    expect(again.body).toEqual(first.body);
    expect(api.store.keys()).toHaveLength(1);
    expect(api.started.size).toBe(1);
  });

  test('with the same key from another tenant is another hold', async () => {
    const api = new HoldApi();
    const [acme, globex] = [await api.post(BODY, { key: 'k' }), await api.post(BODY, { key: 'k', tenant: 'globex' })];
    expect(acme.body.hold.id).not.toBe(globex.body.hold.id);
    expect((await api.list({ tenant: 'globex' })).body.holds).toHaveLength(1);
  });

  test('with the same key of another subject is another hold', async () => {
    const api = new HoldApi();
    const [one, other] = [await api.post(BODY, { key: 'k' }), await api.post(BODY, { key: 'k', subject: 'officer-2' })];
    expect([other.status, other.headers['idempotent-replayed']]).toEqual([201, undefined]);
    expect(other.body.hold.id).not.toBe(one.body.hold.id);
  });

  test.each([
    ['another reason', { ...BODY, reason: 'Suit 18' }],
    ['another scope', { ...BODY, scope: {} }],
  ])('with the same key and %s is refused', async (_what, body) => {
    const api = new HoldApi();
    await api.post(BODY, { key: 'k' });
    const answer = await api.post(body, { key: 'k' });
    expect([answer.status, answer.body.type]).toEqual([422, problem('idempotency-mismatch')]);
    expect(api.store.keys()).toHaveLength(1);
  });

  test('of many at once gives each its own slot', async () => {
    const api = new HoldApi();
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => api.post(BODY, { key: `k-${i % 6}` })));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(201));
    expect((await api.list()).body.holds).toHaveLength(6);
    expect(api.store.keys()).toHaveLength(6);
    expect(api.entries()).toHaveLength(6);
  });

  test.each<[string, unknown, [string, string][]]>([
    ['an array', [], [['', 'wrong-type']]],
    [
      'nothing',
      {},
      [
        ['/reason', 'missing-field'],
        ['/scope', 'missing-field'],
      ],
    ],
    ['no scope', { reason: 'r' }, [['/scope', 'missing-field']]],
    ['a blank reason', { reason: ' \n', scope: {} }, [['/reason', 'bad-format']]],
    ['a reason that is no text', { reason: 7, scope: {} }, [['/reason', 'wrong-type']]],
    ['a reason without end', { reason: 'r'.repeat(2_001), scope: {} }, [['/reason', 'too-long']]],
    ['a scope that is no object', { reason: 'r', scope: null }, [['/scope', 'wrong-type']]],
    [
      'unknown members',
      { reason: 'r', scope: { who: 'x' }, until: 1 },
      [
        ['/until', 'unknown-field'],
        ['/scope/who', 'unknown-field'],
      ],
    ],
    ['an unknown category', { reason: 'r', scope: { category: 'payments' } }, [['/scope/category', 'not-allowed']]],
    ['a blank subject', { reason: 'r', scope: { subject: ' ' } }, [['/scope/subject', 'bad-format']]],
    ['an empty subject', { reason: 'r', scope: { subject: '' } }, [['/scope/subject', 'too-short']]],
    ['a subject with a line feed', { reason: 'r', scope: { subject: 'u\n1' } }, [['/scope/subject', 'bad-format']]],
    [
      'a target without a type',
      { reason: 'r', scope: { target: { id: 'i-1' } } },
      [['/scope/target/type', 'missing-field']],
    ],
    [
      'a target with a name',
      { reason: 'r', scope: { target: { type: 't', name: 'n' } } },
      [['/scope/target/name', 'unknown-field']],
    ],
    ['a day instead of a time', { reason: 'r', scope: { from: '2026-01-01' } }, [['/scope/from', 'bad-time']]],
    ['a day that no month has', { reason: 'r', scope: { to: '2026-02-30T00:00:00Z' } }, [['/scope/to', 'bad-time']]],
    [
      'a range that is empty',
      { reason: 'r', scope: { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' } },
      [['/scope/to', 'empty-range']],
    ],
    ['a member named by a pointer', { reason: 'r', scope: { 'a/b': 1 } }, [['/scope/a~1b', 'unknown-field']]],
  ])('refuses %s', async (_what, body, faults) => {
    const api = new HoldApi();
    const answer = await api.post(body);
    expect([answer.status, answer.body.type]).toEqual([422, problem('invalid-hold')]);
    const found = answer.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]);
    expect(found.sort()).toEqual(faults.sort());
    expect([api.store.keys(), api.entries(), api.started.size]).toEqual([[], [], 0]);
  });

  test.each<[string, string, object, number, string]>([
    ['a writer', JSON.stringify(BODY), { role: 'writer' }, 403, 'forbidden-role'],
    ['an auditor', JSON.stringify(BODY), { role: 'auditor' }, 403, 'forbidden-role'],
    ['no tenant', JSON.stringify(BODY), { tenant: '' }, 403, 'incomplete-token'],
    ['a key with a blank', JSON.stringify(BODY), { key: 'a b' }, 400, 'invalid-idempotency-key'],
    [
      'another media type',
      JSON.stringify(BODY),
      { headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported-media-type',
    ],
    ['what is no JSON', '{"reason":', {}, 400, 'malformed-json'],
    ['a reason twice', '{"reason":"a","reason":"b","scope":{}}', {}, 400, 'malformed-json'],
    ['too much', JSON.stringify({ ...BODY, reason: 'r'.repeat(70_000) }), {}, 413, 'too-large'],
  ])('refuses %s', async (_what, body, sent, status, slug) => {
    const api = new HoldApi();
    const answer = await api.post(body, sent);
    expect([answer.status, answer.body.type]).toEqual([status, problem(slug)]);
    expect(api.store.keys()).toEqual([]);
  });

  test('repeats nothing of what was sent', async () => {
    const { text } = await new HoldApi().post({ reason: 'r', scope: { category: 'secret-of-the-body' } });
    expect(text).not.toContain('secret-of-the-body');
  });
});

describe('POST /v1/holds/{id}/release', () => {
  test('releases a hold, records it and starts another sweep', async () => {
    const api = new HoldApi();
    const { id } = (await api.post(BODY)).body.hold;
    api.now += 86_400_000;
    const { status, body } = await api.release(id, { reason: 'Settled' }, { subject: 'officer-2' });
    expect(status).toBe(200);
    const released = { at: '2026-03-02T12:00:00.000Z', by: 'officer-2', role: 'compliance', reason: 'Settled' };
    expect(body.hold).toMatchObject({ id, status: 'released', applied: { by: 'officer-1' }, released });
    expect(api.entries().map(({ action, actor }) => [action, actor.id])).toEqual([
      ...[
        ['hold.applied', 'officer-1'],
        ['hold.released', 'officer-2'],
      ],
    ]);
    expect(api.started.size).toBe(2);
  });

  test('once: a second release is a conflict', async () => {
    const api = new HoldApi();
    const { id } = (await api.post(BODY)).body.hold;
    await api.release(id, { reason: 'Settled' });
    const again = await api.release(id, { reason: 'Settled' });
    expect([again.status, again.body.type]).toEqual([409, problem('already-released')]);
    expect([api.store.keys().length, api.entries().length, api.started.size]).toEqual([2, 2, 2]);
  });

  test('with a key may be repeated by the same caller, for the same reason', async () => {
    const api = new HoldApi();
    const { id } = (await api.post(BODY)).body.hold;
    await api.release(id, { reason: 'Settled' }, { key: 'r-1' });
    const again = await api.release(id, { reason: 'Settled' }, { key: 'r-1' });
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([200, 'true']);
    expect((await api.release(id, { reason: 'Other' }, { key: 'r-1' })).status).toBe(409);
    expect((await api.release(id, { reason: 'Settled' }, { key: 'r-1', subject: 'officer-2' })).status).toBe(409);
  });

  test('of a hold that there is not, or that is of another tenant, is not found', async () => {
    const api = new HoldApi();
    const { id } = (await api.post(BODY)).body.hold;
    for (const answer of [
      await api.release('id-9', { reason: 'r' }),
      await api.release(id, { reason: 'r' }, { tenant: 'globex' }),
    ]) {
      expect([answer.status, answer.body.type]).toEqual([404, problem('not-found')]);
    }
    expect(api.store.keys()).toHaveLength(1);
  });

  test.each([{}, { reason: '' }, { reason: 'r', scope: {} }, []])('refuses %j', async (body) => {
    const api = new HoldApi();
    const { id } = (await api.post(BODY)).body.hold;
    expect((await api.release(id, body)).body.type).toBe(problem('invalid-hold'));
    expect((await api.release(id, { reason: 'r' }, { role: 'auditor' })).status).toBe(403);
    expect((await api.list()).body.holds[0].status).toBe('active');
  });
});

describe('GET /v1/holds', () => {
  test('lists all, or those of a status', async () => {
    const api = new HoldApi();
    const [one, two] = [(await api.post(BODY)).body.hold, (await api.post(BODY)).body.hold];
    await api.release(one.id, { reason: 'over' });
    const ids = async (query: Record<string, string>, role = 'admin') =>
      (await api.list({ query, role })).body.holds.map(({ id }: { id: string }) => id);
    expect([await ids({}), await ids({ status: 'active' }), await ids({ status: 'released' })]).toEqual([
      ...[[one.id, two.id], [two.id], [one.id]],
    ]);
  });

  test('refuses other statuses and roles', async () => {
    const api = new HoldApi();
    expect((await api.list({ query: { status: 'gone' } })).body.type).toBe(problem('invalid-query'));
    for (const role of ['writer', 'investigator', 'auditor', 'operator']) {
      expect((await api.list({ role })).status).toBe(403);
    }
    expect((await api.list()).body).toEqual({ holds: [] });
  });

  test('says in the trail who listed them, and who was refused', async () => {
    const api = new HoldApi();
    await api.post(BODY);
    await api.list({ query: { status: 'active' }, subject: 'u-3', role: 'admin' });
    await api.list({ subject: 'u-4', role: 'auditor' });
    expect(api.reads().map(({ action, actor, outcome, metadata }) => [action, actor, outcome, metadata])).toEqual([
      ['audit.holds_viewed', { type: 'user', id: 'u-3', role: 'admin' }, 'success', { status: 'active', holds: 1 }],
      [
        ...['audit.access.denied', { type: 'user', id: 'u-4', role: 'auditor' }, 'denied'],
        { operation: 'listHolds', roles: ['auditor'] },
      ],
    ]);
  });

  test.each(['lost', 'persisted'] as const)(
    'answers nothing where the read can not be recorded (%s)',
    async (fault) => {
      const api = new HoldApi();
      await api.post(BODY);
      api.fault = () => fault;
      const { status, headers, body } = await api.list();
      expect([status, body.type, headers['retry-after']]).toEqual([503, problem('not-recorded'), '1']);
      expect(JSON.stringify(body)).not.toContain('Suit');
    },
  );
});
