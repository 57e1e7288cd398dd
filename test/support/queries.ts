// Random queries and entries that they may match.
import fc from 'fast-check';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import type { Entry } from '../../core/entry/schema.ts';
import type { JsonValue } from '../../core/json/value.ts';
import {
  and,
  type FieldTest,
  not,
  or,
  type Query,
  relatesTo,
  type TextTest,
  type WildcardPart,
} from '../../core/query/ast.ts';
import type { Candidate } from '../../core/query/match.ts';

/** Few words, so that queries meet entries, and every letter that one of the targets could take for something. */
const WORDS = [
  ...[
    'alice',
    'Alice',
    'u3',
    'c4242',
    'case',
    'A,',
    ':b',
    'a"b',
    "o'hara",
    'back\\slash',
    '{"x":1}',
    'line\nfeed',
    '%',
    '_',
  ],
  ...[
    'İstanbul',
    'ΣΑΣ',
    'σας',
    'Zoë',
    'zoe\u0308',
    'A\u030a',
    '\u212b',
    '\u1e9b\u0323',
    '뭉',
    '\u1106\u116e\u11bc',
    'straße',
    '😀',
    'é',
    'e\u0301',
    '*',
    '?',
    '5',
    '1.5',
    'true',
    'null',
    '',
    ' ',
    '{,',
    '/',
    '[a]',
    '203.0.113.7',
  ],
];
const word = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.array(fc.constantFrom(...WORDS), { minLength: 2, maxLength: 3 }).map((all) => all.join('')),
);
const plain = word.filter((text) => text !== '' && !/\p{Cc}/u.test(text));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Doubles of JSON entries are finite, and safe where they are integers. */
const number = fc.constantFrom(0, 5, -3, 1.5, 0.1, 1e-7, 123_456, 9_007_199_254_740_991);
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(word, number, fc.boolean(), fc.constant(null));
const KEYS = ['a', 'b', 'x_y', 'x-y', 'n1', 'related', 'id'];
const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS, 'odd"key', ':'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const target = fc.record({ type: plain, id: maybe(plain), name: maybe(plain), reference: maybe(plain) });
const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
const TIMES = [
  '2026-03-01T00:00:00.000Z',
  '2026-03-01T09:30:00.123Z',
  '2026-03-01T23:59:59.999Z',
  '2026-03-02T00:00:00.000Z',
];

const fields = fc.record({
  action: fc.constantFrom('case.viewed', 'case.closed', 'user.login.failure'),
  category: fc.constantFrom('case', 'security'),
  outcome: fc.constantFrom('success', 'denied'),
  severity: fc.constantFrom(...SEVERITIES),
  description: plain,
  occurredAt: fc.constantFrom(...TIMES, '2026-03-01T09:30:00.1239Z', '2026-03-01T10:30:00.123+01:00'),
  recordedAt: fc.constantFrom(...TIMES),
  actor: fc.record({
    type: fc.constantFrom('user', 'system'),
    id: maybe(plain),
    name: maybe(plain),
    role: maybe(plain),
    onBehalfOf: maybe(plain),
  }),
  source: maybe(
    fc.record({
      ip: maybe(fc.constantFrom('203.0.113.7', '2001:db8::1')),
      userAgent: maybe(plain),
      forwardedFor: maybe(fc.array(fc.constantFrom('203.0.113.7', '10.0.0.1'), { maxLength: 2 })),
      geo: maybe(fc.record({ country: maybe(plain), lat: maybe(fc.constantFrom(1.5, -33, 0)) })),
    }),
  ),
  target: maybe(target),
  related: maybe(fc.array(target, { maxLength: 2 })),
  change: maybe(fc.record({ before: maybe(json), after: maybe(json) })),
  context: maybe(fc.record({ sessionId: maybe(plain), responseTimeMs: maybe(fc.constantFrom(0, 1.5, 12)) })),
  metadata: maybe(fc.dictionary(fc.constantFrom(...KEYS), json, { maxKeys: 3 })),
  late: maybe(fc.constant(true as const)),
});

/** Entries with ids of their own, e0, e1, …, each with its canonical bytes. */
export const candidates = (most: number): fc.Arbitrary<Candidate[]> =>
  fc.array(fields, { minLength: 1, maxLength: most }).map((all) =>
    all.map((one, i) => {
      const recorder = { type: 'token' as const, id: 'app' };
      const entry = pruned({ ...one, id: `e${i}`, v: 1, tenant: 'acme', recorder }) as Entry;
      return { entry, bytes: canonicalBytes(entry as unknown as JsonValue) };
    }),
  );

