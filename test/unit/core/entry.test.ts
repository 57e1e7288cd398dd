// Entries: what is completed and what is refused.
import { describe, expect, test } from '@jest/globals';
import { Compile } from 'typebox/schema';
import { leafHash } from '../../../core/chain.ts';
import type { PrepareContext } from '../../../core/entry/context.ts';
import { EntryRejected, type Fault, ForeignTenant } from '../../../core/entry/faults.ts';
import { isIpAddress } from '../../../core/entry/ip.ts';
import { prepareBatch, prepareEntry } from '../../../core/entry/prepare.ts';
import { EntrySchema } from '../../../core/entry/schema.ts';
import { parseTime } from '../../../core/entry/time.ts';
import { uuidv7 } from '../../../core/entry/uuid.ts';
import { parseJson } from '../../../core/json/parse.ts';
import type { JsonObject, JsonValue } from '../../../core/json/value.ts';
import { DEFAULT_LIMITS } from '../../../core/limits.ts';
import { compileRedaction } from '../../../core/redact/configure.ts';
import { vectors } from '../../vectors/load.ts';
import { context, NOW } from './context.ts';

const minimal = { action: 'customer.updated', actor: { type: 'user', id: 'u1' } };

function entryOf(input: JsonValue, overrides: Partial<PrepareContext> = {}): JsonObject {
  return parseJson(prepareEntry(input, context(overrides)).bytes) as JsonObject;
}

function rejection(run: () => unknown): EntryRejected {
  try {
    run();
  } catch (error) {
    if (error instanceof EntryRejected) return error;
    throw error;
  }
  throw new Error('got an entry, want a rejection');
}

const pairs = (faults: readonly Fault[]) => faults.map(({ pointer, code }) => [pointer, code]);

