// Entries are accepted as schema and rules say, and become canonical bytes.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Compile } from 'typebox/schema';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { CATALOG } from '../../../core/catalog/catalog.ts';
import { leafHash } from '../../../core/chain.ts';
import { EntryRejected, ForeignTenant } from '../../../core/entry/faults.ts';
import { prepareEntry } from '../../../core/entry/prepare.ts';
import { EntrySchema } from '../../../core/entry/schema.ts';
import { parseTime } from '../../../core/entry/time.ts';
import { parseJson } from '../../../core/json/parse.ts';
import { parsePointer } from '../../../core/json/pointer.ts';
import { type JsonObject, type JsonValue, setMember } from '../../../core/json/value.ts';
import { context } from '../../unit/core/context.ts';
import { json, jsonObject } from './arbitraries.ts';

const stored = Compile(EntrySchema);
const plain = fc
  .string({ unit: 'grapheme-composite', minLength: 1, maxLength: 20 })
  .filter((text) => !/[\p{Cc}]/u.test(text));

const valid: fc.Arbitrary<JsonObject> = fc.record(
  {
    action: fc.constantFrom(...CATALOG.keys()),
    actor: fc.record(
      { type: fc.constantFrom('user', 'service', 'external'), id: plain, name: plain },
      { requiredKeys: ['type', 'id'] },
    ),
    outcome: fc.constantFrom('success', 'failure', 'denied', 'unknown'),
    description: plain,
    occurredAt: fc
      .date({ min: new Date(0), max: new Date('2026-02-10T10:30:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    source: fc.record({
      ip: fc.oneof(fc.ipV4(), fc.ipV6()),
      geo: fc.record({ lat: fc.double({ min: -90, max: 90, noNaN: true }) }),
    }),
    target: fc.record({ type: plain, id: plain }),
    change: fc.record({ before: json, after: json }, { requiredKeys: [] }),
    metadata: jsonObject,
  },
  { requiredKeys: ['action', 'actor'] },
) as fc.Arbitrary<JsonObject>;

test('a valid entry becomes its own canonical bytes, every time the same', () => {
  fc.assert(
    fc.property(valid, (input) => {
      const prepared = prepareEntry(input, context());
      const entry = parseJson(prepared.bytes) as JsonObject;
      expect(stored.Check(entry)).toBe(true);
      expect(canonicalBytes(entry)).toEqual(prepared.bytes);
      expect(leafHash(prepared.bytes)).toEqual(prepared.leafHash);
      expect(prepareEntry(input, context()).bytes).toEqual(prepared.bytes);
      expect(CATALOG.get(entry.action as string)!.category).toBe(prepared.category);
    }),
    { numRuns: 500 },
  );
});

test('any value anywhere in an entry is accepted as schema and rules say, or refused by pointer; nothing else happens', () => {
  const places = [
    '',
    '/action',
    '/actor',
    '/actor/id',
    '/actor/x',
    '/occurredAt',
    '/source',
    '/source/ip',
    '/category',
    '/tenant',
    '/v',
    '/related',
    '/change',
    '/metadata',
    '/context',
    '/redacted',
    '/__proto__',
  ];
  fc.assert(
    fc.property(valid, fc.constantFrom(...places), json, (input, place, value) => {
      const mutated = put(input, parsePointer(place)!, value);
      try {
        expect(stored.Check(parseJson(prepareEntry(mutated, context()).bytes))).toBe(true);
      } catch (error) {
        if (!(error instanceof EntryRejected || error instanceof ForeignTenant)) throw error;
        expect(error.faults.length).toBeGreaterThan(0);
        for (const { pointer } of error.faults) expect(parsePointer(pointer)).toBeDefined();
      }
    }),
    { numRuns: 2_000 },
  );
});

function put(container: JsonValue, path: readonly string[], value: JsonValue): JsonValue {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const copy: JsonObject =
    typeof container === 'object' && container !== null && !Array.isArray(container) ? { ...container } : {};
  setMember(copy, name, put(copy[name] ?? null, rest, value));
  return copy;
}

test('a time is read as the platform reads it, in any zone', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9998-12-31T23:59:59Z'), noInvalidDate: true }),
      fc.integer({ min: -1_439, max: 1_439 }),
      (date, minutes) => {
        const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0');
        const offset = `${minutes < 0 ? '-' : '+'}${hours}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`;
        expect(parseTime(local + offset)).toBe(date.getTime());
        expect(parseTime(date.toISOString())).toBe(date.getTime());
      },
    ),
  );
});

test('of all days, exactly those of the calendar are times', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_999 }), fc.nat(13), fc.nat(32), (year, month, day) => {
      const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
      const date = new Date(`${text}T12:00:00Z`);
      const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
      expect(parseTime(`${text}T12:00:00Z`)).toBe(exists ? date.getTime() : undefined);
    }),
    { numRuns: 1_000 },
  );
});
