// The local API Gateway.
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { type ApiDefinition, type ApiRoute, HttpApi } from '../../../../local/http/api.ts';
import { JwtAuthorizer } from '../../../../local/http/authorizer.ts';
import { Gateway } from '../../../../local/http/server.ts';
import { Issuer } from '../../../../local/identity/issuer.ts';
import { type SigningKey, signingKey } from '../../../../local/identity/key.ts';
import { freePorts } from '../../../support/ports.ts';
import { type Bench, bench } from '../lambda/support.ts';

/** Answers with the event, or as the request's body tells it. */
const ECHO = `export const handler = async (event) => {
  const told = event.headers['content-type'] === 'application/json' && !event.isBase64Encoded && event.body ? JSON.parse(event.body) : undefined;
  if (told?.fail) throw new Error('broken');
  if (told?.ms) await new Promise((resolve) => setTimeout(resolve, told.ms));
  return told && 'answer' in told ? told.answer : { statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(event) };
};`;
const FAST = { rate: 1_000, burst: 1_000 };

let it: Bench;
let gateway: Gateway;
let key: SigningKey;
let issuer: Issuer;
let origin: string;
let now = Date.now();
const accessLog: string[] = [];

beforeAll(async () => {
  it = await bench();
  const [port = 0] = await freePorts(1);
  gateway = await Gateway.listen(port);
  origin = gateway.origin;
  key = await signingKey(it.dataDir);
  issuer = new Issuer({
    issuer: origin,
    audience: 'indelible',
    key,
    now: () => now,
    claims: () => ({ tenant: 'custom:tenant', role: 'custom:role', cases: 'custom:cases' }),
  });
  const functionArn = it.add('echo', ECHO);
  it.functions.permit('echo', { principal: 'apigateway.amazonaws.com', action: 'lambda:InvokeFunction' });
  const unpermitted = it.add('unpermitted', ECHO);
  const definition = { issuer: origin, audience: ['indelible'], identitySource: '$request.header.Authorization' };
  const authorizer = new JwtAuthorizer(definition, () => now);
  const route = (key: string, own: Partial<ApiRoute> = {}): ApiRoute => ({
    key,
    functionArn,
    timeoutMs: 30_000,
    scopes: [],
    limits: FAST,
    ...own,
  });
  const api: ApiDefinition = {
    apiId: 'abcdef1234',
    stage: '$default',
    routes: [
      route('POST /echo'),
      route('GET /things/{id}'),
      route('GET /things/{id}/parts/{part}'),
      route('GET /files/{path+}'),
      route('GET /things/special'),
      route('ANY /any'),
      route('PUT /any'),
      route('GET /secret', { authorizer }),
      route('GET /scoped', { authorizer, scopes: ['entries:write', 'entries:read'] }),
      route('GET /narrow', { limits: { rate: 0.001, burst: 2 } }),
      route('POST /slow', { timeoutMs: 300 }),
      route('GET /unpermitted', { functionArn: unpermitted }),
    ],
    cors: {
      allowOrigins: ['https://console.example'],
      allowMethods: ['GET', 'POST'],
      allowHeaders: ['authorization'],
      exposeHeaders: ['x-total'],
      allowCredentials: true,
      maxAge: 600,
    },
    accessLog: {
      format:
        '{"route":"$context.routeKey","status":"$context.status","sub":"$context.authorizer.claims.sub","agent":"$context.identity.userAgent"}',
      write: (line) => accessLog.push(line),
    },
  };
  gateway.add(issuer);
  gateway.add(new HttpApi(api, it.runtime.context));
});
afterAll(async () => {
  await gateway.close();
  await it.close();
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(origin + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
const event = async (response: Response) =>
  (await response.json()) as Record<string, unknown> & { requestContext: Record<string, never> };

test('refuses everything until it is opened', async () => {
  const response = await fetch(`${origin}/any`);
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ message: 'Service Unavailable' });
  gateway.open();
  expect((await fetch(`${origin}/any`)).status).toBe(200);
});

describe('the event of payload format 2.0', () => {
  test('carries what the documentation lists', async () => {
    const response = await fetch(`${origin}/things/a%20b?x=1&x=2&y=%26`, {
      headers: { 'X-One': 'v', cookie: 'a=1; b=2', 'user-agent': 'tester/1' },
    });
    const { headers, requestContext, ...rest } = await event(response);
    expect(rest).toEqual({
      version: '2.0',
      routeKey: 'GET /things/{id}',
      rawPath: '/things/a b',
      rawQueryString: 'x=1&x=2&y=%26',
      cookies: ['a=1', 'b=2'],
      queryStringParameters: { x: '1,2', y: '&' },
      pathParameters: { id: 'a b' },
      isBase64Encoded: false,
    });
    expect(headers).toMatchObject({
      'x-one': 'v',
      'user-agent': 'tester/1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
    expect(Object.keys(headers as object)).not.toContain('cookie');
    expect(requestContext).toEqual({
      accountId: '000000000000',
      apiId: 'abcdef1234',
      domainName: '127.0.0.1',
      domainPrefix: '127',
      http: { method: 'GET', path: '/things/a b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'tester/1' },
      requestId: response.headers.get('apigw-requestid'),
      routeKey: 'GET /things/{id}',
      stage: '$default',
      time: expect.stringMatching(/^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/),
      timeEpoch: expect.any(Number),
    });
  });

  test('joins repeated headers with commas', async () => {
    const body = await new Promise<string>((resolve, reject) => {
      const request = httpRequest(
        `${origin}/any`,
        {
          headers: ['Host', '127.0.0.1', 'X-Many', '1', 'x-many', '2'],
        },
        (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () => resolve(text));
        },
      );
      request.on('error', reject);
      request.end();
    });
    expect(JSON.parse(body).headers['x-many']).toBe('1,2');
  });

  test.each<[string | undefined, string | undefined, boolean]>([
    ['text/plain', undefined, false],
    ['text/csv; charset=utf-8', undefined, false],
    ['application/json;charset=utf-8', undefined, false],
    ['application/xml', undefined, false],
    ['application/javascript', undefined, false],
    ['application/json', 'gzip', true],
    ['application/problem+json', undefined, true],
    ['application/x-ndjson', undefined, true],
    ['application/x-www-form-urlencoded', undefined, true],
    ['application/octet-stream', undefined, true],
  ])('a body of type %s, encoding %s, in base64: %s', async (type, encoding, base64) => {
    const headers = { ...(type && { 'content-type': type }), ...(encoding && { 'content-encoding': encoding }) };
    const response = await fetch(`${origin}/any`, { method: 'POST', body: new TextEncoder().encode('héé'), headers });
    const value = await event(response);
    expect(value.isBase64Encoded).toBe(base64);
    expect(Buffer.from(String(value.body), base64 ? 'base64' : 'utf8').toString()).toBe('héé');
  });

  test('a path that can’t be decoded is 400', async () => {
    expect((await fetch(`${origin}/things/%E0%A4%A`)).status).toBe(400);
  });
});

describe('routes', () => {
  test.each([
    ['GET', '/things/special', 'GET /things/special'],
    ['GET', '/things/other', 'GET /things/{id}'],
    ['GET', '/things/1/parts/2', 'GET /things/{id}/parts/{part}'],
    ['GET', '/files/a/b/c', 'GET /files/{path+}'],
    ['PUT', '/any', 'PUT /any'],
    ['DELETE', '/any', 'ANY /any'],
  ])('%s %s takes %s', async (method, path, key) => {
    expect((await event(await fetch(origin + path, { method }))).routeKey).toBe(key);
  });

  test.each([
    ['GET', '/'],
    ['GET', '/files'],
    ['GET', '/files/'],
    ['POST', '/things/special'],
    ['GET', '/things/1/parts'],
    ['GET', '/any/more'],
  ])('%s %s is not found', async (method, path) => {
    const response = await fetch(origin + path, { method });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('{"message":"Not Found"}');
  });
});

describe('the integration’s answer', () => {
  test('keeps status, headers, cookies and bytes', async () => {
    const answer = {
      statusCode: 201,
      headers: { 'X-Made': 7, 'content-type': 'image/png' },
      cookies: ['a=1', 'b=2; HttpOnly'],
      body: Buffer.from([0, 255, 10]).toString('base64'),
      isBase64Encoded: true,
    };
    const response = await post('/echo', { answer });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-made')).toBe('7');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2; HttpOnly']);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 10]);
  });

  test('without a statusCode is the body of a 200', async () => {
    const response = await post('/echo', { answer: { some: 'thing' } });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'application/json',
      '{"some":"thing"}',
    ]);
    expect(await (await post('/echo', { answer: 'plain' })).text()).toBe('plain');
  });

  test.each([[{ statusCode: 'many' }], [{ statusCode: 200, body: { not: 'text' } }]])(
    '%j is malformed: 500',
    async (answer) => {
      const response = await post('/echo', { answer });
      expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
    },
  );

  test('a function error is 500, no permission is 500, a slow function 503', async () => {
    const failed = await post('/echo', { fail: true });
    expect([failed.status, await failed.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect((await fetch(`${origin}/unpermitted`)).status).toBe(500);
    const slow = await post('/slow', { ms: 1_000 });
    expect([slow.status, await slow.text()]).toEqual([503, '{"message":"Service Unavailable"}']);
  });
});

