// Redaction by name, by shape and by policy.
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/json/value.ts';
import { compileRedaction, RedactionPolicyError } from '../../../core/redact/configure.ts';
import { NO_EXTRA_REDACTION } from '../../../core/redact/policy.ts';
import { redactEntry } from '../../../core/redact/redact.ts';
import { vectors } from '../../vectors/load.ts';

interface Vector {
  readonly input: JsonObject;
  readonly output: JsonObject;
  readonly redacted: [pointer: string, kind: string][];
}

const pairs = (list: readonly { pointer: string; kind: string }[]) => list.map(({ pointer, kind }) => [pointer, kind]);

describe('by name and by shape', () => {
  test.each(vectors<Vector>('redact'))('%s', (_, { input, output, redacted }) => {
    const before = JSON.stringify(input);
    const result = redactEntry(input, NO_EXTRA_REDACTION);
    expect(JSON.stringify(result.value)).toBe(JSON.stringify(output));
    expect(pairs(result.redacted)).toEqual(redacted);
    expect(JSON.stringify(input)).toBe(before);
    expect(redactEntry(result.value, NO_EXTRA_REDACTION)).toEqual({ value: result.value, redacted: [] });
  });

  test.each([
    ['passWord', 'password'],
    ['DB_PASSWORD', 'password'],
    ['myAPIKey2', 'secret'],
    ['cvv2', 'card-code'],
    ['mfaCode', 'one-time-code'],
    // The Kelvin sign is a letter k once it is in lower case.
    ['acces\u0073To\u212aen', 'token'],
  ])('the name %s says what its value is', (name, kind) => {
    const { redacted } = redactEntry({ metadata: { [name]: 'x' } }, NO_EXTRA_REDACTION);
    expect(pairs(redacted)).toEqual([[`/metadata/${name}`, kind]]);
  });

  test('a name is known as secret after thousands of others', () => {
    for (let i = 0; i < 6_000; i++) redactEntry({ metadata: { [`key${i}token`]: '' } }, NO_EXTRA_REDACTION);
    const { redacted } = redactEntry({ metadata: { laterPassword: 'x' } }, NO_EXTRA_REDACTION);
    expect(pairs(redacted)).toEqual([['/metadata/laterPassword', 'password']]);
  });

  test('a part without a finding is not copied', () => {
    const input = { metadata: { clean: { a: 1 }, password: 'x' } };
    const { value } = redactEntry(input, NO_EXTRA_REDACTION);
    expect((value.metadata as JsonObject).clean).toBe(input.metadata.clean);
  });

  // Exponential or cubic searching would not come to an end here.
  test.each<[part: string, kinds: string[]]>([
    ['a=1 ', []],
    ['A', []],
    ['1 ', []],
    ['4 ', []],
    ['eyJaaaaa.', ['jwt']],
    ['password="', ['password']],
    ['a://b:', []],
    ['bearer ', []],
    ['-----BEGIN PRIVATE KE', []],
    ['-----BEGIN PRIVATE KEY-----', ['private-key']],
    ['mysql ', []],
    ['curl -u ', []],
    ['openssl -p', []],
    ['--password ', []],
    ['identified by ', ['password']],
    ['set password for ', []],
    ['<password>', []],
    ['<a b', []],
    ['%3D', []],
    ['&amp;', []],
    ['4.', []],
    ['\u0661', []],
    ['LS0tLS1CRUdJTi', []],
    ['kind: Secret\n', []],
    ['"data":{', []],
    ['.atlasv1.', []],
  ])('a long text of nothing but “%s”', (part, kinds) => {
    const note = part.repeat(Math.ceil(58_000 / part.length));
    const { redacted } = redactEntry({ metadata: { note } }, NO_EXTRA_REDACTION);
    expect(redacted).toEqual(kinds.map((kind) => ({ pointer: '/metadata/note', kind })));
  });
});