describe('what is completed', () => {
  test('the least that a client can send', () => {
    const prepared = prepareEntry(minimal, context());
    expect(parseJson(prepared.bytes)).toEqual({
      ...minimal,
      id: 'id-0',
      v: 1,
      tenant: 'acme',
      category: 'data_modification',
      outcome: 'success',
      severity: 'medium',
      description: 'u1 updated the customer',
      occurredAt: '2026-02-09T10:30:00.000Z',
      recordedAt: '2026-02-09T10:30:00.000Z',
      recorder: { type: 'token', id: 'writer-1' },
    });
    expect(prepared).toMatchObject({ id: 'id-0', category: 'data_modification', recordedAt: NOW.toISOString() });
    expect(prepared.leafHash).toEqual(leafHash(prepared.bytes));
  });

  test('everything that a client can send is kept as it is', () => {
    const input: JsonObject = {
      ...minimal,
      id: 'mine',
      v: 1,
      tenant: 'acme',
      category: 'case',
      outcome: 'denied',
      severity: 'info',
      description: 'What happened',
      occurredAt: '2026-02-09T10:00:00.123Z',
      actor: {
        type: 'external',
        id: 'p1',
        name: 'Ada',
        email: 'ada@example.com',
        role: 'parent',
        onBehalfOf: 'c1',
        sessionName: 'Parent: Ada',
      },
      source: {
        ip: '2001:db8::1',
        forwardedFor: ['10.0.0.1'],
        userAgent: 'curl/8',
        device: { browser: 'b', os: 'o', fingerprint: 'f' },
        geo: { country: 'NL', region: 'NH', city: 'Amsterdam', lat: 52.37, lon: 4.9 },
      },
      target: { type: 'case', id: 'c1', name: 'Case 1', reference: 'REF-1' },
      related: [{ type: 'user', id: 'u2' }],
      change: { before: { a: [1, null] }, after: 'x' },
      context: {
        channel: 'ui',
        requestId: 'r',
        traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
        correlationId: 'c',
        parentId: 'p',
        sessionId: 's',
        responseTimeMs: 0.5,
      },
      metadata: { __proto__x: 1, deep: [{ er: {} }] },
    };
    expect(entryOf(input)).toEqual({
      ...input,
      recordedAt: NOW.toISOString(),
      recorder: { type: 'token', id: 'writer-1' },
    });
  });

  test('times become UTC with milliseconds, cut and never rounded up', () => {
    expect(entryOf({ ...minimal, occurredAt: '2026-02-09T11:29:59.9999+01:00' }).occurredAt).toBe(
      '2026-02-09T10:29:59.999Z',
    );
  });

  test('what happened more than a day before it was recorded is late', () => {
    expect(entryOf({ ...minimal, occurredAt: '2026-02-08T10:30:00Z' }).late).toBeUndefined();
    expect(entryOf({ ...minimal, occurredAt: '2026-02-08T10:29:59.999Z' }).late).toBe(true);
    expect(entryOf({ ...minimal, occurredAt: '0000-01-01T00:00:00Z' }).late).toBe(true);
  });

  test('a day ahead is still a clock, more is not', () => {
    expect(entryOf({ ...minimal, occurredAt: '2026-02-10T10:30:00Z' }).occurredAt).toBe('2026-02-10T10:30:00.000Z');
    const { faults } = rejection(() => entryOf({ ...minimal, occurredAt: '2026-02-10T10:30:00.001Z' }));
    expect(faults[0]).toMatchObject({
      code: 'future-time',
      limit: { name: 'futureSeconds', value: 86_400, got: 86_401 },
    });
  });

  test.each([
    ['rocket.launch.failure', 'failure'],
    ['rocket.launch.denied', 'denied'],
    ['rocket.launch.success', 'success'],
    ['rocket.launched', 'unknown'],
    ['rocket.constructor', 'unknown'],
  ])('an unknown action tells its outcome by its last word: %s', (action, outcome) => {
    expect(entryOf({ ...minimal, action, category: 'other' })).toMatchObject({ outcome, severity: 'medium' });
  });

  test('an unknown action takes the severity of its category, a deletion is critical', () => {
    expect(entryOf({ ...minimal, action: 'rocket.seen', category: 'data_access' }).severity).toBe('low');
    expect(entryOf({ ...minimal, action: 'rocket.deleted', category: 'data_access' }).severity).toBe('critical');
    expect(entryOf({ ...minimal, action: 'rocket.seen', category: 'data_access' }).description).toBe('u1: rocket.seen');
  });

  test('redaction comes before everything that is derived', () => {
    const input = {
      ...minimal,
      actor: { type: 'user', id: 'u1', name: 'Ada' },
      target: { type: 'customer', id: '4111 1111 1111 1111' },
    };
    const entry = entryOf(input, { redaction: compileRedaction({ pointers: ['/actor/name'] }) });
    expect(entry.description).toBe('[REDACTED:field] updated the customer [REDACTED:card]');
    expect(entry.redacted).toEqual([
      { pointer: '/actor/name', kind: 'field' },
      { pointer: '/target/id', kind: 'card' },
    ]);
  });

  test('a policy about the description also covers a derived one', () => {
    const entry = entryOf(minimal, { redaction: compileRedaction({ pointers: ['/description'] }) });
    expect(entry.description).toBe('[REDACTED:field]');
    expect(entry.redacted).toEqual([{ pointer: '/description', kind: 'field' }]);
  });

  test('a stored entry satisfies its schema, redacted or not', () => {
    const stored = Compile(EntrySchema);
    const redaction = compileRedaction({ pointers: ['/actor', '/source', '/context', '/target'] });
    const input = {
      ...minimal,
      actor: { type: 'user', id: 'u', email: 'a@b' },
      source: { ip: '1.1.1.1', geo: { lat: 1 } },
    };
    expect(stored.Check(entryOf(minimal))).toBe(true);
    expect(stored.Check(entryOf(input, { redaction }))).toBe(true);
  });
});

