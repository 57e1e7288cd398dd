// What the commands ask a server again, and what they don't.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ask, reasonOf } from '../../../cli/ask.ts';
import { EXIT } from '../../../cli/exit.ts';
import { EntrySender } from '../../../cli/send/entries.ts';
import { Outcome } from '../../../cli/send/outcome.ts';
import { mintToken } from '../../../cli/token.ts';

type Reply = (response: ServerResponse, request: IncomingMessage) => unknown;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that gives these replies, the last one for ever; and what it was asked. */
async function serving(...replies: Reply[]): Promise<{ url: URL; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const reply = replies[Math.min(asked.push(request), replies.length) - 1]!;
    request.resume().on('end', () => reply(response, request));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/path`), asked };
}

const status =
  (code: number, headers: Record<string, string> = {}, body = '{}'): Reply =>
  (response) =>
    response.writeHead(code, headers).end(body);
const dropped: Reply = (response) => response.destroy();
const cut: Reply = (response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('half');
  setTimeout(() => response.destroy(), 5);
};
const ok = status(200, {}, 'whole');
const QUICK = { pauseMs: 1, longestPauseMs: 2 };
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('is asked again', () => {
  test.each<[string, Reply]>([
    ['500', status(500)],
    ['429', status(429)],
    ['502', status(502)],
    ['503', status(503)],
    ['504', status(504)],
    ['a dropped connection', dropped],
    ['an answer that is cut short', cut],
  ])('%s', async (_, reply) => {
    const { url, asked } = await serving(reply, reply, ok);
    expect(text((await ask(url, {}, QUICK)).bytes)).toBe('whole');
    expect(asked).toHaveLength(3);
  });
});

test('a refusal is not, nor what the service says of itself', async () => {
  const broken = await serving(status(500, { 'content-type': 'application/problem+json' }), ok);
  expect((await ask(broken.url, {}, QUICK)).status).toBe(500);
  const { url, asked } = await serving(status(403), ok);
  expect((await ask(url, {}, QUICK)).status).toBe(403);
  expect(asked).toHaveLength(1);
});

test('the last answer is told when all of them said later, and a lost connection is said', async () => {
  const busy = await serving(status(503, {}, '{"detail":"busy"}'));
  const answer = await ask(busy.url, {}, { ...QUICK, attempts: 4 });
  expect([answer.status, reasonOf(answer), busy.asked.length]).toEqual([503, 'busy', 4]);
  const gone = await serving(dropped);
  await expect(ask(gone.url, {}, { ...QUICK, attempts: 4 })).rejects.toMatchObject({
    exitCode: EXIT.unreachable,
    message: expect.stringMatching(/was cut short, or none came, 4 times; try again later$/),
  });
  expect(gone.asked).toHaveLength(4);
});

test('Retry-After is heeded, in seconds and as a date, and not for longer than anybody waits', async () => {
  const begun = Date.now();
  await ask((await serving(status(503, { 'retry-after': '1' }), ok)).url, {}, QUICK);
  expect(Date.now() - begun).toBeGreaterThanOrEqual(990);
  // A date in the past asks for nothing, where the pause would be an hour.
  const past = await serving(status(429, { 'retry-after': 'Thu, 01 Jan 2026 00:00:00 GMT' }), ok);
  expect((await ask(past.url, {}, { pauseMs: 3_600_000, longestPauseMs: 3_600_000 })).status).toBe(200);
  const later = await serving(status(503, { 'retry-after': '3600' }), ok);
  await expect(ask(later.url, {}, QUICK)).rejects.toMatchObject({
    exitCode: EXIT.unreachable,
    message: expect.stringContaining('asks to be asked again in 3600 s'),
  });
});

test('a POST that could be done twice is made once; one with a key, as often as needed', async () => {
  const once = await serving(status(503), ok);
  expect((await ask(once.url, { method: 'POST', body: '{}' }, QUICK)).status).toBe(503);
  expect(once.asked).toHaveLength(1);
  const dead = await serving(dropped, ok);
  await expect(ask(dead.url, { method: 'POST', body: '{}' }, QUICK)).rejects.toMatchObject({
    exitCode: EXIT.unreachable,
  });
  expect(dead.asked).toHaveLength(1);
  const keyed = await serving(dropped, status(503), ok);
  const headers = { 'idempotency-key': 'k' };
  expect((await ask(keyed.url, { method: 'POST', headers, body: '{}' }, QUICK)).status).toBe(200);
  expect(keyed.asked.map((request) => request.headers['idempotency-key'])).toEqual(['k', 'k', 'k']);
});

test('where nobody ever answered the command ends at once', async () => {
  await expect(ask(new URL('http://127.0.0.1:1/'), {}, { pauseMs: 3_600_000 })).rejects.toMatchObject({
    exitCode: EXIT.unreachable,
    message: expect.stringMatching(/^nothing answers at http:\/\/127\.0\.0\.1:1; start it/),
  });
});

test('entries whose answer was lost are sent again under the same key', async () => {
  const { url, asked } = await serving(dropped, status(503, { 'retry-after': '0' }), status(201));
  const outcome = new Outcome();
  const line = { place: 'a:1', index: 0, text: '{}', bytesRead: 2 };
  await new EntrySender({ api: url, token: 'token', outcome, batchSize: 100 }, '{}').send([line]);
  expect([outcome.accepted, asked.length]).toEqual([1, 3]);
  expect(new Set(asked.map((request) => request.headers['idempotency-key'])).size).toBe(1);
});

test('a token is asked for again, and one that is none goes nowhere', async () => {
  const later = status(503, { 'retry-after': '0' });
  const found: Reply = (response, request) =>
    response.end(JSON.stringify({ token_endpoint: `http://${request.headers.host}/token` }));
  const busy = await serving(later, found, later, status(200, {}, '{"access_token":"abc.def"}'));
  expect(await mintToken(busy.url, 'acme', 'writer')).toBe('abc.def');
  const hostile = await serving(found, status(200, {}, JSON.stringify({ access_token: 'a\u001b[2J\nb' })));
  await expect(mintToken(hostile.url, 'acme', 'writer')).rejects.toMatchObject({ message: 'the issuer refused: 200' });
  await expect(mintToken((await serving(status(200, {}, '<html>'))).url, 'acme', 'writer')).rejects.toMatchObject({
    exitCode: EXIT.unreachable,
  });
});

test.each([
  ['{"detail":{"a":1},"title":"T"}', 'T'],
  ['[1]', '[1]'],
  ['{}', 'refused without a reason'],
  ['', 'refused without a reason'],
  ['<html>', '<html>'],
  ['x'.repeat(10_000), `${'x'.repeat(500)}…`],
])('the reason of %.20s is its words', (body, reason) => {
  expect(reasonOf({ bytes: Buffer.from(body) })).toBe(reason);
});
