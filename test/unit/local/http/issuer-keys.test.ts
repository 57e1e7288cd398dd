// Keys of an issuer: discovered once, kept while it is away.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { JwtAuthorizer } from '../../../../local/http/authorizer.ts';
import type { GatewayError, GatewayRequest } from '../../../../local/http/request.ts';
import { type SigningKey, signingKey } from '../../../../local/identity/key.ts';

/** Real time, so that what is cached ages when a test says so. */
let now: number;
let folder: string;
let key: SigningKey;
let server: Server;
let issuer: string;
/** Paths that were asked for. */
let asked: string[];
let answers: (path: string) => unknown;

beforeEach(async () => {
  now = Date.now();
  folder = mkdtempSync(join(tmpdir(), 'issuer-'));
  key = await signingKey(folder);
  asked = [];
  answers = (path) => (path.endsWith('keys') ? { keys: [key.publicJwk] } : { jwks_uri: `${issuer}/keys` });
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const value = answers(path);
    if (value === undefined) request.socket.destroy();
    else response.end(JSON.stringify(value));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const authorizer = () =>
  new JwtAuthorizer({ issuer, audience: ['a'], identitySource: '$request.header.Authorization' }, () => now);
const token = (kid = key.kid) =>
  new SignJWT({ aud: 'a', iss: issuer, exp: Math.floor(now / 1000) + 86_400 })
    .setProtectedHeader({ alg: 'RS256', kid })
    .sign(key.privateKey);
const request = (authorization: string) => ({ headers: { authorization }, rawQuery: '' }) as unknown as GatewayRequest;
const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: GatewayError) => error,
  );

describe('an issuer', () => {
  test('is asked once, however many requests wait for its keys', async () => {
    const it = authorizer();
    const jwt = await token();
    await Promise.all(Array.from({ length: 50 }, () => it.authorize(request(jwt), [])));
    expect(asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  test('that can not be asked makes 503 of every token, good or bad, and is asked again by the next request', async () => {
    const it = authorizer();
    const jwt = await token();
    const serves = answers;
    answers = () => undefined;
    for (const each of [jwt, `${jwt}x`]) {
      const refused = await refusalOf(it.authorize(request(each), []));
      expect(refused).toMatchObject({ status: 503, message: 'Service Unavailable', headers: {} });
      // Neither the answer nor what is logged of it shows a token.
      for (const part of jwt.split('.')) expect(`${refused?.message} ${refused?.reason}`).not.toContain(part);
    }
    answers = serves;
    await expect(it.authorize(request(jwt), [])).resolves.toMatchObject({ scopes: null });
  });

  test('that answers late once is asked again before anybody is refused', async () => {
    const serves = answers;
    let first = true;
    answers = (path) => {
      if (!first) return serves(path);
      first = false;
      return undefined;
    };
    await expect(authorizer().authorize(request(await token()), [])).resolves.toBeDefined();
  });

  test('that is away when its keys have aged does not take valid ones away', async () => {
    const it = authorizer();
    await it.authorize(request(await token()), []);
    now += 3 * 3_600_000;
    answers = () => undefined;
    await expect(it.authorize(request(await token()), [])).resolves.toBeDefined();
  });

  test('is asked again for a key that it did not have, at most every half minute', async () => {
    const it = authorizer();
    const renamed = { ...key.publicJwk, kid: 'new' };
    await it.authorize(request(await token()), []);
    expect(await refusalOf(it.authorize(request(await token('new')), []))).toMatchObject({ status: 401 });
    expect(asked).toHaveLength(2);
    now += 31_000;
    const serves = answers;
    answers = (path) => (path.endsWith('keys') ? { keys: [renamed] } : serves(path));
    await expect(it.authorize(request(await token('new')), [])).resolves.toBeDefined();
    expect(asked).toHaveLength(4);
  });

  test('no refusal shows the token that it refuses', async () => {
    const it = authorizer();
    const jwt = await token();
    for (const each of [`${jwt}x`, jwt.replace('.', '.x'), 'not.a.token', await token('other')]) {
      const refused = await refusalOf(it.authorize(request(each), []));
      expect(refused?.status).toBe(401);
      const shown = JSON.stringify([refused?.message, refused?.headers, refused?.reason]);
      for (const part of each.split('.').filter(({ length }) => length > 8)) expect(shown).not.toContain(part);
    }
  });
});
