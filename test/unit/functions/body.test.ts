// Bodies of requests.
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_LIMITS } from '../../../core/limits.ts';
import { readRequest } from '../../../functions/api/ingest/body.ts';
import { readBody } from '../../../functions/api/shared/body.ts';
import { idempotencyKey } from '../../../functions/api/shared/idempotency.ts';
import { request } from './requests.ts';

const LIMITS = { ...DEFAULT_LIMITS, bodyBytes: 100 };

describe('the body', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json;',
  ])('may be sent as %s', (type) => {
    expect(readBody(request({ body: '{"a":1}', headers: { 'content-type': type } }), LIMITS)).toEqual({ a: 1 });
  });

  test.each([
    ['text/plain', { 'content-type': 'text/plain' }],
    ['another charset', { 'content-type': 'application/json; charset=iso-8859-1' }],
    ['NDJSON', { 'content-type': 'application/x-ndjson' }],
    ['a type that only begins like JSON', { 'content-type': 'application/json5' }],
    ['an empty type', { 'content-type': '' }],
    ['gzip', { 'content-encoding': 'gzip' }],
  ])('may not be sent as %s', (_, headers) => {
    expect(() => readBody(request({ body: '{}', headers }), LIMITS)).toThrow(
      expect.objectContaining({ slug: 'unsupported-media-type', status: 415 }),
    );
  });

  test('is decoded when API Gateway encoded it', () => {
    const body = Buffer.from('{"a":"ö"}').toString('base64');
    expect(readBody(request({ body, base64: true }), LIMITS)).toEqual({ a: 'ö' });
  });

  test.each([false, true])('is measured in bytes as sent (base64: %p)', (base64) => {
    const body = (text: string) => (base64 ? Buffer.from(text).toString('base64') : text);
    const fits = JSON.stringify('ö'.repeat(49));
    expect(readBody(request({ body: body(fits), base64 }), LIMITS)).toBe('ö'.repeat(49));
    expect(() => readBody(request({ body: body(`${fits} `), base64 }), LIMITS)).toThrow(
      expect.objectContaining({
        slug: 'too-large',
        status: 413,
        options: { limit: { name: 'bodyBytes', value: 100, got: 101 } },
      }),
    );
  });

  test.each([
    ['empty', undefined, 'empty'],
    ['broken off', '{"a":', 'unexpected-end'],
    ['ambiguous', '{"a":1,"a":2}', 'duplicate-key'],
    ['beyond safe integers', '[9007199254740993]', 'unsafe-integer'],
    ['inexact', '[79.99999999999999999]', 'inexact-number'],
  ])('that is %s is refused', (_, body, code) => {
    expect(() => readBody(request({ body }), LIMITS)).toThrow(malformed(code));
  });

  test('that is not UTF-8 is refused', () => {
    const body = Buffer.from([0x22, 0xff, 0x22]).toString('base64');
    expect(() => readBody(request({ body, base64: true }), LIMITS)).toThrow(malformed('invalid-utf8'));
  });
});

/** The client's fault on whichever route: a 500 would ring the API's alarm. */
const malformed = (code: string) =>
  expect.objectContaining({
    slug: 'malformed-json',
    status: 400,
    options: { errors: [expect.objectContaining({ code })] },
  });

describe('what is to be recorded', () => {
  test('is one entry, or a batch', () => {
    expect(readRequest({ action: 'a.b' })).toEqual({ kind: 'entry', entry: { action: 'a.b' } });
    expect(readRequest({ entries: [1, 2] })).toEqual({ kind: 'batch', entries: [1, 2], pointer: '/entries' });
  });

  test.each([
    ['entries that are no array', { entries: {} }, '/entries', 'wrong-type'],
    ['more than entries', { entries: [{}], 'a/b': 1 }, '/a~1b', 'unknown-field'],
  ])('is never %s', (_, body, pointer, code) => {
    expect(() => readRequest(body)).toThrow(
      expect.objectContaining({
        slug: 'invalid-entry',
        options: { errors: [{ pointer, code, detail: expect.any(String) }] },
      }),
    );
  });
});

describe('the idempotency key', () => {
  test.each([undefined, 'k', 'a'.repeat(256), '!~'])('may be %p', (key) => {
    expect(idempotencyKey(key)).toBe(key);
  });

  test.each(['', 'a'.repeat(257), 'a b', 'ö', 'a\tb', 'a\n'])('may not be %p', (key) => {
    expect(() => idempotencyKey(key)).toThrow(
      expect.objectContaining({ slug: 'invalid-idempotency-key', status: 400 }),
    );
  });
});

describe('bytes that are not UTF-8, which the gateway has replaced', () => {
  const sentAs = (bytes: Buffer, headers: Record<string, string>) =>
    request({ body: bytes.toString('utf8'), headers: { 'content-type': 'application/json', ...headers } });

  test.each([
    ['one byte', Buffer.of(0xff)],
    ['half of a character', Buffer.of(0xe2, 0x82)],
    ['a surrogate in bytes', Buffer.of(0xed, 0xa0, 0x80)],
  ])('%s is refused', (_name, wrong) => {
    const bytes = Buffer.concat([Buffer.from('{"a":"'), wrong, Buffer.from('"}')]);
    expect(() => readBody(sentAs(bytes, { 'content-length': String(bytes.length) }), LIMITS)).toThrow(
      expect.objectContaining({ slug: 'malformed-json', status: 400 }),
    );
  });

  test.each([['with'], ['without']])('the replacement character itself is taken, %s a length', (length) => {
    const bytes = Buffer.from('{"a":"\ufffd"}');
    const headers: Record<string, string> = length === 'with' ? { 'content-length': String(bytes.length) } : {};
    expect(readBody(sentAs(bytes, headers), LIMITS)).toEqual({ a: '\ufffd' });
  });
});
