// The API's client: where it sends what, and what it makes of what comes back.
import { describe, expect, test } from '@jest/globals';
import { Api, addressOf } from '../../../console/api/client.ts';
import { ApiFault } from '../../../console/api/problem.ts';

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

function apiThat(...answers: (Response | Error)[]) {
  const sent: Sent[] = [];
  const bearer = { tokens: ['first', 'second'], renewals: 0, expired: 0 };
  const api = new Api(
    {
      token: async () => bearer.tokens[bearer.renewals],
      renew: async () => void bearer.renewals++,
      expire: () => void bearer.expired++,
    },
    'compliance',
    (async (url: string, init: RequestInit) => {
      sent.push({ url, init });
      const answer = answers.shift() ?? Response.json({});
      if (answer instanceof Error) throw answer;
      return answer;
    }) as typeof fetch,
  );
  return { api, sent, bearer };
}

const problem = (status: number, slug: string, own: object = {}) =>
  Response.json(
    {
      type: `urn:indelible:problem:${slug}`,
      title: 't',
      status,
      detail: 'd',
      instance: 'urn:indelible:request:r1',
      ...own,
    },
    { status },
  );
const faultFrom = async (answer: Response | Error): Promise<ApiFault> => {
  const fault = await apiThat(answer)
    .api.call('readCatalog')
    .catch((error: unknown) => error);
  if (!(fault instanceof ApiFault)) throw new Error('want an ApiFault');
  return fault;
};

test('parameters go into the path and the query, in the role in force', async () => {
  const { api, sent } = apiThat();
  await api.call('readHistory', { path: { type: 'a/b', id: 'c?d$&' }, query: { limit: 5, order: 'asc' } });
  expect(sent[0]!.url).toBe('/v1/targets/a%2Fb/c%3Fd%24%26/history?limit=5&order=asc&role=compliance');
  expect(sent[0]!.init).toMatchObject({ method: 'GET', cache: 'no-store', headers: { authorization: 'Bearer first' } });
  expect(addressOf('/x', {}, { a: undefined, b: '' })).toBe('/x');
});

test('bodies are JSON, and headers go along', async () => {
  const { api, sent } = apiThat();
  await api.call('saveSearch', { body: { name: 'n', parameters: {} }, headers: { 'idempotency-key': 'k' } });
  expect(sent[0]!.init).toMatchObject({
    ...{ method: 'POST', body: '{"name":"n","parameters":{}}' },
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
  });
});

test('a token that ended meanwhile is renewed once', async () => {
  const { api, sent, bearer } = apiThat(
    new Response('{"message":"Unauthorized"}', { status: 401 }),
    Response.json({ a: 1 }),
  );
  expect(await api.call('readCatalog')).toEqual({ a: 1 });
  expect(sent.map(({ init }) => (init.headers as Record<string, string>).authorization)).toEqual([
    'Bearer first',
    'Bearer second',
  ]);
  expect(bearer).toMatchObject({ renewals: 1, expired: 0 });
});

test('one that is refused twice has expired', async () => {
  const refused = () => new Response('{"message":"Unauthorized"}', { status: 401 });
  const { api, bearer } = apiThat(refused(), refused());
  await expect(api.call('readCatalog')).rejects.toMatchObject({ kind: 'expired-session', status: 401 });
  expect(bearer.expired).toBe(1);
});

describe('what goes wrong', () => {
  test.each<[Response | Error, Partial<ApiFault>]>([
    [new TypeError('failed to fetch'), { kind: 'unreachable', status: 0 }],
    [new Response('<html>', { status: 200 }), { kind: 'unreachable' }],
    [problem(403, 'forbidden-role'), { kind: 'forbidden', requestId: 'r1' }],
    [problem(403, 'plan-limit'), { kind: 'forbidden' }],
    [problem(404, 'not-found'), { kind: 'missing' }],
    [problem(409, 'entry-lost'), { kind: 'not-intact' }],
    [problem(410, 'expired'), { kind: 'gone' }],
    [problem(500, 'not-intact'), { kind: 'not-intact' }],
    [problem(500, 'internal'), { kind: 'internal' }],
    [problem(503, 'not-recorded'), { kind: 'not-recorded' }],
    [problem(503, 'unavailable'), { kind: 'busy' }],
    [
      problem(400, 'invalid-query', { errors: [{ pointer: '/q', code: 'query', detail: 'x', column: 3 }] }),
      { kind: 'invalid' },
    ],
    [
      new Response('{"message":"Too Many Requests"}', { status: 429, headers: { 'apigw-requestid': 'g1' } }),
      { kind: 'busy', requestId: 'g1' },
    ],
    [new Response('', { status: 502 }), { kind: 'internal', status: 502 }],
  ])('%# is said', async (answer, expected) => {
    expect(await faultFrom(answer)).toMatchObject(expected);
  });

  test('what was given up is no fault of anybody', async () => {
    const gone = new AbortController();
    gone.abort(new DOMException('left', 'AbortError'));
    await expect(apiThat(new TypeError('aborted')).api.call('readCatalog', { signal: gone.signal })).rejects.toBe(
      gone.signal.reason,
    );
  });
});
