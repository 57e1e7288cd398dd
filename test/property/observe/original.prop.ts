// Originals of events that are cut to fit.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { parsePointer } from '../../../core/json/pointer.ts';
import { isJsonObject, type JsonValue } from '../../../core/json/value.ts';
import { fitInto, jsonBytes, tame } from '../../../services/observe/original.ts';

const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' }) as fc.Arbitrary<JsonValue>;
const document = fc.dictionary(fc.string(), json, { minKeys: 1, maxKeys: 30 }) as fc.Arbitrary<JsonValue>;

function exists(value: JsonValue, path: readonly string[]): boolean {
  let node: JsonValue | undefined = value;
  for (const token of path) {
    if (Array.isArray(node)) node = node[Number(token)];
    else if (isJsonObject(node) && Object.hasOwn(node, token)) node = node[token];
    else return false;
    if (node === undefined) return false;
  }
  return true;
}

describe('an original that is made to fit', () => {
  test('is measured as its canonical form is', () => {
    fc.assert(
      fc.property(document, (raw) => {
        const { value } = tame(raw, 32);
        expect(jsonBytes(value)).toBe(canonicalBytes(value).length);
      }),
    );
  });

  test('fits with its list of cuts, each of which is in the original', () => {
    fc.assert(
      fc.property(document, fc.integer({ min: 0, max: 3_000 }), (raw, budget) => {
        const { value: original } = tame(raw, 32);
        const { value, cuts } = fitInto(original, budget);
        if (value === undefined) {
          expect(cuts).toEqual([{ pointer: '', bytes: jsonBytes(original), reason: 'size' }]);
          return;
        }
        const list = cuts.length === 0 ? 0 : jsonBytes(cuts.map((cut) => ({ ...cut })));
        expect(jsonBytes(value) + list).toBeLessThanOrEqual(budget);
        for (const { pointer } of cuts) expect(exists(original, parsePointer(pointer)!)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('is untouched when it fits, and the same each time', () => {
    fc.assert(
      fc.property(document, fc.integer({ min: 64, max: 3_000 }), (raw, budget) => {
        const { value: original } = tame(raw, 32);
        const once = fitInto(original, budget);
        expect(fitInto(structuredClone(original), budget)).toEqual(once);
        if (jsonBytes(original) <= budget) expect(once).toEqual({ value: original, cuts: [] });
      }),
    );
  });
});
