// Who may read evidence.
import { describe, expect, test } from '@jest/globals';
import { sha256, toHex } from '../../../core/crypto.ts';
import { CONTENTS } from '../../../core/documents/contents.ts';
import { contentsKey, digestKey } from '../../../names/log.ts';
import { PLANS } from '../../support/reading.ts';
import { DAY_MS } from '../../support/sealing.ts';
import { Serving, sealed } from '../../support/serving.ts';

describe('roles and tenants', () => {
  const paths = {
    proof: { path: { chain: 0, position: 0 } },
    digests: {},
    document: { path: { sha256: '00'.repeat(32) }, query: { key: contentsKey('acme', 0) } },
    chainTile: { path: { chain: 0, proxy: '0/000.p/6' } },
    chainTiles: { path: { chain: 0, level: 0 } },
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

  test.each([
    ['compliance', 'u-1', undefined, 200],
    // Whoever recorded them.
    ['writer', 'subject', undefined, 200],
    ['writer', 'u-1', undefined, 404],
    // There are payments, debugging and security here, and no case.
    ['admin', 'u-1', undefined, 404],
    ['investigator', 'u-1', 'c-1', 404],
  ] as const)('%s %s may have proofs of what it may see: cases %p', async (role, subject, cases, status) => {
    const deployment = await sealed(1);
    await deployment.record('acme#0', deployment.some('payment'));
    const who = { role, subject, ...(cases === undefined ? {} : { cases }) };
    const serving = new Serving(deployment);
    expect((await serving.get('proof', { ...paths.proof, ...who })).status).toBe(status);
    const missing = await serving.get('proof', { path: { chain: 0, position: 99 }, ...who });
    const unsealed = await serving.get('proof', { path: { chain: 0, position: 6 }, ...who });
    expect([missing.status, unsealed.status]).toEqual([404, status === 200 ? 409 : 404]);
    const asked = serving.trail.entries().map(({ action, actor, target }) => [action, actor.id, target.reference]);
    expect(asked).toEqual(['0/0', '0/99', '0/6'].map((place) => ['audit.proof_viewed', subject, place]));
  });

  test('the archive tells what a reader may see of what has left the hot window', async () => {
    const deployment = await sealed(1);
    for (const position of [0, 3]) deployment.blocks.remove('acme#0', position);
    const serving = new Serving(deployment);
    const status = async (subject: string) =>
      (await serving.get('proof', { ...paths.proof, role: 'writer', subject })).status;
    expect([await status('subject'), await status('u-1')]).toEqual([200, 404]);
  });

  test.each([
    [{ window: 'P30D', downloads: true }, 403],
    [{ window: 'unlimited', downloads: false }, 403],
    [{ window: 'unlimited', downloads: true }, 200],
  ])('whole chains are for plans that hide nothing: %j', async (plan, status) => {
    const plans = { full: PLANS.full, own: plan };
    const deployment = await sealed(1);
    const serving = new Serving(deployment, { plans, tenants: { acme: { plan: 'own' } } });
    const digest = deployment.digest('acme', 0).contents!;
    const asks = { ...paths, document: { path: { sha256: digest.sha256 }, query: { key: digest.key } } };
    for (const route of exports) {
      const answer = await serving.get(route, asks[route]);
      expect([route, answer.status]).toEqual([route, status]);
      if (status === 403) expect(answer.json.type).toBe('urn:indelible:problem:plan-limit');
    }
    // Proofs are of what is in the window.
    expect((await serving.get('proof', paths.proof)).status).toBe(200);
    deployment.pass(31 * DAY_MS);
    expect((await serving.get('proof', paths.proof)).status).toBe(plan.window === 'P30D' ? 404 : 200);
  });

  test('bodies are in the trail page by page, hold documents one by one, hashes not', async () => {
    const deployment = await sealed(1);
    const serving = new Serving(deployment);
    const digest = deployment.digest('acme', 0).contents!;
    await serving.get('document', { path: { sha256: digest.sha256 }, query: { key: digest.key } });
    await serving.get('digests');
    await serving.get('chainTile', paths.chainTile);
    await serving.get('chainTiles', paths.chainTiles);
    expect(serving.trail.entries()).toEqual([]);
    await serving.get('bodies', { path: { chain: 0 }, query: { through: 4 } });
    expect(serving.trail.entries()).toMatchObject([
      { action: 'audit.evidence_read', metadata: { chain: 0, positions: '0-3', rows: 4 } },
    ]);
  });

  test('nothing is handed out that can not be recorded', async () => {
    const serving = new Serving(await sealed(1));
    serving.trail.outOfOrder = true;
    for (const route of ['proof', 'bodies'] as const) {
      const { status, json, headers, text } = await serving.get(route, paths[route]);
      expect([status, json?.type, headers['retry-after']]).toEqual([503, 'urn:indelible:problem:not-recorded', '1']);
      expect(text).not.toContain('Zoë');
    }
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
