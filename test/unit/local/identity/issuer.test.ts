// The local issuer of tokens.
import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { Gateway } from '../../../../local/http/server.ts';
import { Issuer, LOCAL_GRANT } from '../../../../local/identity/issuer.ts';
import { signingKey } from '../../../../local/identity/key.ts';
import { freePorts } from '../../../support/ports.ts';
import { type Bench, bench } from '../lambda/support.ts';

let it: Bench;
let gateway: Gateway;
let origin: string;
let now = Date.now();
interface Discovery {
  readonly issuer: string;
  readonly token_endpoint: string;
  readonly authorization_endpoint: string;
  readonly jwks_uri: string;
  readonly end_session_endpoint: string;
}
let discovery: Discovery;

beforeAll(async () => {
  it = await bench();
  const [port = 0] = await freePorts(1);
  gateway = await Gateway.listen(port);
  origin = gateway.origin;
  gateway.add(
    new Issuer({
      issuer: origin,
      audience: 'indelible',
      key: await signingKey(it.dataDir),
      now: () => now,
      claims: () => ({ tenant: 'org', role: 'custom:role', cases: 'custom:cases' }),
    }),
  );
  gateway.open();
  discovery = (await (await fetch(`${origin}/.well-known/openid-configuration`)).json()) as Discovery;
});
afterAll(async () => {
  await gateway.close();
  await it.close();
});

const post = (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
const verify = (token: string, audience: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(discovery.jwks_uri)), { issuer: origin, audience });

describe('the direct grant', () => {
  const form = { grant_type: LOCAL_GRANT, tenant: 'acme', role: 'writer', subject: 'ann' };

  test('gives an access token for an hour, with tenant and role under the configured names', async () => {
    const response = await post(discovery.token_endpoint, form);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { access_token: token, ...rest } = (await response.json()) as Record<string, string>;
    expect(rest).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    const { payload, protectedHeader } = await verify(token ?? '', 'indelible');
    expect(payload).toMatchObject({ org: 'acme', 'custom:role': 'writer', sub: 'ann' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
  });

  test('for as long as is asked', async () => {
    const { access_token: token } = (await (
      await post(discovery.token_endpoint, { ...form, expires_in: '5' })
    ).json()) as {
      access_token: string;
    };
    const { exp = 0, iat = 0 } = decodeJwt(token);
    expect(exp - iat).toBe(5);
  });

  test.each<[Record<string, string>, string]>([
    [{ ...form, tenant: '-bad' }, 'invalid_request'],
    [{ ...form, role: 'emperor' }, 'invalid_request'],
    [{ ...form, expires_in: '-1' }, 'invalid_request'],
    [{ ...form, expires_in: '1000000' }, 'invalid_request'],
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [{ grant_type: 'authorization_code', code: 'made up' }, 'invalid_grant'],
  ])('%j is refused with %s', async (wrong, error) => {
    const response = await post(discovery.token_endpoint, wrong);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error, error_description: expect.any(String) });
  });
});

