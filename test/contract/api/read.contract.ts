// GET of one entry, as docs/api.md has it.
import { describe, expect, test } from '@jest/globals';
import { nextLink } from '../../../core/chain.ts';
import { fromHex, sha256, toHex } from '../../../core/crypto.ts';
import { Api, ENTRY } from '../../support/api.ts';
import { CLAIMS } from '../../unit/functions/requests.ts';

describe('GET /v1/chains/{chain}/entries/{position}', () => {
  test('answers each entry with what binds it to its chain', async () => {
    const api = new Api();
    const { receipts } = (await api.post({ entries: [ENTRY, ENTRY] })).body;
    receipts.push(...(await api.post(ENTRY)).body.receipts);
    let previousLink = toHex(sha256(new TextEncoder().encode('acme#0')));
    for (const { id, chain, position, leafHash, link } of receipts) {
      const { status, body } = await api.get(chain, position);
      expect(status).toBe(200);
      expect(body).toEqual({ entry: expect.objectContaining({ id }), chain, position, leafHash, previousLink, link });
      expect(toHex(nextLink(fromHex(body.previousLink), fromHex(body.leafHash)))).toBe(link);
      previousLink = link;
    }
  });

  test('answers the bytes that were hashed, as they are', async () => {
    const api = new Api();
    await api.post({ ...ENTRY, description: 'Zoë löschte “x”\n\u2028', metadata: { '😀': [1e21, 0.1, -0] } });
    const { text, body } = await api.get(0, 0);
    const bytes = text.slice('{"entry":'.length, text.lastIndexOf(',"chain":'));
    expect(toHex(sha256(Uint8Array.of(0), new TextEncoder().encode(bytes)))).toBe(body.leafHash);
  });

  test('never answers with another tenant’s entry', async () => {
    const api = new Api();
    await api.post(ENTRY);
    expect((await api.get(0, 0)).status).toBe(200);
    expect((await api.get(0, 0, { [CLAIMS.tenant]: 'globex' })).status).toBe(404);
  });

  test('refuses a parameter that it does not have', async () => {
    const api = new Api();
    await api.post(ENTRY);
    const { status, body } = await api.get(0, 0, {}, { form: 'cef' });
    expect([status, body.type]).toEqual([400, 'urn:indelible:problem:invalid-query']);
    expect(body.detail).toBe('There is no parameter "form". This route takes role.');
  });

  const CASE = { ...ENTRY, related: [{ type: 'case', id: 'c-7' }] };

  test.each([
    ['writer', ENTRY, {}],
    ['compliance', ENTRY, { sub: 'u-2' }],
    ['admin', { ...ENTRY, action: 'user.updated' }, { sub: 'u-2' }],
    ['investigator', CASE, { sub: 'u-2', [CLAIMS.cases]: 'c-5 c-7' }],
  ])('%s may read what there is for it', async (role, entry, claims) => {
    const api = new Api();
    await api.post(entry);
    expect((await api.get(0, 0, { ...claims, [CLAIMS.role]: role })).status).toBe(200);
  });

  test.each([
    ['writer', ENTRY, { sub: 'u-2' }],
    ['admin', ENTRY, {}],
    ['investigator', CASE, { [CLAIMS.cases]: 'c-5' }],
    ['investigator', CASE, {}],
  ])('what there is not for %s is as what there is not', async (role, entry, claims) => {
    const api = new Api();
    await api.post(entry);
    const hidden = await api.get(0, 0, { ...claims, [CLAIMS.role]: role });
    const missing = await api.get(0, 7, { ...claims, [CLAIMS.role]: role });
    expect([hidden.status, hidden.text]).toEqual([404, missing.text.replace('at 7', 'at 0')]);
    expect(api.entries().filter(({ action }) => action === 'audit.entry_viewed')).toMatchObject([
      { target: { type: 'entry', reference: '0/0' }, metadata: { rows: 0 } },
      { target: { type: 'entry', reference: '0/7' }, metadata: { rows: 0 } },
    ]);
  });

  test('is recorded: who read which entry, in which role', async () => {
    const api = new Api();
    const { id } = (await api.post(ENTRY)).body.receipts[0];
    await api.get(0, 0, { sub: 'u-2', [CLAIMS.role]: 'compliance' });
    expect(api.entries().slice(1)).toMatchObject([
      {
        ...{ action: 'audit.entry_viewed', category: 'audit_access', outcome: 'success' },
        actor: { type: 'user', id: 'u-2', role: 'compliance' },
        recorder: { type: 'token', id: 'u-2', role: 'compliance' },
        target: { type: 'entry', id, reference: '0/0' },
        metadata: { rows: 1 },
      },
    ]);
  });

  test('a reader is not told of its own administration until somebody else reviews', async () => {
    const claims = { sub: 'u-2', [CLAIMS.role]: 'compliance' };
    for (const [reviewers, status] of [
      [['u-2'], 404],
      [['u-2', 'u-3'], 200],
    ] as const) {
      const api = new Api({ access: { tenants: { acme: { reviewers } } } });
      await api.post({ ...ENTRY, action: 'user.updated', actor: { type: 'user', id: 'u-2' } });
      expect((await api.get(0, 0, claims)).status).toBe(status);
      expect((await api.get(0, 0, { ...claims, sub: 'u-3' })).status).toBe(200);
    }
  });

  test('a plan hides what is older than its window', async () => {
    const api = new Api({ access: { tenants: { acme: { plan: 'starter' } } } });
    await api.post(ENTRY);
    expect((await api.get(0, 0)).status).toBe(200);
    api.clock.advance(31 * 86_400_000);
    expect((await api.get(0, 0)).status).toBe(404);
  });

  test.each(['writer', 'compliance'])('of several roles %s is taken where it is named', async (role) => {
    const api = new Api();
    await api.post(ENTRY);
    const claims = { sub: 'u-2', [CLAIMS.role]: 'writer compliance' };
    const { status } = await api.get(0, 0, claims, { role });
    expect([role, status]).toEqual([role, role === 'writer' ? 404 : 200]);
    expect((await api.get(0, 0, claims)).status).toBe(200);
    expect((await api.get(0, 0, claims, { role: 'admin' })).status).toBe(403);
  });

  test.each(['auditor', 'operator', 'nobody', undefined])('%p may not', async (role) => {
    const api = new Api();
    await api.post(ENTRY);
    const { status, body } = await api.get(0, 0, { [CLAIMS.role]: role });
    expect([status, body.type]).toEqual([403, 'urn:indelible:problem:forbidden-role']);
  });

  test.each([
    [0, 1],
    [1, 0],
    [63, Number.MAX_SAFE_INTEGER],
  ])('chain %p position %p, where nothing is, is 404', async (chain, position) => {
    const api = new Api();
    await api.post(ENTRY);
    const { status, body } = await api.get(chain, position);
    expect([status, body.type]).toEqual([404, 'urn:indelible:problem:not-found']);
  });

  test.each([
    ['64', '0'],
    ['-1', '0'],
    ['00', '0'],
    ['0', '1.0'],
    ['0', '1e3'],
    ['0', '9007199254740992'],
    ['0', ''],
    ['0x0', '0'],
    ['٠', '0'],
  ])('chain %p position %p, which can not be, is 400', async (chain, position) => {
    const { status, body } = await new Api().get(chain, position);
    expect([status, body.type]).toEqual([400, 'urn:indelible:problem:invalid-path']);
  });
});
