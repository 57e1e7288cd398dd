// The parser of JSON agrees with others, and is stricter where it has to be.
import { expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalBytes, canonicalText } from '../../../core/canonical/canonical.ts';
import { checkValue } from '../../../core/json/check.ts';
import { JsonFault } from '../../../core/json/fault.ts';
import { parseJson } from '../../../core/json/parse.ts';
import { isJsonObject, type JsonObject, type JsonValue, setMember } from '../../../core/json/value.ts';
import { json } from './arbitraries.ts';
import { referenceParse } from './reference-json.ts';

/** Faults that JSON.parse lets pass: what this parser is strict about. */
const STRICT = new Set([
  ...['duplicate-key', 'lone-surrogate', 'unsafe-integer', 'inexact-number', 'not-finite', 'too-deep', 'invalid-utf8'],
]);

function attempt(text: string): { value: JsonValue } | JsonFault {
  try {
    return { value: parseJson(text) };
  } catch (error) {
    if (error instanceof JsonFault) return error;
    throw error;
  }
}

function reference(text: string): { value: JsonValue } | undefined {
  try {
    return { value: referenceParse(text) };
  } catch {
    return undefined;
  }
}

test('what JSON.stringify writes is read as the same value, with any white space', () => {
  fc.assert(
    fc.property(json, fc.constantFrom('', ' ', '\t', '\n\n'), (value, space) => {
      const text = JSON.stringify(value, null, space);
      expect(attempt(text)).toEqual({ value: referenceParse(text) });
      expect(parseJson(new TextEncoder().encode(text))).toEqual(referenceParse(text));
    }),
  );
});

test('texts with any small change: JSON.parse agrees, or the fault is one that it lets pass', () => {
  const pieces = fc.constantFrom(
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '0',
    '1',
    '-',
    '.',
    'e',
    'é',
    '\\u',
    'd800',
    '\ud800',
    ' ',
    '\0',
    't',
  );
  fc.assert(
    fc.property(json, fc.nat(), fc.nat({ max: 3 }), pieces, (value, position, cut, piece) => {
      const text = JSON.stringify(value);
      const at = position % (text.length + 1);
      const changed = text.slice(0, at) + piece + text.slice(at + cut);
      const got = attempt(changed);
      const want = reference(changed);
      if (got instanceof JsonFault) expect(want === undefined || STRICT.has(got.code)).toBe(true);
      else expect(got).toEqual(want);
    }),
    { numRuns: 2_000 },
  );
});

test('any bytes are a value or a fault whose place lies inside the text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        canonicalBytes(parseJson(bytes));
      } catch (error) {
        if (!(error instanceof JsonFault)) throw error;
        expect(error.offset).toBeLessThanOrEqual(bytes.length);
        expect(error.line).toBeGreaterThan(0);
        expect(error.column).toBeGreaterThan(0);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('the canonical form is that of the reference library', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonicalText(value)).toBe(canonicalize(value));
    }),
    { numRuns: 500 },
  );
});

test('the canonical form is read back as the value, and is its own canonical form', () => {
  fc.assert(
    fc.property(json, (value) => {
      const bytes = canonicalBytes(value);
      const read = parseJson(bytes);
      expect(canonicalBytes(read)).toEqual(bytes);
      expect(checkValue(read, 1_000)).toEqual([]);
      expect(bytes.includes(0x0a)).toBe(false);
    }),
  );
});

test('the order of members makes no difference', () => {
  const reversed = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(reversed);
    if (!isJsonObject(value)) return value;
    const copy: JsonObject = {};
    for (const name of Object.keys(value).toReversed()) setMember(copy, name, reversed(value[name]!));
    return copy;
  };
  fc.assert(
    fc.property(json, (value) => {
      expect(canonicalText(reversed(value))).toBe(canonicalText(value));
    }),
  );
});

test('a decimal is taken exactly when its double is written back as the same decimal', () => {
  const literal = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(fc.nat(999).map(String), fc.stringMatching(/^[1-9]\d{0,15}$/)),
      fc.stringMatching(/^(?:\.\d{1,20})?$/),
      fc.oneof(
        fc.constant(''),
        fc.integer({ min: -330, max: 300 }).map((power) => `e${power}`),
      ),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(literal, (text) => {
      const result = attempt(text);
      const value = Number(text);
      if (!(result instanceof JsonFault)) expect([text, sameDecimal(text, String(value))]).toEqual([text, true]);
      else if (result.code === 'inexact-number')
        expect([text, sameDecimal(text, String(value))]).toEqual([text, false]);
      else expect(['unsafe-integer', 'not-finite']).toContain(result.code);
    }),
    { numRuns: 20_000 },
  );
});

/** Both as whole numbers of the same tiny unit. */
function sameDecimal(a: string, b: string): boolean {
  const scaled = (text: string) => {
    const [, sign, whole, fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text)!;
    const amount = BigInt(whole! + fraction) * 10n ** BigInt(700 + Number(power) - fraction.length);
    return sign === '-' ? -amount : amount;
  };
  return scaled(a) === scaled(b);
}
