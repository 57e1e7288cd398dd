// Reports of verifications.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { http } from '../../../functions/api/shared/http.ts';
import { verifications } from '../../../functions/api/verifications/verifications.ts';
import { tenantReportKey } from '../../../names/verify.ts';
import { expectDocumentedRoute } from '../../support/openapi.ts';
import { Deployment } from '../../support/sealing.ts';
import { Verifying } from '../../support/verifying.ts';
import { CLAIMS, CONTEXT, request } from '../functions/requests.ts';

const HOUR_MS = 3_600_000;

let deployment: Deployment;
let verifying: Verifying;
const ids: string[] = [];

/** Four verifications, the last of which found something of globex. */
beforeEach(async () => {
  deployment = new Deployment();
  verifying = new Verifying(deployment);
  await deployment.record('acme#0', deployment.some('payment', 3));
  await deployment.record('globex#0', deployment.some('payment', 2));
  await deployment.seal();
  ids.length = 0;
  for (let i = 0; i < 4; i++) {
    deployment.pass(HOUR_MS);
    if (i === 3) deployment.store.mark(deployment.store.keys('entries/tenant=globex/')[0]!);
    ids.unshift((await verifying.run({ mode: 'full' })).id);
  }
});

type Query = Readonly<Record<string, string>>;

async function get(options: { id?: string; query?: Query; role?: string; tenant?: string } = {}) {
  const { id, query, role = 'auditor', tenant = 'acme' } = options;
  const claims = { [CLAIMS.role]: role, [CLAIMS.tenant]: tenant };
  const event = {
    ...request({ claims, ...(id === undefined ? {} : { path: { id } }) }),
    routeKey: id === undefined ? 'GET /v1/verifications' : 'GET /v1/verifications/{id}',
    queryStringParameters: query,
  };
  const api = http('verifications', verifications({ store: deployment.store, claims: CLAIMS }));
  const answer = (await api(event as never, CONTEXT)) as { statusCode: number; headers: object; body: string };
  const answered = { status: answer.statusCode, headers: { ...answer.headers }, body: JSON.parse(answer.body) };
  expectDocumentedRoute(event.routeKey, answered);
  return answered;
}

describe('GET /v1/verifications', () => {
  test('lists the newest first, page by page', async () => {
    const first = await get({ query: { limit: '3' } });
    expect(first.body.verifications.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 3));
    expect(first.body.next).toBe(ids[2]);
    const second = await get({ query: { limit: '3', after: first.body.next } });
    expect(second.body.verifications.map(({ id }: { id: string }) => id)).toEqual(ids.slice(3));
    expect(second.body.next).toBeNull();
  });

  test('says of a tenant what concerns it, and nothing of another', async () => {
    const { body } = await get();
    expect(body.verifications[0]).toMatchObject({ verdict: 'intact', findingCount: 0, firstDigest: 0, lastDigest: 0 });
    const own = await get({ tenant: 'globex' });
    expect(own.body.verifications[0]).toMatchObject({ verdict: 'altered', findingCount: 1 });
    expect(JSON.stringify(body)).not.toContain('globex');
  });

  test.each(['compliance', 'auditor', 'admin', 'operator'])('is for the role %s', async (role) => {
    expect((await get({ role })).status).toBe(200);
  });

  test.each(['writer', 'investigator'])('is not for the role %s', async (role) => {
    expect((await get({ role })).status).toBe(403);
    expect((await get({ role, id: ids[0]! })).status).toBe(403);
  });

  test.each<Query>([{ after: 'x' }, { after: '20260301T220000000Z-zzzzzzzz' }, { limit: '0' }, { limit: '101' }])(
    'refuses %j',
    async (query) => {
      expect((await get({ query })).status).toBe(400);
    },
  );
});

describe('GET /v1/verifications/{id}', () => {
  test('has the findings of the tenant', async () => {
    const { status, body } = await get({ id: ids[0]!, tenant: 'globex' });
    expect(status).toBe(200);
    expect(body.findings).toMatchObject([{ code: 'covered', tenant: 'globex', chain: 0, first: 0 }]);
    const { body: other } = await get({ id: ids[0]! });
    expect(other).toMatchObject({ id: ids[0], verdict: 'intact', findings: [], entries: { intact: 3 } });
  });

  test.each(['', 'x', '20260301T220000000Z-00000000', '../../entries'])('knows no verification %j', async (id) => {
    expect((await get({ id })).status).toBe(404);
  });

  test('believes the first report, whatever is put over it', async () => {
    const key = tenantReportKey('globex', ids[0]!);
    const passed = Buffer.from(deployment.store.object(key).bytes).toString().replaceAll('"altered"', '"intact"');
    deployment.store.plant(key, Buffer.from(passed));
    expect((await get({ id: ids[0]!, tenant: 'globex' })).body.verdict).toBe('altered');
  });
});

test('the text says where to look, and the message too', async () => {
  const { text, cause, report } = await verifying.run({ mode: 'full' });
  expect(text).toContain('1 finding\n  altered (covered): globex, chain 0, position 0, entries/tenant=globex/');
  expect(text).toContain('tenant      acme: intact; digests 0 to 0: 3 intact, 0 expired, 0 missing, 0 altered');
  expect(JSON.parse(cause)).toMatchObject({ verdict: 'altered', report: report.key, text });
  expect(verifying.alerts.at(-1)).toContain(report.key);
  expect(verifying.alerts.at(-1)).toContain('Runbook: "Verification failed"');
  const txt = deployment.store.object(report.key.replace(/json$/, 'txt')).bytes;
  expect(Buffer.from(txt).toString()).toBe(text);
});