describe('limits', () => {
  test('a body over 10 MB is 413, over what Lambda takes as well', async () => {
    for (const bytes of [10 * 1024 * 1024 + 1, 7_000_000]) {
      const response = await fetch(`${origin}/any`, {
        method: 'POST',
        body: 'x'.repeat(bytes),
        headers: { 'content-type': 'text/plain' },
      });
      expect([response.status, await response.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
    }
  });

  test('the burst passes, then 429', async () => {
    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await fetch(`${origin}/narrow`)).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
    expect(await (await fetch(`${origin}/narrow`)).text()).toBe('{"message":"Too Many Requests"}');
  });

  test('headers over 10,240 bytes are refused', async () => {
    expect((await fetch(`${origin}/any`, { headers: { big: 'x'.repeat(11_000) } })).status).toBe(431);
  });
});

describe('the JWT authorizer', () => {
  const identity = { tenant: 'acme', role: 'writer', subject: 'ann' };
  const secret = (authorization?: string, path = '/secret') =>
    fetch(origin + path, authorization === undefined ? {} : { headers: { authorization } });
  const seconds = () => Math.floor(now / 1000);
  const signed = (claims: Record<string, unknown>, header: Record<string, unknown> = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header }).sign(key.privateKey);
  const good = () => ({ iss: origin, aud: 'indelible', exp: seconds() + 60, sub: 'ann' });

  test('takes the token with and without Bearer, and passes its claims on as strings', async () => {
    const token = await issuer.token(identity);
    for (const authorization of [`Bearer ${token}`, `bearer ${token}`, token]) {
      const value = await event(await secret(authorization));
      expect(value.requestContext.authorizer).toMatchObject({
        jwt: {
          claims: { 'custom:tenant': 'acme', 'custom:role': 'writer', sub: 'ann', exp: expect.stringMatching(/^\d+$/) },
          scopes: null,
        },
      });
    }
    const listed = await signed({ ...good(), groups: ['a', 'b'], flag: true });
    expect((await event(await secret(listed))).requestContext.authorizer).toMatchObject({
      jwt: { claims: { groups: '[a b]', flag: 'true' } },
    });
  });

  test('client_id stands in for a missing aud only', async () => {
    const { aud: _, ...claims } = good();
    expect((await secret(await signed({ ...claims, client_id: 'indelible' }))).status).toBe(200);
    expect((await secret(await signed({ ...claims, aud: 'other', client_id: 'indelible' }))).status).toBe(401);
  });

  test.each<[string, () => Promise<string | undefined>, string]>([
    ['no token', async () => undefined, 'Bearer'],
    ['not a token', async () => 'Bearer nonsense', 'invalid_token'],
    ['expired', async () => signed({ ...good(), exp: seconds() - 1 }), 'the token has expired'],
    ['without exp', async () => signed({ iss: origin, aud: 'indelible' }), 'exp'],
    ['not yet valid', async () => signed({ ...good(), nbf: seconds() + 60 }), 'nbf'],
    ['issued in the future', async () => signed({ ...good(), iat: seconds() + 60 }), 'used before issued'],
    ['another issuer', async () => signed({ ...good(), iss: 'https://elsewhere.example' }), 'iss'],
    ['another audience', async () => signed({ ...good(), aud: ['a', 'b'] }), 'valid audience'],
    ['no key id', async () => signed(good(), { kid: undefined }), 'names no key'],
    ['an unknown key id', async () => signed(good(), { kid: 'other' }), 'invalid_token'],
    [
      'alg none',
      async () =>
        `${Buffer.from('{"alg":"none","kid":"x"}').toString('base64url')}.${Buffer.from(JSON.stringify(good())).toString('base64url')}.`,
      'invalid_token',
    ],
    [
      'HMAC over the public key',
      async () =>
        new SignJWT(good())
          .setProtectedHeader({ alg: 'HS256', kid: key.kid })
          .sign(Buffer.from(String(key.publicJwk.n))),
      'invalid_token',
    ],
    [
      'a changed claim',
      async () => {
        const [header, , signature] = (await signed(good())).split('.');
        return [header, Buffer.from(JSON.stringify({ ...good(), sub: 'eve' })).toString('base64url'), signature].join(
          '.',
        );
      },
      'invalid_token',
    ],
  ])('%s: 401 with its fixed body', async (_, token, reason) => {
    const response = await secret(await token());
    expect(response.status).toBe(401);
    expect(await response.text()).toBe('{"message":"Unauthorized"}');
    expect(response.headers.get('www-authenticate')).toContain(reason);
  });

  test('a token is good until it expires', async () => {
    const token = await issuer.token(identity, 60);
    const before = now;
    try {
      now += 59_000;
      expect((await secret(token)).status).toBe(200);
      now += 2_000;
      expect((await secret(token)).status).toBe(401);
    } finally {
      now = before;
    }
  });

  test('a scope of the route is wanted: 403', async () => {
    expect((await secret(await signed({ ...good(), scope: 'openid' }), '/scoped')).status).toBe(403);
    const value = await event(await secret(await signed({ ...good(), scope: 'openid entries:read' }), '/scoped'));
    expect(value.requestContext.authorizer).toMatchObject({ jwt: { scopes: ['openid', 'entries:read'] } });
  });
});