/** Without members that are undefined, which JSON has not. */
function pruned(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const pattern: fc.Arbitrary<WildcardPart[]> = fc
  .array(fc.oneof(plain, fc.constantFrom({ any: 'run' } as const, { any: 'one' } as const)), {
    minLength: 1,
    maxLength: 4,
  })
  .map(normal)
  .filter((parts) => parts.some((part) => typeof part !== 'string'));

/** As a parser makes them: no two runs, no two texts side by side. */
function normal(parts: readonly WildcardPart[]): WildcardPart[] {
  const result: WildcardPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else if (!(typeof part === 'object' && part.any === 'run' && typeof last === 'object' && last.any === 'run'))
      result.push(part);
  }
  return result;
}

/** `*` alone asks whether there is a value. */
const fieldPattern = pattern.filter(
  (parts) => !(parts.length === 1 && typeof parts[0] === 'object' && parts[0].any === 'run'),
);

const REGEXES = [
  'al',
  '[a-c]4',
  '\\d+',
  '^c',
  'e$',
  'a|5',
  '(?:é|ß)',
  '\\s',
  '.a',
  'x{2,3}',
  '[^a-z]',
  '\\W',
  '\\.0',
  '[\\]"]',
  'Σ',
  '\\\\',
  'a.b',
  "'",
];
const free = REGEXES.filter((source) => !/[\^$]/.test(source.replace('[^', '')));

const equals = (values: fc.Arbitrary<string>): fc.Arbitrary<FieldTest> =>
  values.map((value) => ({ kind: 'equals', value }));
const wildcard: fc.Arbitrary<FieldTest> = fieldPattern.map((parts) => ({ kind: 'wildcard', pattern: parts }));
const regex: fc.Arbitrary<FieldTest> = fc.constantFrom(...REGEXES).map((source) => ({ kind: 'regex', source }));
const exists: fc.Arbitrary<FieldTest> = fc.constant({ kind: 'exists' });
const range = (values: fc.Arbitrary<string>): fc.Arbitrary<FieldTest> =>
  fc
    .record({
      low: maybe(fc.record({ value: values, inclusive: fc.boolean() })),
      high: maybe(fc.record({ value: values, inclusive: fc.boolean() })),
    })
    .filter(({ low, high }) => low !== undefined || high !== undefined)
    .map(({ low, high }) => ({ kind: 'range' as const, ...(low && { low }), ...(high && { high }) }));

const numbers = fc.constantFrom('0', '5', '1.5', '-3', '1e-7', '12');
const times = fc.constantFrom(...TIMES, '2026-03-01', '2026-03-02', '2026-03-01T10:30:00.123+01:00');

const on = (paths: readonly string[], ...tests: fc.Arbitrary<FieldTest>[]): fc.Arbitrary<Query> =>
  fc
    .record({ path: fc.constantFrom(...paths).map((path) => path.split('.')), test: fc.oneof(...tests) })
    .map((one) => ({ kind: 'field', ...one }));

const leaf: fc.Arbitrary<Query> = fc.oneof(
  on(
    [
      'actor.id',
      'actor.role',
      'target.id',
      'action',
      'category',
      'source.ip',
      'actor.onBehalfOf',
      'source.geo.country',
      'context.sessionId',
    ],
    equals(word),
    wildcard,
    regex,
    range(word),
    exists,
  ),
  on(['description', 'actor.name', 'source.userAgent', 'target.name'], equals(word), wildcard, regex, exists),
  on(['severity'], range(fc.constantFrom(...SEVERITIES)), equals(fc.constantFrom(...SEVERITIES))),
  on(['occurredAt', 'recordedAt'], range(times), equals(times), exists),
  on(['context.responseTimeMs', 'source.geo.lat', 'v'], range(numbers), equals(numbers), exists),
  on(
    [
      'metadata.a',
      'metadata.b',
      'metadata.x_y',
      'metadata.a.n1',
      'change.before',
      'change.after.id',
      'metadata.related.id',
      'late',
    ],
    equals(fc.oneof(word, numbers)),
    wildcard,
    regex,
    range(numbers),
    range(word),
    exists,
  ),
  on(['related.id', 'related.type', 'source.forwardedFor'], equals(word), wildcard, exists),
  on(['actor', 'target', 'change', 'related', 'metadata'], exists),
  fc
    .oneof<fc.Arbitrary<TextTest>[]>(
      word.filter((text) => text !== '').map((value) => ({ kind: 'words', value })),
      pattern.map((parts) => ({ kind: 'wildcard', pattern: parts })),
      fc.constantFrom(...free).map((source) => ({ kind: 'regex', source })),
    )
    .map((test): Query => ({ kind: 'text', test })),
);

/** Trees as the parser makes them. */
export const queries: fc.Arbitrary<Query> = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map((of) => and(...of)),
    fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map((of) => or(...of)),
    tie('query').map(not),
  ),
})).query;

/** What only filters ask. */
export const relations: fc.Arbitrary<Query> = fc
  .record({ type: word, id: word })
  .map(({ type, id }) => relatesTo(type, id));