describe('by policy', () => {
  const entry: JsonObject = {
    id: 'e1',
    action: 'customer.updated',
    actor: { type: 'user', id: 'u1', name: 'Ada', email: 'ada@example.com' },
    source: { ip: '10.0.0.1', forwardedFor: ['10.0.0.2', '10.0.0.3'], geo: { country: 'NL', lat: 52.3, lon: 4.9 } },
    context: { channel: 'ui', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', requestId: 'r1' },
    change: { before: { email: 'a@b', tags: ['x'] }, after: 'plain' },
    metadata: { a: { email: 'x@y' }, b: { email: ['z'] }, email: 'top' },
  };
  const redact = (pointers: string[], patterns: object[] = []) =>
    redactEntry(entry, compileRedaction({ pointers, patterns }));

  test('a wildcard is every member, and any value in free JSON becomes one marker', () => {
    const { value, redacted } = redact(['/metadata/*/email', '/change/before']);
    expect(value.metadata).toEqual({
      a: { email: '[REDACTED:field]' },
      b: { email: '[REDACTED:field]' },
      email: 'top',
    });
    expect(value.change).toEqual({ before: '[REDACTED:field]', after: 'plain' });
    expect(pairs(redacted)).toEqual([
      ['/metadata/a/email', 'field'],
      ['/metadata/b/email', 'field'],
      ['/change/before', 'field'],
    ]);
  });

  test('a group keeps its shape: texts are replaced, what a marker would break is removed', () => {
    const { value, redacted } = redact(['/source', '/context', '/actor']);
    expect(value.actor).toEqual({
      type: 'user',
      id: '[REDACTED:field]',
      name: '[REDACTED:field]',
      email: '[REDACTED:field]',
    });
    expect(value.source).toEqual({
      ip: '[REDACTED:field]',
      forwardedFor: ['[REDACTED:field]', '[REDACTED:field]'],
      geo: { country: '[REDACTED:field]' },
    });
    expect(value.context).toEqual({ requestId: '[REDACTED:field]' });
    expect(pairs(redacted)).toContainEqual(['/source/geo/lat', 'field']);
    expect(pairs(redacted)).toContainEqual(['/context/channel', 'field']);
  });

  test('what makes an entry is out of reach of a wildcard', () => {
    const { value } = redact(['/*']);
    expect(value).toMatchObject({ id: 'e1', action: 'customer.updated', actor: { type: 'user' } });
  });

  test('applying a policy twice changes nothing', () => {
    const policy = compileRedaction({
      pointers: ['/*', '/metadata/*/email'],
      patterns: [{ name: 'word', pattern: '[A-Z]+' }],
    });
    const once = redactEntry(entry, policy);
    expect(redactEntry(once.value, policy)).toEqual({ value: once.value, redacted: [] });
  });

  test('a pattern gives its name, also across the windows of a long text', () => {
    const policy = compileRedaction({ patterns: [{ name: 'staff-id', pattern: 'S-\\d{6}' }] });
    const note = `${'x'.repeat(4_093)}S-123456${'y'.repeat(9_000)}S-654321`;
    const { value, redacted } = redactEntry({ metadata: { note } }, policy);
    expect((value.metadata as JsonObject).note).toBe(
      `${'x'.repeat(4_093)}[REDACTED:staff-id]${'y'.repeat(9_000)}[REDACTED:staff-id]`,
    );
    expect(pairs(redacted)).toEqual([['/metadata/note', 'staff-id']]);
  });

  test.each<[string, unknown]>([
    ['no object', []],
    ['an unknown member', { pattern: [] }],
    ['a pattern without a name', { patterns: [{ pattern: 'x' }] }],
    ['a name that is no kind', { patterns: [{ name: 'Staff Id', pattern: 'x' }] }],
    ['a broken expression', { patterns: [{ name: 'x', pattern: '(' }] }],
    ['a repeated repetition', { patterns: [{ name: 'x', pattern: '(a+)+b' }] }],
    ['a repeated repetition, bounded', { patterns: [{ name: 'x', pattern: '(?:a{1,9}){9}' }] }],
    ['a repeated choice', { patterns: [{ name: 'x', pattern: '(a|ab)*c' }] }],
    ['a repetition nested twice', { patterns: [{ name: 'x', pattern: '((a*)b)+' }] }],
    ['a back reference', { patterns: [{ name: 'x', pattern: '(a)\\1' }] }],
    ['a named back reference', { patterns: [{ name: 'x', pattern: '(?<n>a)\\k<n>' }] }],
    ['an expression that is too long', { patterns: [{ name: 'x', pattern: 'a'.repeat(501) }] }],
    ['a pointer without a slash', { pointers: ['metadata'] }],
    ['a pointer to everything', { pointers: [''] }],
    ['a pointer to what makes an entry', { pointers: ['/id'] }],
    ['a pointer to the kind of actor', { pointers: ['/actor/type'] }],
  ])('refuses %s', (_, config) => {
    expect(() => compileRedaction(config)).toThrow(RedactionPolicyError);
  });

  test.each(['[(a+)+]', '\\(a+\\)+', '(?:ab)+', '(?:abc){3}x*', '(a|b)', '(?<=x)a+'])('takes %s', (pattern) => {
    expect(compileRedaction({ patterns: [{ name: 'x', pattern }] }).patterns).toHaveLength(1);
  });
});
