// Redaction leaves no secret, and nothing to redact again.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../core/json/value.ts';
import { isCardNumber } from '../../../core/redact/cards.ts';
import { compileRedaction } from '../../../core/redact/configure.ts';
import { NO_EXTRA_REDACTION } from '../../../core/redact/policy.ts';
import { mergeRanges, type Range, replaceRanges } from '../../../core/redact/ranges.ts';
import { redactEntry } from '../../../core/redact/redact.ts';
import { isSuspicious, search } from '../../../core/redact/shapes.ts';
import { json } from './arbitraries.ts';

const SECRETS = [
  '4111111111111111',
  '5500 0055 5555 5559',
  '3782-822463-10005',
  'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  `ghp_${'aB3d'.repeat(9)}`,
  'xoxb-123456789012-AbCdEfGhIj',
  'Bearer 0123456789abcdef',
  'Basic dXNlcjpwYXNzd29yZA==',
  'hvs.CAESIJ0123456789abcdefABCDEF',
  `ya29.${'a0-B'.repeat(9)}`,
  '4111.1111.1111.1111',
  '４１１１１１１１１１１１１１１１',
  'curl -u bob:S3cr3t',
  '<password>abc</password>',
];

const NAMES = [
  'password',
  'apiKey',
  'tokens',
  'Authorization',
  'note',
  'old',
  'value',
  'name',
  'to',
  '__proto__',
  'jwt',
];
const GLUE = [
  ' ',
  ', ',
  '=',
  ': ',
  '"',
  '\n',
  '-',
  '/',
  'x',
  '1',
  'password=',
  'https://u:p@h/',
  '[REDACTED:',
  ']',
  '&',
];

/** Texts in which secrets, halves of secrets, signs and markers meet in every way. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...SECRETS, ...GLUE, '[REDACTED:jwt]'),
      fc.constantFrom(...SECRETS).map((s) => s.slice(0, 9)),
    ),
    {
      maxLength: 7,
    },
  )
  .map((parts) => parts.join(''));

const value: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(text, json, fc.constant(4111111111111111)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), text), tie('value')), { maxLength: 4 })
      .map((members) => Object.fromEntries(members)),
  ),
})).value;

const entry: fc.Arbitrary<JsonObject> = fc.record(
  {
    id: text,
    tenant: text,
    recordedAt: text,
    recorder: fc.record({ id: text }),
    description: text,
    actor: fc.record({ type: fc.constant('user'), id: text, name: text }),
    target: fc.record({ type: text, id: fc.oneof(text, fc.constantFrom(...NAMES)) }),
    change: fc.record({ before: value, after: value }, { requiredKeys: [] }),
    metadata: fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), text), value, { maxKeys: 4 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const POLICIES = [
  NO_EXTRA_REDACTION,
  compileRedaction({ pointers: ['/metadata/*/note', '/change/*', '/actor/name', '/*'], patterns: [] }),
  compileRedaction({
    pointers: [],
    patterns: [
      { name: 'letters', pattern: '[A-Za-z]{4,}' },
      { name: 'any', pattern: '\\d' },
    ],
  }),
];

test('redacting twice is redacting once', () => {
  fc.assert(
    fc.property(entry, fc.constantFrom(...POLICIES), (input, policy) => {
      const once = redactEntry(input, policy);
      const twice = redactEntry(once.value, policy);
      expect(twice.redacted).toEqual([]);
      expect(JSON.stringify(twice.value)).toBe(JSON.stringify(once.value));
    }),
    { numRuns: 2_000 },
  );
});

test('the input stays as it is, and so do the fields that make an entry', () => {
  fc.assert(
    fc.property(entry, fc.constantFrom(...POLICIES), (input, policy) => {
      const before = JSON.stringify(input);
      const { value: output } = redactEntry(input, policy);
      expect(JSON.stringify(input)).toBe(before);
      for (const name of ['id', 'tenant', 'recordedAt', 'recorder']) expect(output[name]).toEqual(input[name]);
    }),
  );
});

test('no secret that stands for itself survives anywhere, as a value or as a name', () => {
  const around = fc.constantFrom('', ' ', ', ', '(', '"', '\n');
  const noise = fc.constantFrom('', 'paid', 'order 12', 'é😀', 'a=b', 'x: y');
  fc.assert(
    fc.property(
      fc.constantFrom(...SECRETS),
      around,
      noise,
      noise,
      fc.boolean(),
      (secret, gap, before, after, asName) => {
        const sentence = `${before} ${gap}${secret}${gap} ${after}`;
        const { value: output, redacted } = redactEntry(
          { metadata: { list: [asName ? { [sentence]: 1 } : sentence] } },
          NO_EXTRA_REDACTION,
        );
        expect(JSON.stringify(output)).not.toContain(JSON.stringify(secret).slice(1, -1));
        expect(redacted.length).toBeGreaterThan(0);
        expect(JSON.stringify(redacted)).not.toContain(secret);
      },
    ),
    { numRuns: 500 },
  );
});

test('every pointer of the list leads to a marker of its kind, in a value or in a name', () => {
  fc.assert(
    fc.property(entry, (input) => {
      const { value: output, redacted } = redactEntry(input, NO_EXTRA_REDACTION);
      const texts = new Map<string, string>();
      collect(output, '', texts);
      for (const { pointer, kind } of redacted) {
        expect(`${pointer} ${texts.get(pointer) ?? ''}`).toContain(`[REDACTED:${kind}]`);
      }
    }),
    { numRuns: 500 },
  );
});

function collect(node: JsonValue, pointer: string, texts: Map<string, string>): void {
  if (typeof node === 'string') texts.set(pointer, node);
  if (typeof node !== 'object' || node === null) return;
  for (const [name, member] of Object.entries(node)) {
    collect(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, texts);
  }
}

/** The check digit as its definition says, one digit after the other, right to left. */
function luhn(digits: string): boolean {
  const sum = [...digits].toReversed().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 1 ? 2 : 1);
    return total + Math.floor(value / 10) + (value % 10);
  }, 0);
  return sum % 10 === 0;
}