describe('CORS', () => {
  const preflight = (from: string) =>
    fetch(`${origin}/secret`, { method: 'OPTIONS', headers: { origin: from, 'access-control-request-method': 'GET' } });

  test('a preflight from an allowed origin is answered without a token', async () => {
    const { status, headers } = await preflight('https://console.example');
    expect(status).toBe(204);
    expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')))).toEqual({
      'access-control-allow-origin': 'https://console.example',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-total',
      'access-control-max-age': '600',
    });
  });

  test('another origin is allowed nothing', async () => {
    const { status, headers } = await preflight('https://evil.example');
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, null]);
  });

  test('replaces the integration’s own CORS headers, also on errors', async () => {
    const answer = { statusCode: 200, headers: { 'access-control-allow-origin': '*' }, body: '' };
    const allowed = await post('/echo', { answer }, { origin: 'https://console.example' });
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://console.example');
    const foreign = await post('/echo', { answer }, { origin: 'https://evil.example' });
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    const refused = await fetch(`${origin}/secret`, { headers: { origin: 'https://console.example' } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
      401,
      'https://console.example',
    ]);
  });
});

test('the access log is written in the declared format, one line a request', async () => {
  const token = await issuer.token({ tenant: 'acme', role: 'writer', subject: 'log' });
  await fetch(`${origin}/secret`, { headers: { authorization: token, 'user-agent': 'a "quoted" agent' } });
  expect(JSON.parse(accessLog.at(-1) ?? '')).toEqual({
    route: 'GET /secret',
    status: '200',
    sub: 'log',
    agent: 'a "quoted" agent',
  });
  await fetch(`${origin}/nowhere`);
  expect(JSON.parse(accessLog.at(-1) ?? '')).toMatchObject({ route: '-', status: '404', sub: '-' });
});
