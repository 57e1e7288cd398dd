import { describe, expect, test } from '@jest/globals';
import { sha256, toHex } from '../../../core/crypto.ts';
import { CONTENTS } from '../../../core/documents/contents.ts';
import { contentsKey, digestKey } from '../../../names/log.ts';
import { Serving, sealed } from '../../support/serving.ts';

describe('roles and tenants', () => {
  const paths = {
    proof: { path: { chain: 0, position: 0 } },
    digests: {},
    document: { path: { sha256: '00'.repeat(32) }, query: { key: contentsKey('acme', 0) } },
    chainTile: { path: { chain: 0, proxy: '0/000.p/6' } },
    bodies: { path: { chain: 0 } },
  } as const;
  type Route = keyof typeof paths;
  const routes = Object.keys(paths) as Route[];
  const exports = routes.filter((route) => route !== 'proof');

  test.each([
    ...['auditor', 'operator', 'nobody'].flatMap((role) => routes.map((route) => [role, route] as const)),
    ...['writer', 'admin', 'investigator'].flatMap((role) => exports.map((route) => [role, route] as const)),
  ])('%s may not ask for %s', async (role, route) => {
    const { status, json } = await new Serving(await sealed(1)).get(route, { ...paths[route], role });
    expect([status, json.type]).toEqual([403, 'urn:indelible:problem:forbidden-role']);
  });

  test.each(['writer', 'admin', 'investigator', 'compliance'])('%s may ask for proofs', async (role) => {
    expect((await new Serving(await sealed(1)).get('proof', { ...paths.proof, role })).status).toBe(200);
  });

  /** Everything that names acme's evidence, asked for by a tenant that has its own and by one that has none. */
  test.each(['globex', 'initech'].flatMap((tenant) => routes.map((route) => [tenant, route] as const)))(
    '%s gets nothing of acme by %s',
    async (tenant, route) => {
      const deployment = await sealed(1);
      const digest = deployment.digest('acme', 0);
      const contents = CONTENTS.parse(deployment.store.object(digest.contents!.key).bytes);
      const named = [digest.contents!, ...contents.segments, { ...digest.contents!, key: digestKey('acme', 0) }];
      const asks =
        route === 'document'
          ? named.map(({ key, sha256: hash }) => ({ path: { sha256: hash }, query: { key } }))
          : [0, 2].map((chain) => ({ path: { ...(paths[route] as { path?: object }).path, chain } }));
      const serving = new Serving(deployment);
      for (const ask of asks) {
        const { status, text } = await serving.get(route, { ...ask, tenant });
        expect(text).not.toContain('acme"');
        const chain = 'chain' in ask.path ? ask.path.chain : undefined;
        const own = route === 'digests' || (tenant === 'globex' && chain === 0 && route !== 'chainTile');
        expect([route, status]).toEqual([route, own ? 200 : 404]);
      }
    },
  );

  test.each([
    ['entries/tenant=acme/category=payment/day=2026-03-01/00-0000000000000000.parquet'],
    ['seals/0000000000/plan.json'],
    ['seals/0000000000/checkpoint'],
    ['log/tile/entries/000.p/2'],
    ['contents/tenant=acme'],
    ['contents/tenant=acme2/0000000000.json'],
    ['contents/tenant=globex/0000000000.json'],
    ['contents/tenant=acme/../tenant=globex/0000000000.json'],
    ['digests/tenant=globex/0000000000.json'],
    [''],
  ])('no key but that of an own document has one, whatever is there: %s', async (key) => {
    const deployment = await sealed(1);
    const { store } = deployment;
    const serving = new Serving(deployment);
    const there = store.keys().includes(key) ? toHex(sha256(store.object(key).bytes)) : '00'.repeat(32);
    expect((await serving.get('document', { path: { sha256: there }, query: { key } })).status).toBe(404);
  });
});
