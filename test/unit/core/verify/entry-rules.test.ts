// What a verifier refuses of an entry, by finding.
import { expect, test } from '@jest/globals';
import { canonicalBytes } from '../../../../core/canonical/canonical.ts';
import type { JsonObject } from '../../../../core/json/value.ts';
import { EntryRules, sealWindow, timeFault } from '../../../../core/verify/entry-rules.ts';

const ENTRY = {
  ...{ id: 'n-1', v: 1, tenant: 'acme', action: 'note.viewed', category: 'data_access', outcome: 'success' },
  ...{ severity: 'low', description: 'Zoë viewed the note', occurredAt: '2026-02-09T10:30:00.000Z' },
  recordedAt: '2026-02-09T10:30:00.250Z',
  actor: { type: 'user', id: 'u1', name: 'Zoë' },
  recorder: { type: 'token', id: 'crm' },
} satisfies JsonObject;

const bytesOf = (entry: JsonObject) => canonicalBytes(entry);
const faultOf = (bytes: Uint8Array) => new EntryRules('acme').check(bytes);
const withText = (change: (text: string) => string) =>
  new TextEncoder().encode(change(new TextDecoder().decode(bytesOf(ENTRY))));

test('an entry has no fault, and says when it was recorded', () => {
  const rules = new EntryRules('acme');
  expect(rules.check(bytesOf(ENTRY))).toBeUndefined();
  expect(new Date(rules.recordedAt).toISOString()).toBe(ENTRY.recordedAt);
});

test.each<readonly [string, Uint8Array, string]>([
  ['another version', bytesOf({ ...ENTRY, v: 2 }), 'entry-version'],
  ['another version with members of its own', bytesOf({ ...ENTRY, v: 2, sealed: {} }), 'entry-version'],
  ['no version', withText((text) => text.replace(',"v":1', '')), 'entry-version'],
  ['an unknown category', bytesOf({ ...ENTRY, category: 'nonsense' }), 'entry-category'],
  ['a category that every object has', bytesOf({ ...ENTRY, category: 'constructor' }), 'entry-category'],
  ['another tenant', bytesOf({ ...ENTRY, tenant: 'globex' }), 'entry-tenant'],
  ['an unknown member', bytesOf({ ...ENTRY, more: 1 }), 'entry-malformed'],
  ['an unknown member further in', bytesOf({ ...ENTRY, actor: { ...ENTRY.actor, more: 1 } }), 'entry-malformed'],
  ['a member less', withText((text) => text.replace('"outcome":"success",', '')), 'entry-malformed'],
  ['a blank', withText((text) => text.replace(':', ': ')), 'entry-not-canonical'],
  ['a blank behind', withText((text) => `${text} `), 'entry-not-canonical'],
  [
    'members in another order',
    withText((text) => `{"v":1,${text.slice(1).replace(',"v":1', '')}`),
    'entry-not-canonical',
  ],
  ['an escape that is not needed', withText((text) => text.replace('n-1', 'n\\u002d1')), 'entry-not-canonical'],
  ['a member twice', withText((text) => text.replace('"v":1', '"v":1,"v":1')), 'entry-malformed'],
  ['something behind', withText((text) => `${text}{}`), 'entry-malformed'],
  ['no JSON', new TextEncoder().encode('an entry'), 'entry-malformed'],
  ['nothing', new Uint8Array(), 'entry-malformed'],
  ['no UTF-8', withText((text) => text).with(20, 0xff), 'entry-malformed'],
  ['a day that no calendar has', bytesOf({ ...ENTRY, recordedAt: '2026-02-30T10:30:00.250Z' }), 'entry-malformed'],
  ['another spelling of a time', bytesOf({ ...ENTRY, recordedAt: '2026-02-09T10:30:00.25Z' }), 'entry-malformed'],
  [
    'recorded two days before it happened',
    bytesOf({ ...ENTRY, recordedAt: '2026-02-08T10:29:59.999Z' }),
    'entry-malformed',
  ],
  ['late and not said to be', bytesOf({ ...ENTRY, recordedAt: '2026-02-10T10:30:00.001Z' }), 'entry-malformed'],
  ['said to be late and not', bytesOf({ ...ENTRY, late: true }), 'entry-malformed'],
  ['a user without an id', bytesOf({ ...ENTRY, actor: { type: 'user' } }), 'entry-malformed'],
  ['deeper than 32 containers', bytesOf({ ...ENTRY, metadata: nested(32) }), 'entry-malformed'],
  ['longer than 60,000 bytes', bytesOf({ ...ENTRY, metadata: { text: 'x'.repeat(60_000) } }), 'entry-malformed'],
  ['an array', new TextEncoder().encode('[]'), 'entry-malformed'],
  ['a redaction of nothing', bytesOf({ ...ENTRY, redacted: [{ pointer: '/id', kind: 'card' }] }), 'entry-malformed'],
  ['no redaction', bytesOf({ ...ENTRY, redacted: [] }), 'entry-malformed'],
])('%s is a fault', (_, bytes, fault) => {
  expect(faultOf(bytes)).toBe(fault);
});

test.each<readonly [string, JsonObject]>([
  ['late and said to be', { ...ENTRY, recordedAt: '2026-02-10T10:30:00.001Z', late: true }],
  ['recorded a day before it happened', { ...ENTRY, recordedAt: '2026-02-08T10:30:00.000Z' }],
  ['nobody in particular', { ...ENTRY, actor: { type: 'anonymous' } }],
  ['32 containers', { ...ENTRY, metadata: nested(31) }],
  ['an IPv6 address', { ...ENTRY, source: { ip: '2001:db8::1', forwardedFor: ['[REDACTED:ip]'] } }],
  ['a marker', { ...ENTRY, description: 'the [REDACTED:card]', redacted: [{ pointer: '/description', kind: 'card' }] }],
  ['a removed member', { ...ENTRY, redacted: [{ pointer: '/source/geo/lat', kind: 'policy' }] }],
  ['a text that a marker made longer', { ...ENTRY, description: `${'x'.repeat(1_995)}[REDACTED:card]` }],
  ['2,000 characters of two units each', { ...ENTRY, description: '😀'.repeat(2_000) }],
  ['control characters where they may be', { ...ENTRY, metadata: { text: '\u0000\u001f\t"\\\u007f' } }],
])('%s is no fault', (_, entry) => {
  expect(faultOf(bytesOf(entry))).toBeUndefined();
});

function nested(depth: number): JsonObject {
  return depth === 1 ? {} : { in: nested(depth - 1) };
}

const window = sealWindow({ sealedAt: '2026-02-09T00:10:00.000Z' }, '2026-02-10T00:10:00.000Z');

test.each([
  ['2026-02-09T00:10:00.000Z', undefined],
  ['2026-02-08T23:10:00.000Z', undefined],
  ['2026-02-08T23:09:59.999Z', 'entry-late'],
  ['2026-01-10T00:10:00.000Z', 'entry-late'],
  ['2026-01-10T00:09:59.999Z', 'entry-backdated'],
  ['2019-01-10T00:09:59.999Z', 'entry-backdated'],
  ['2026-02-10T01:10:00.000Z', undefined],
  ['2026-02-10T01:10:00.001Z', 'entry-ahead'],
  ['2126-02-10T01:10:00.001Z', 'entry-ahead'],
])('recorded at %s and sealed on 10 February: %p', (recordedAt, fault) => {
  expect(timeFault(Date.parse(recordedAt), window)).toBe(fault);
});

test('before a first digest, anything may have been recorded', () => {
  expect(timeFault(0, sealWindow(undefined, '2026-02-10T00:10:00.000Z'))).toBeUndefined();
});
