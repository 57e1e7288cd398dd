// Arbitrary JSON values.
import fc from 'fast-check';
import { isUnsafeInteger } from '../../../core/json/number.ts';
import { type JsonObject, type JsonValue, setMember } from '../../../core/json/value.ts';

const string = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '"', '\\', '\u2028', '/'),
);

const key = fc.oneof(
  string,
  fc.constantFrom('__proto__', 'constructor', 'toString', '10', '9', '', 'a', '\u{1f600}', '\ufb33'),
);

const number = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.constantFrom(0, -0, 1e21, 1e-7, 5e-324),
  )
  .filter((value) => !isUnsafeInteger(value));

const objectOf = (value: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> =>
  fc.array(fc.tuple(key, value), { maxLength: 6 }).map((members) => {
    const object: JsonObject = {};
    for (const [name, member] of members) setMember(object, name, member);
    return object;
  });

/** Any value that the strict profile of docs/format.md allows, with the names and texts that break naive code. */
export const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(string, number, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 5 }),
    objectOf(tie('value')),
  ),
})).value;

export const jsonObject: fc.Arbitrary<JsonObject> = objectOf(json);
