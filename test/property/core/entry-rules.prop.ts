// The fast check of entries agrees with the slow one, on any bytes.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sampleEntries } from '../../../bench/entries.ts';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { EntryScan } from '../../../core/entry/scan.ts';
import { parseExactTime } from '../../../core/entry/time.ts';
import { WasmEntryScan } from '../../../core/entry/wasm-scan.ts';
import type { JsonObject, JsonValue } from '../../../core/json/value.ts';
import { checkSlowly, EntryRules } from '../../../core/verify/entry-rules.ts';

const LF = 0x0a;

/** Values that fit somewhere in an entry, and values that fit nowhere. */
const anything: fc.Arbitrary<JsonValue> = fc.oneof(
  (fc.jsonValue() as fc.Arbitrary<JsonValue>).filter(isSafe),
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
  fc.constantFrom<JsonValue>(
    '',
    'user',
    'system',
    'debug',
    'nothing',
    'x'.repeat(600),
    'é'.repeat(300),
    '\u007f',
    '\u0001',
  ),
  fc.constantFrom<JsonValue>('2026-02-30T00:00:00.000Z', '2024-02-29T23:59:59.999Z', '0000-01-01T00:00:00.000Z'),
  fc.constantFrom<JsonValue>('2026-02-09T10:30:00Z', '2026-02-09T24:00:00.000Z', '2025-06-15T15:06:40.000Z'),
  fc.constantFrom<JsonValue>(
    '10.0.0.1',
    '010.0.0.1',
    '256.1.1.1',
    '::1',
    '1.2.3.4.5',
    '[REDACTED:secret]',
    'a [REDACTED:b]',
  ),
  fc.constantFrom<JsonValue>(1, 2, -0, 0.1, 1e-7, 90.5, 1e21, true, false, null, [], {}),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isSafe),
);

const name = fc.oneof(
  fc.constantFrom('id', 'v', 'tenant', 'action', 'category', 'outcome', 'severity', 'description', 'occurredAt'),
  fc.constantFrom('recordedAt', 'late', 'actor', 'source', 'target', 'related', 'change', 'context', 'metadata'),
  fc.constantFrom('recorder', 'redacted', 'type', 'name', 'geo', 'lat', 'device', 'ip', 'forwardedFor', 'traceId'),
  fc.constantFrom('before', 'after', 'kind', 'pointer', 'role', 'responseTimeMs', 'channel', '__proto__', 'more'),
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
);

/** A member somewhere in an entry is set to something, or removed. */
interface Change {
  readonly path: readonly string[];
  readonly value: JsonValue | undefined;
}

const change: fc.Arbitrary<Change> = fc.record({
  path: fc.array(name, { minLength: 1, maxLength: 3 }),
  value: fc.option(anything, { nil: undefined }),
});

function changed(entry: JsonObject, { path, value }: Change): JsonObject {
  const [first, ...rest] = path as [string, ...string[]];
  const copy: JsonObject = { ...entry };
  const inner = Object.hasOwn(copy, first) ? copy[first] : undefined;
  const next =
    rest.length > 0 && typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? changed(inner, { path: rest, value })
      : value;
  delete copy[first];
  if (next !== undefined) Object.defineProperty(copy, first, { value: next, enumerable: true, configurable: true });
  return copy;
}

/** Both readers on the same bytes, which lie in the middle of others. */
function expectAgreement(bytes: Uint8Array): 'accepted' | 'refused' {
  // The longest entry was in the module's memory before: nothing of what it left there may be taken for this one.
  expect(new WasmEntryScan('acme').read(longest)).not.toBeNaN();
  const around = Uint8Array.from([LF, ...bytes, LF, 0x7b, 0x22]);
  const rules = new EntryRules('acme');
  const fast = new EntryScan('acme').read(around, 1, 1 + bytes.length);
  const fault = rules.check(around, 1, 1 + bytes.length);
  const module = new WasmEntryScan('acme').read(around.subarray(1, 1 + bytes.length));
  const slow = checkSlowly(bytes, 'acme');
  expect(fault).toEqual(typeof slow === 'string' ? slow : undefined);
  // At the end of a buffer of its own, too.
  expect(new EntryRules('acme').check(bytes.slice())).toEqual(fault);
  if (typeof slow === 'string') {
    expect(fast).toBeNaN();
    expect(module).toBeNaN();
    return 'refused';
  }
  expect(rules.recordedAt).toBe(parseExactTime(slow.recordedAt as string));
  if (!Number.isNaN(fast)) expect(fast).toBe(rules.recordedAt);
  if (!Number.isNaN(module)) expect(module).toBe(rules.recordedAt);
  return 'accepted';
}

const samples = sampleEntries(50) as readonly JsonObject[];
const longest = samples.map(canonicalBytes).reduce((a, b) => (b.length > a.length ? b : a));

test('what changes in an entry is checked alike by the fast reader and by the slow one', () => {
  const seen = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(fc.nat(samples.length - 1), fc.array(change, { maxLength: 3 }), (at, changes) => {
      const entry = changes.reduce(changed, samples[at]!);
      seen[expectAgreement(canonicalBytes(entry))]++;
    }),
    { numRuns: 5_000 },
  );
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(100);
});

test('bytes that change are checked alike', () => {
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(...[...'{}[]",:\\0129aefu -.'].map((one) => one.charCodeAt(0))));
  const edit = fc.record({ at: fc.nat(1_000), remove: fc.nat(3), insert: fc.array(byte, { maxLength: 3 }) });
  fc.assert(
    fc.property(fc.nat(samples.length - 1), fc.array(edit, { minLength: 1, maxLength: 2 }), (at, edits) => {
      const bytes: number[] = [...canonicalBytes(samples[at]!)];
      for (const { at: place, remove, insert } of edits) bytes.splice(place % bytes.length, remove, ...insert);
      expectAgreement(Uint8Array.from(bytes));
    }),
    { numRuns: 5_000 },
  );
});

test('any JSON in metadata and change is checked alike, and most of it without a closer look', () => {
  let [sure, sureByModule, all] = [0, 0, 0];
  fc.assert(
    fc.property(fc.jsonValue() as fc.Arbitrary<JsonValue>, fc.nat(35), (value, depth) => {
      let nested = value;
      for (let i = 0; i < depth; i++) nested = i % 2 === 0 ? [nested] : { in: nested };
      const entry = { ...samples[0]!, metadata: { value: nested }, change: { after: nested } };
      if (!isSafe(value)) return;
      const bytes = canonicalBytes(entry);
      if (expectAgreement(bytes) === 'refused') return;
      all++;
      if (!Number.isNaN(new EntryScan('acme').read(bytes, 0, bytes.length))) sure++;
      if (!Number.isNaN(new WasmEntryScan('acme').read(bytes))) sureByModule++;
    }),
    { numRuns: 2_000 },
  );
  expect(sure / all).toBeGreaterThan(0.5);
  expect(sureByModule / all).toBeGreaterThan(0.25);
});

function isSafe(value: JsonValue): boolean {
  try {
    canonicalBytes(value);
    return true;
  } catch {
    return false;
  }
}