describe('what is refused', () => {
  interface Vector {
    readonly input?: JsonValue;
    readonly text?: string;
    readonly faults: [pointer: string, code: string][];
  }

  test.each(vectors<Vector>('entry'))('%s', (_, { input, text, faults }) => {
    const value = text === undefined ? input! : (JSON.parse(text) as JsonValue);
    const { faults: got } = rejection(() => prepareEntry(value, context()));
    expect(pairs(got)).toEqual(faults);
    const prefixed = rejection(() => prepareEntry(value, context({ pointerPrefix: '/detail' })));
    expect(pairs(prefixed.faults)).toEqual(faults.map(([pointer, code]) => [`/detail${pointer}`, code]));
  });

  test('strict mode refuses actions that are not in the catalog, and categories that are not the action’s', () => {
    const strict = { strict: true };
    expect(
      pairs(rejection(() => entryOf({ ...minimal, action: 'rocket.launched', category: 'other' }, strict)).faults),
    ).toEqual([['/action', 'unknown-action']]);
    expect(pairs(rejection(() => entryOf({ ...minimal, category: 'debug' }, strict)).faults)).toEqual([
      ['/category', 'wrong-category'],
    ]);
    expect(entryOf(minimal, strict).category).toBe('data_modification');
  });

  test('no message holds a value', () => {
    const secret = 'hunter2-hunter2';
    const { faults, message } = rejection(() =>
      entryOf({
        ...minimal,
        action: `${secret}`,
        category: secret,
        outcome: secret,
        occurredAt: secret,
        id: `${secret}/`,
        source: { ip: secret },
        context: { traceId: secret, channel: secret },
        v: secret,
        severity: [secret],
        [`${'k'.repeat(300)}${secret}`]: secret,
      }),
    );
    expect(faults.length).toBeGreaterThan(9);
    expect(JSON.stringify(faults)).not.toContain(secret);
    expect(message).not.toContain(secret);
  });

  test('another tenant is a matter of authority, and comes before everything else', () => {
    const run = () =>
      prepareBatch([{ ...minimal, tenant: 'other' }, { bad: 1 }], context({ pointerPrefix: '/entries' }));
    expect(run).toThrow(ForeignTenant);
    expect(run).toThrow(
      expect.objectContaining({
        faults: [expect.objectContaining({ pointer: '/entries/0/tenant', code: 'foreign-tenant' })],
      }),
    );
    expect(entryOf({ ...minimal, tenant: 'acme' }).tenant).toBe('acme');
    expect(pairs(rejection(() => entryOf({ ...minimal, tenant: 1 })).faults)).toEqual([['/tenant', 'wrong-type']]);
  });

  test('nesting', () => {
    const nested = (levels: number): JsonValue => (levels === 0 ? 1 : { a: nested(levels - 1) });
    expect(entryOf({ ...minimal, metadata: nested(31) })).toBeDefined();
    const { faults, oversize } = rejection(() => entryOf({ ...minimal, metadata: nested(32) }));
    expect(faults).toEqual([
      expect.objectContaining({
        pointer: `/metadata${'/a'.repeat(31)}`,
        code: 'too-deep',
        limit: { name: 'nesting', value: 32, got: 33 },
      }),
    ]);
    expect(oversize).toBe(false);
  });
});

describe('sizes', () => {
  const sized = (bytes: number) => {
    const empty = prepareEntry({ ...minimal, metadata: { fill: '' } }, context()).bytes.length;
    return { ...minimal, metadata: { fill: 'é'.repeat((bytes - empty) / 2) + (bytes % 2 === empty % 2 ? '' : 'x') } };
  };

  test('an entry may have the bytes that the limit says, in canonical form', () => {
    expect(prepareEntry(sized(60_000), context()).bytes).toHaveLength(60_000);
    const { faults, oversize } = rejection(() => prepareEntry(sized(60_001), context()));
    expect(faults).toEqual([
      expect.objectContaining({
        pointer: '',
        code: 'entry-too-large',
        limit: { name: 'entryBytes', value: 60_000, got: 60_001 },
      }),
    ]);
    expect(oversize).toBe(true);
  });

  test('far too large an entry is refused before it is looked into', () => {
    const { faults } = rejection(() =>
      prepareEntry({ ...minimal, metadata: { a: 'x'.repeat(5_000_000) }, b: 1 }, context()),
    );
    expect(pairs(faults)).toEqual([['', 'entry-too-large']]);
  });

  test('a batch holds one entry to 500', () => {
    expect(pairs(rejection(() => prepareBatch([], context({ pointerPrefix: '/entries' }))).faults)).toEqual([
      ['/entries', 'empty-batch'],
    ]);
    expect(prepareBatch(Array(500).fill(minimal), context())).toHaveLength(500);
    const { faults, oversize } = rejection(() => prepareBatch(Array(501).fill(minimal), context()));
    expect(faults[0]).toMatchObject({
      code: 'too-many-entries',
      limit: { name: 'batchEntries', value: 500, got: 501 },
    });
    expect(oversize).toBe(true);
  });

  test('a batch may have the bytes that the limit says', () => {
    const one = prepareEntry(minimal, context()).bytes.length;
    const limits = { ...DEFAULT_LIMITS, batchBytes: one * 2 };
    expect(prepareBatch([minimal, minimal], context({ limits }))).toHaveLength(2);
    const { faults, oversize } = rejection(() => prepareBatch([minimal, minimal, minimal], context({ limits })));
    expect(faults).toEqual([
      expect.objectContaining({
        pointer: '',
        code: 'batch-too-large',
        limit: { name: 'batchBytes', value: one * 2, got: one * 3 },
      }),
    ]);
    expect(oversize).toBe(true);
  });

  test('one faulty entry refuses the batch, every fault of every entry is named', () => {
    const run = () =>
      prepareBatch([minimal, { ...minimal, x: 1 }, { ...minimal, v: 3 }], context({ pointerPrefix: '/entries' }));
    expect(pairs(rejection(run).faults)).toEqual([
      ['/entries/1/x', 'unknown-field'],
      ['/entries/2/v', 'not-allowed'],
    ]);
  });

  test('a small request can’t cost a large answer', () => {
    const members = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`k${i}`, 1]));
    expect(rejection(() => prepareEntry({ ...minimal, ...members }, context())).faults).toHaveLength(100);
    expect(rejection(() => prepareBatch(Array(500).fill({}), context())).faults).toHaveLength(100);
  });
});