describe('the authorization code flow', () => {
  const verifier = randomBytes(32).toString('base64url');
  const query = {
    response_type: 'code',
    client_id: 'console',
    redirect_uri: 'http://127.0.0.1:5173/callback?keep=1',
    state: 'st"ate<',
    nonce: 'n-1',
    scope: 'openid',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  const who = { tenant: 'acme', role: 'auditor', subject: 'zoe' };
  const redeem = (code: string, own: Record<string, string> = {}) =>
    post(discovery.token_endpoint, {
      grant_type: 'authorization_code',
      code,
      client_id: query.client_id,
      redirect_uri: query.redirect_uri,
      code_verifier: verifier,
      ...own,
    });
  async function signIn(): Promise<URL> {
    const response = await post(discovery.authorization_endpoint, { ...query, ...who });
    expect(response.status).toBe(303);
    return new URL(response.headers.get('location') ?? '');
  }
  const codeOf = (location: URL) => location.searchParams.get('code') ?? '';

  test('shows one page that asks who to be, and escapes what it was given', async () => {
    const response = await fetch(`${discovery.authorization_endpoint}?${new URLSearchParams(query)}`);
    expect(response.headers.get('content-type')).toBe('text/html;charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).toContain('value="st&#34;ate&#60;"');
    for (const name of ['tenant', 'role', 'subject']) expect(page).toContain(`name="${name}"`);
  });

  test('sends the browser back with a code, which gives tokens once', async () => {
    const location = await signIn();
    expect(location.origin + location.pathname).toBe('http://127.0.0.1:5173/callback');
    expect(Object.fromEntries(location.searchParams)).toMatchObject({ keep: '1', state: query.state, iss: origin });
    const tokens = (await (await redeem(codeOf(location))).json()) as { id_token: string; access_token: string };
    expect((await verify(tokens.id_token, 'console')).payload).toMatchObject({ nonce: 'n-1', sub: 'zoe', org: 'acme' });
    expect((await verify(tokens.access_token, 'indelible')).payload).toMatchObject({ 'custom:role': 'auditor' });
    expect((await redeem(codeOf(location))).status).toBe(400);
  });

  test.each([
    ['another verifier', { code_verifier: 'x'.repeat(43) }],
    ['another client', { client_id: 'other' }],
    ['another address', { redirect_uri: 'http://127.0.0.1:5173/' }],
  ])('%s spends the code and gives nothing', async (_, own) => {
    const code = codeOf(await signIn());
    expect((await redeem(code, own)).status).toBe(400);
    expect((await redeem(code)).status).toBe(400);
  });

  test('a code is good for a minute', async () => {
    const code = codeOf(await signIn());
    const before = now;
    now += 60_000;
    try {
      expect((await redeem(code)).status).toBe(400);
    } finally {
      now = before;
    }
  });

  test.each<[string, Record<string, string>]>([
    ['an address elsewhere', { redirect_uri: 'https://evil.example/callback' }],
    ['an address that only looks like this machine', { redirect_uri: 'http://127.0.0.1.evil.example/' }],
    ['a script', { redirect_uri: 'javascript://127.0.0.1/%0aalert(1)' }],
    ['no PKCE', { code_challenge: '' }],
    ['plain PKCE', { code_challenge_method: 'plain' }],
    ['the implicit flow', { response_type: 'token' }],
  ])('%s is refused on the page, without a redirect', async (_, wrong) => {
    const shown = await fetch(`${discovery.authorization_endpoint}?${new URLSearchParams({ ...query, ...wrong })}`);
    expect(shown.status).toBe(400);
    expect((await post(discovery.authorization_endpoint, { ...query, ...who, ...wrong })).status).toBe(400);
  });

  test('a form sent by another site is refused', async () => {
    for (const from of ['https://evil.example', 'null']) {
      expect((await post(discovery.authorization_endpoint, { ...query, ...who }, { origin: from })).status).toBe(403);
    }
  });

  test('a wrong tenant shows the page again with the reason', async () => {
    const response = await post(discovery.authorization_endpoint, { ...query, ...who, tenant: '<b>' });
    expect([response.status, (await response.text()).includes('role="alert"')]).toEqual([200, true]);
  });
});

describe('a browser that signed in', () => {
  const verifier = randomBytes(32).toString('base64url');
  const query = {
    response_type: 'code',
    client_id: 'indelible',
    redirect_uri: 'http://127.0.0.1:5173/',
    state: 's-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  const asked = (cookie: string, own: Record<string, string> = {}) =>
    fetch(`${discovery.authorization_endpoint}?${new URLSearchParams({ ...query, ...own })}`, {
      headers: { cookie },
      redirect: 'manual',
    });
  const cookieOf = (response: Response) => response.headers.getSetCookie()[0]!;
  async function signIn() {
    const form = new URLSearchParams({ ...query, tenant: 'acme', subject: 'zoe' });
    for (const role of ['auditor', 'compliance']) form.append('role', role);
    const response = await fetch(discovery.authorization_endpoint, { method: 'POST', body: form, redirect: 'manual' });
    const code = new URL(response.headers.get('location')!).searchParams.get('code')!;
    const tokens = (await (
      await post(discovery.token_endpoint, {
        ...{ grant_type: 'authorization_code', client_id: query.client_id, redirect_uri: query.redirect_uri },
        ...{ code, code_verifier: verifier },
      })
    ).json()) as { refresh_token: string; access_token: string };
    return { cookie: cookieOf(response).split(';')[0]!, set: cookieOf(response), tokens };
  }
  const refresh = (token: string, client = query.client_id) =>
    post(discovery.token_endpoint, { grant_type: 'refresh_token', client_id: client, refresh_token: token });

  test('has all of its roles in the token', async () => {
    const { tokens } = await signIn();
    expect(decodeJwt(tokens.access_token)).toMatchObject({ 'custom:role': 'auditor compliance', sub: 'zoe' });
  });

  test('is known again by a cookie that scripts and other sites’ forms have nothing of', async () => {
    const { cookie, set } = await signIn();
    expect(set).toMatch(/; Path=\/_oidc\/; HttpOnly; SameSite=Lax$/);
    const again = await asked(cookie);
    expect(again.status).toBe(303);
    const location = new URL(again.headers.get('location')!);
    expect([location.searchParams.get('state'), location.searchParams.has('code')]).toEqual(['s-1', true]);
    expect((await asked(cookie, { prompt: 'login' })).status).toBe(200);
    expect((await asked('', {})).status).toBe(200);
  });

  test('is asked nothing where the client wants that, and told so', async () => {
    const answer = await asked('', { prompt: 'none' });
    expect(new URL(answer.headers.get('location')!).searchParams.get('error')).toBe('login_required');
  });

  test('renews its tokens for twelve hours, for the same client', async () => {
    const { tokens } = await signIn();
    const renewed = (await (await refresh(tokens.refresh_token)).json()) as { access_token: string };
    expect(decodeJwt(renewed.access_token)).toMatchObject({ 'custom:role': 'auditor compliance', sub: 'zoe' });
    for (const [token, client] of [
      [tokens.refresh_token, 'other'],
      ['made up', query.client_id],
    ] as const) {
      expect(await (await refresh(token, client)).json()).toMatchObject({ error: 'invalid_grant' });
    }
    const before = now;
    now += 12 * 3_600_000;
    try {
      expect((await refresh(tokens.refresh_token)).status).toBe(400);
    } finally {
      now = before;
    }
  });

  test('signs out with all that its clients were given, and goes back to this machine only', async () => {
    const { cookie, tokens } = await signIn();
    const end = (back: string) =>
      fetch(`${discovery.end_session_endpoint}?${new URLSearchParams({ post_logout_redirect_uri: back })}`, {
        headers: { cookie },
        redirect: 'manual',
      });
    const ended = await end('http://127.0.0.1:5173/');
    expect([ended.status, ended.headers.get('location')]).toEqual([303, 'http://127.0.0.1:5173/']);
    expect(cookieOf(ended)).toContain('Max-Age=0');
    expect((await asked(cookie)).status).toBe(200);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
    expect((await end('https://evil.example/')).status).toBe(200);
  });
});

test('a name that was made to resolve to this machine gets no token', async () => {
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest(
      discovery.token_endpoint,
      { method: 'POST', headers: { host: 'rebound.example' } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    request.on('error', reject);
    request.end(`grant_type=${LOCAL_GRANT}&tenant=acme&role=writer`);
  });
  expect(status).toBe(421);
});

test('pages of this machine may read the answers, others may not', async () => {
  const allowed = async (from: string) =>
    (await fetch(discovery.jwks_uri, { headers: { origin: from } })).headers.get('access-control-allow-origin');
  expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
  expect(await allowed('https://evil.example')).toBeNull();
});

test('the key is made once, is its owner’s only, and its private part is never published', async () => {
  const again = await signingKey(it.dataDir);
  const { keys } = (await (await fetch(discovery.jwks_uri)).json()) as { keys: Record<string, unknown>[] };
  expect(keys).toEqual([{ kty: 'RSA', n: expect.any(String), e: 'AQAB', kid: again.kid, alg: 'RS256', use: 'sig' }]);
  expect(statSync(join(it.dataDir, 'identity', 'key.json')).mode & 0o777).toBe(0o600);
});
