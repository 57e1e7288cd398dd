// Compressed answers.
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { binary, compressible } from '../../../functions/api/shared/content.ts';
import { byRoute } from '../../../functions/api/shared/routes.ts';
import { request } from './requests.ts';

const LONG = new TextEncoder().encode('x'.repeat(5_000));

async function encodingFor(accepted: string | undefined, bytes = LONG): Promise<[unknown, Buffer]> {
  const event = request({ headers: accepted === undefined ? {} : { 'accept-encoding': accepted } });
  const answer = await compressible(event, 'text/plain', bytes, { 'x-a': 'b' });
  expect(answer.isBase64Encoded).toBe(true);
  expect(answer.headers).toMatchObject({ 'content-type': 'text/plain', 'x-a': 'b', vary: 'accept-encoding' });
  return [answer.headers!['content-encoding'], Buffer.from(answer.body!, 'base64')];
}

test.each(['gzip', 'GZIP', 'br, gzip', 'gzip;q=0.5', 'deflate , gzip ; q=1.0 , *;q=0', 'gzip;q=0.01'])(
  'accept-encoding %s gets gzip',
  async (accepted) => {
    const [encoding, body] = await encodingFor(accepted);
    expect([encoding, gunzipSync(body).equals(LONG)]).toEqual(['gzip', true]);
  },
);

test.each([undefined, '', 'identity', 'br', 'gzip;q=0', 'gzip; q=0.000', 'gzipped', 'x-gzip-like', 'br;gzip'])(
  'accept-encoding %p does not',
  async (accepted) => {
    const [encoding, body] = await encodingFor(accepted);
    expect([encoding, body.equals(LONG)]).toEqual([undefined, true]);
  },
);

test('what is short is sent as it is', async () => {
  const [encoding, body] = await encodingFor('gzip', LONG.slice(0, 1_000));
  expect([encoding, body.length]).toEqual([undefined, 1_000]);
});

test('bytes come through, those of a view too', () => {
  const view = new Uint8Array([9, 0, 255, 128, 9]).subarray(1, 4);
  expect(Buffer.from(binary('a/b', view, {}).body!, 'base64')).toEqual(Buffer.from([0, 255, 128]));
});

test('a route that is not served is not found, whatever it is called', async () => {
  const answers = byRoute({}, { 'GET /a': async () => ({ statusCode: 200 }) });
  const event = request();
  await expect(answers({ ...event, routeKey: 'GET /a' })).resolves.toEqual({ statusCode: 200 });
  for (const routeKey of ['GET /b', 'constructor', '__proto__', '$default']) {
    await expect(answers({ ...event, routeKey })).rejects.toMatchObject({ slug: 'not-found' });
  }
});
