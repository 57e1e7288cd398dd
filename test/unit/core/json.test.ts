// JSON texts that are read and refused.
import { describe, expect, test } from '@jest/globals';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { fromHex } from '../../../core/crypto.ts';
import { checkValue, textLength } from '../../../core/json/check.ts';
import { JsonFault } from '../../../core/json/fault.ts';
import { parseJson } from '../../../core/json/parse.ts';
import { parsePointer, toPointer } from '../../../core/json/pointer.ts';
import { vectors } from '../../vectors/load.ts';

interface Refused {
  readonly text?: string;
  readonly hex?: string;
  readonly repeat?: number;
  readonly code: string;
  readonly pointer: string;
  readonly line: number;
  readonly column: number;
}

function faultOf(input: string | Uint8Array): JsonFault {
  try {
    parseJson(input);
  } catch (error) {
    if (error instanceof JsonFault) return error;
    throw error;
  }
  throw new Error('got a value, want a fault');
}

describe('texts that are refused', () => {
  test.each(vectors<Refused>('json/refused'))('%s', (_, { text, hex, repeat = 1, code, pointer, line, column }) => {
    const input = hex === undefined ? new TextEncoder().encode(text!.repeat(repeat)) : fromHex(hex);
    expect(faultOf(input)).toMatchObject({ code, pointer, line, column });
    if (text !== undefined) expect(faultOf(text.repeat(repeat))).toMatchObject({ code, pointer, line, column });
  });

  test('a raw lone surrogate in a string of JavaScript', () => {
    expect(faultOf('{"a":["x\ud83d"]}')).toMatchObject({ code: 'lone-surrogate', pointer: '/a/0', column: 9 });
  });

  test('the message tells line and column, and holds nothing of the text but one character', () => {
    const fault = faultOf('{"password": "hunter2" !}');
    expect(fault.message).toBe('got “!”, want “,” or “}” at line 1, column 24');
  });

  test('the offset counts bytes of UTF-8', () => {
    expect(faultOf('["é😀" x]').offset).toBe(10);
  });

  test('a depth that could exhaust the stack is no configuration', () => {
    expect(() => parseJson('[]', { maxDepth: 1e6 })).toThrow(RangeError);
    expect(() => parseJson('[]', { maxDepth: Number.NaN })).toThrow(RangeError);
    expect(parseJson('['.repeat(1_000) + ']'.repeat(1_000), { maxDepth: 1_000 })).toHaveLength(1);
  });
});

describe('texts that are read', () => {
  test('as JSON.parse reads them', () => {
    const text =
      ' {"a":[1,-2.5e-3,true,false,null,"\\u00e9\\ud83d\\ude00\\n/"],"":{},"toString":1,"hasOwnProperty":2}\r\n\t';
    expect(parseJson(text)).toEqual(JSON.parse(text));
    expect(parseJson(new TextEncoder().encode(text))).toEqual(JSON.parse(text));
  });

  test('a member named __proto__ is a member and changes no prototype', () => {
    const value = parseJson('{"__proto__":{"admin":true}}') as Record<string, unknown>;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(value.admin).toBeUndefined();
  });

  test('the deepest that is allowed', () => {
    const text = '['.repeat(34) + ']'.repeat(34);
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });

  test.each(['9007199254740991', '-9007199254740991', '1e21', '1.7976931348623157e308', '5e-324'])('%s', (text) => {
    expect(parseJson(text)).toBe(Number(text));
  });
});

describe('the canonical form', () => {
  test.each(vectors<{ text: string; canonical: string }>('json/canonical'))('%s', (_, { text, canonical }) => {
    const bytes = canonicalBytes(parseJson(text));
    expect(new TextDecoder().decode(bytes)).toBe(canonical);
    expect(canonicalBytes(parseJson(bytes))).toEqual(bytes);
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  test.each<[string, unknown, string]>([
    ['undefined', { a: undefined }, 'not-json'],
    ['a hole', new Array(1), 'not-json'],
    ['a function', { a: () => 1 }, 'not-json'],
    ['a bigint', [1n], 'not-json'],
    ['a date', { at: new Date(0) }, 'not-json'],
    ['bytes', { b: new Uint8Array(1) }, 'not-json'],
    ['a map', new Map(), 'not-json'],
    ['NaN', [Number.NaN], 'unsafe-number'],
    ['Infinity', [Number.POSITIVE_INFINITY], 'unsafe-number'],
    ['an unsafe integer', [2 ** 53], 'unsafe-number'],
    ['a lone surrogate', ['\ud800'], 'lone-surrogate'],
    ['a lone surrogate in a key', { '\udfff': 1 }, 'lone-surrogate'],
    ['a cycle', cycle, 'too-deep'],
  ])('refuses %s and drops nothing', (_, value, code) => {
    expect(() => canonicalBytes(value as never)).toThrow(expect.objectContaining({ name: 'CanonicalError', code }));
  });
});

describe('values that something else parsed', () => {
  test('every fault is named with its pointer', () => {
    const value = { a: ['\ud800', 2 ** 60, Number.NaN], 'b/': undefined, c: { d: { e: 1 } }, f: 1e21, g: -0 };
    expect(checkValue(value, 2).map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/a/0', 'lone-surrogate'],
      ['/a/1', 'unsafe-integer'],
      ['/a/2', 'not-finite'],
      ['/b~1', 'not-json'],
      ['/c/d', 'too-deep'],
    ]);
  });

  test('the length of all text is a lower bound that stops counting early', () => {
    expect(textLength({ ab: ['cde', 1, null], f: { g: 'hi' } }, 100)).toBe(9);
    expect(textLength(Array(1_000).fill('12345'), 12)).toBeLessThan(20);
  });
});

describe('pointers', () => {
  test('escape and unescape', () => {
    expect(toPointer(['a/b', '~1', '', 0])).toBe('/a~1b/~01//0');
    expect(parsePointer('/a~1b/~01//0')).toEqual(['a/b', '~1', '', '0']);
    expect(parsePointer('')).toEqual([]);
  });

  test.each(['a', '/~', '/~2', '/a~'])('%s is none', (text) => {
    expect(parsePointer(text)).toBeUndefined();
  });
});
