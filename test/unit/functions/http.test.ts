// What all HTTP functions do.
import { describe, expect, test } from '@jest/globals';
import { handler as health } from '../../../functions/api/health/handler.ts';
import { http, json } from '../../../functions/api/shared/http.ts';
import { Problem } from '../../../functions/api/shared/problem.ts';
import { CONTEXT, request } from './requests.ts';

describe('an HTTP function', () => {
  test('answers what its handler answers', async () => {
    const handler = http('test', () => json(200, '{}', { etag: '"1"' }));
    expect(await handler(request(), CONTEXT)).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store', etag: '"1"' },
      body: '{}',
    });
  });

  test('answers a problem with its details, and tells it', async () => {
    const told: Problem[] = [];
    const handler = http(
      'test',
      () => {
        throw new Problem('unavailable', 'Not now.', { retryAfterSeconds: 3 });
      },
      { onProblem: (problem) => told.push(problem) },
    );
    const response = await handler(request(), CONTEXT);
    expect(response).toMatchObject({
      statusCode: 503,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '3' },
    });
    expect(JSON.parse(response.body!)).toEqual({
      type: 'urn:indelible:problem:unavailable',
      title: expect.any(String),
      status: 503,
      detail: 'Not now.',
      instance: 'urn:indelible:request:req-1',
    });
    expect(told).toHaveLength(1);
  });

  test('answers an unexpected error without its message, under the id of the request', async () => {
    const handler = http('test', () => {
      throw new TypeError('secret-of-the-body');
    });
    const response = await handler(request(), CONTEXT);
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret-of-the-body');
    expect(JSON.parse(response.body!)).toMatchObject({
      type: 'urn:indelible:problem:internal',
      instance: 'urn:indelible:request:req-1',
    });
  });

  test('answers before its time is up', async () => {
    const handler = http('test', () => new Promise<never>(() => undefined));
    const response = await handler(request(), { getRemainingTimeInMillis: () => 510 } as never);
    expect(response.statusCode).toBe(503);
    expect(response.headers).toMatchObject({ 'retry-after': '1' });
  });
});

test('health needs neither token nor body', async () => {
  const event = { ...request(), requestContext: { requestId: 'r' }, body: undefined } as never;
  expect(await health(event, CONTEXT)).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
});
