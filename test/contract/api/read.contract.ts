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

  test.each(['writer', 'admin', 'investigator', 'compliance'])('%s may read', async (role) => {
    const api = new Api();
    await api.post(ENTRY);
    expect((await api.get(0, 0, { [CLAIMS.role]: role })).status).toBe(200);
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