test('of the ten numbers that differ in their last digit, exactly the one with the right check digit is a card', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^(?:4\d|5[1-5])\d{13}$/), (start) => {
      const numbers = [...'0123456789'].map((digit) => start + digit);
      expect(numbers.filter(isCardNumber)).toEqual(numbers.filter(luhn));
      expect(numbers.filter(isCardNumber)).toHaveLength(1);
    }),
  );
});

test('merged ranges cover the same characters, in order and apart', () => {
  const range = fc
    .tuple(fc.nat(30), fc.integer({ min: 1, max: 10 }), fc.constantFrom('a', 'b'))
    .map(([start, length, kind]) => ({ start, end: start + length, kind }));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 8 }), (ranges) => {
      const merged = mergeRanges(ranges);
      const covers = (list: readonly Range[], at: number) => list.some(({ start, end }) => at >= start && at < end);
      for (let at = 0; at < 45; at++) expect(covers(merged, at)).toBe(covers(ranges, at));
      for (let i = 1; i < merged.length; i++) expect(merged[i]!.start).toBeGreaterThanOrEqual(merged[i - 1]!.end);
      const plain = 'x'.repeat(45);
      const kept = replaceRanges(plain, merged).replaceAll(/\[REDACTED:.\]/g, '');
      expect(kept).toHaveLength([...plain].filter((_, at) => !covers(ranges, at)).length);
    }),
  );
});

/** Besides secrets and what stands between them, characters that runs of digits and of Base64 are made of. */
const hiding = fc
  .array(
    fc.oneof(
      fc.constantFrom(...SECRETS, ...GLUE),
      fc.constantFrom(
        '-----BEGIN PRIVATE KEY-----',
        'LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t',
        'hooks.slack.com/services/',
        'mysql -pS3cret9',
      ),
      fc.string({ unit: fc.constantFrom(...'aZ09/+ .-_'), maxLength: 45 }),
      fc.string({ unit: fc.constantFrom(...'0123456789 -'), maxLength: 25 }),
      fc.string({ unit: 'grapheme', maxLength: 10 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

test('a text that is passed over holds nothing that a search would find', () => {
  fc.assert(
    fc.property(hiding, (text) => {
      const found: Range[] = [];
      search(text, undefined, found);
      if (!isSuspicious(text)) expect(found).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
});