describe('times', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2024-02-29t23:59:59.5z', Date.UTC(2024, 1, 29, 23, 59, 59, 500)],
    ['2000-02-29T00:00:00-00:00', Date.UTC(2000, 1, 29)],
    ['2026-01-01T00:30:00+01:00', Date.UTC(2025, 11, 31, 23, 30)],
    ['0099-12-31T23:59:59Z', Date.parse('0099-12-31T23:59:59Z')],
    ['0000-01-01T00:00:00Z', Date.parse('0000-01-01T00:00:00Z')],
    ['9999-12-31T23:59:59.999999Z', Date.parse('9999-12-31T23:59:59.999Z')],
    ['1990-12-31T23:59:60Z', Date.parse('1990-12-31T23:59:59.999Z')],
    ['1990-12-31T15:59:60-08:00', Date.parse('1990-12-31T23:59:59.999Z')],
  ])('%s', (text, time) => expect(parseTime(text)).toBe(time));

  test.each([
    '1900-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-04-00T00:00:00Z',
    '2026-04-01T00:60:00Z',
    '2026-04-01T00:00:61Z',
    '2026-04-01T00:00:00+24:00',
    '2026-04-01T00:00:00+00:60',
    '2026-04-01T00:00:00+0100',
    '2026-04-01T00:00:00.Z',
    '2026-04-01T00:00:00,5Z',
    '2026-4-1T00:00:00Z',
    '12026-04-01T00:00:00Z',
    '0000-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '2026-04-01T00:00Z',
    '2026-04-01',
    '20260401T000000Z',
    '٢٠٢٦-04-01T00:00:00Z',
  ])('%s is none', (text) => expect(parseTime(text)).toBeUndefined());
});

describe('addresses', () => {
  test.each([
    '0.0.0.0',
    '255.255.255.255',
    '::',
    '::1',
    '2001:DB8::1',
    '1:2:3:4:5:6:7:8',
    '::ffff:1.2.3.4',
    '1::',
    '1:2:3:4:5:6:1.2.3.4',
    '1::7:8',
  ])('%s', (text) => expect(isIpAddress(text)).toBe(true));
  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4 ',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    '::g',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '1.2.3.4::',
    '::1.2.3',
    'fe80::1%1',
    '::1/64',
    '[::1]',
  ])('%s is none', (text) => expect(isIpAddress(text)).toBe(false));
});

describe('UUIDv7', () => {
  test('RFC 9562, appendix A.6', () => {
    const random = Uint8Array.of(0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f);
    expect(uuidv7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  test('sorts by time, and is a valid id', () => {
    const random = new Uint8Array(10).fill(0xff);
    expect(uuidv7(1, random) < uuidv7(2, new Uint8Array(10))).toBe(true);
    expect(entryOf({ ...minimal, id: uuidv7(NOW.getTime(), random) }).id).toBe('019c41f3-7440-7fff-bfff-ffffffffffff');
  });

  test.each([-1, 0.5, 2 ** 48, Number.NaN])('refuses the time %s', (time) => {
    expect(() => uuidv7(time, new Uint8Array(10))).toThrow(RangeError);
  });

  test('refuses another number of random bytes', () => expect(() => uuidv7(0, new Uint8Array(9))).toThrow(RangeError));
});
