// Changes of JSON and of bytes, as hostile as they come.
import fc from 'fast-check';
import { isUnsafeInteger } from '../../core/json/number.ts';
import type { JsonObject, JsonValue } from '../../core/json/value.ts';

const LONG = 'x'.repeat(3_000);

/** Values that may stand where another belongs. */
const stranger: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    0,
    1,
    2,
    -1,
    0.5,
    255,
    256,
    257,
    64,
    2 ** 31,
    2 ** 32,
    2 ** 53 - 1,
    1e300,
    null,
    true,
    '',
    [],
  ),
  fc.constantFrom<JsonValue>('0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '0000-01-01', '9999-12-31'),
  fc.constantFrom<JsonValue>(
    '2026-02-30',
    '2026-03-03T00:00:00.000Z',
    'P1D',
    'P99999999999999999999Y',
    'PT0S',
    'permanent',
  ),
  fc.constantFrom<JsonValue>(
    '0-9007199254740990',
    '0',
    '5-3',
    '0,1',
    '4,2',
    '0-4,6-9',
    '00',
    '-',
    'acme',
    'digest',
    'hold',
  ),
  fc.constantFrom<JsonValue>('__proto__', 'constructor', '0'.repeat(64), 'f'.repeat(64), `${'A'.repeat(43)}=`, LONG),
  fc.constantFrom<JsonValue>({}, { __proto__: null }, { constructor: 1 }, [[[[[[]]]]]], [null], [{}]),
  fc.nat(1_000),
  (fc.jsonValue() as fc.Arbitrary<JsonValue>).filter(isSafe),
);

function isSafe(value: JsonValue): boolean {
  if (typeof value === 'number') return !isUnsafeInteger(value);
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => name.isWellFormed() && isSafe(inner));
}

interface JsonChange {
  /** Of the places of the value, one by its share of them. */
  readonly where: number;
  readonly how: 'set' | 'remove' | 'double' | 'add' | 'step';
  readonly value: JsonValue;
}

export const jsonChange: fc.Arbitrary<JsonChange> = fc.record({
  where: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  how: fc.constantFrom('set', 'remove', 'double', 'add', 'step'),
  value: stranger,
});

export function changedJson(value: JsonValue, change: JsonChange): JsonValue {
  const paths = pathsOf(value);
  return at(value, paths[Math.floor(change.where * paths.length)]!, change);
}

function pathsOf(value: JsonValue, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))];
}

function at(value: JsonValue, [name, ...rest]: readonly string[], change: JsonChange): JsonValue {
  if (name === undefined || typeof value !== 'object' || value === null) return replaced(value, change);
  const inner = Array.isArray(value) ? value[Number(name)]! : value[name]!;
  const isHere = rest.length === 0;
  if (Array.isArray(value)) {
    const index = Number(name);
    if (isHere && change.how === 'remove') return value.toSpliced(index, 1);
    if (isHere && change.how === 'double') return value.toSpliced(index, 0, inner);
    return value.with(index, at(inner, rest, change));
  }
  const { [name]: _, ...others } = value;
  if (isHere && change.how === 'remove') return others;
  if (isHere && change.how === 'add') return { ...value, [`${name}x`]: change.value };
  return { ...others, [name]: at(inner, rest, change) } as JsonObject;
}

function replaced(value: JsonValue, { how, value: other }: JsonChange): JsonValue {
  if (how !== 'step' || typeof value !== 'number') return other;
  const stepped = value + (typeof other === 'number' && other > 1 ? 1 : -1);
  // Beyond that there is no canonical JSON of it.
  return Number.isSafeInteger(stepped) ? stepped : value;
}

export const byteChange = fc.record({
  where: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  remove: fc.constantFrom(0, 0, 1, 2, 30, 1_000),
  insert: fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.constantFrom(Uint8Array.of(0x0a), Uint8Array.of(0x5b, 0x5b))),
});

type ByteChange = typeof byteChange extends fc.Arbitrary<infer Change> ? Change : never;

export function changedBytes(bytes: Uint8Array, { where, remove, insert }: ByteChange): Uint8Array {
  const begin = Math.floor(where * bytes.length);
  return Uint8Array.from([...bytes.subarray(0, begin), ...insert, ...bytes.subarray(begin + remove)]);
}
