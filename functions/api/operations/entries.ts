// Recording and reading entries in the API's description.
import * as Type from 'typebox';
import { GAP_REASONS } from '../../../core/gap/gap.ts';
import type { JsonValue } from '../../../core/json/value.ts';
import { MAX_BATCH_ENTRIES } from '../../../core/limits.ts';
import { PATHS } from '../../../names/api.ts';
import { KEY_PATTERN } from '../shared/idempotency.ts';
import type { Operation } from './operation.ts';
import { COMPONENTS, PlaceInPath, ref, strict } from './schemas.ts';

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: KEY_PATTERN,
      description: 'A repeat with the same key and body changes nothing',
    }),
  ),
});

export const Replayed = { 'idempotent-replayed': Type.Literal('true', { description: 'of a repeat' }) };

export const BODY_PROBLEMS = [
  'invalid-query',
  'invalid-idempotency-key',
  'unsupported-media-type',
  'too-large',
  'malformed-json',
] as const;

const { link, previousLink, ...found } = {
  ...COMPONENTS.FoundEntry.properties,
  previousLink: COMPONENTS.FoundEntry.properties.link,
};

const recovered = Type.Optional(
  Type.Enum([...GAP_REASONS], { description: 'what is wrong with it in the ledger, where it comes from the archive' }),
);

const Batch = Type.Object(
  { entries: Type.Array(ref('EntryInput'), { minItems: 1, maxItems: MAX_BATCH_ENTRIES }) },
  { ...strict, description: 'a deployment may set a lower limit of entries' },
);

/** What is around the entries of a batch: they are held against their own schema, and counted against the deployment's limit. */
export const BatchEnvelope = Type.Object({ entries: Type.Array(Type.Unsafe<JsonValue>({})) }, strict);

export const ENTRY_OPERATIONS = {
  recordEntries: {
    ...{ name: 'recordEntries', method: 'POST', path: PATHS.entries, tag: 'Entries' },
    summary: 'Record one entry, or a batch: all of it or nothing',
    headers: IdempotencyHeaders,
    body: Type.Unsafe<unknown>({ anyOf: [ref('EntryInput'), Batch] }),
    answers: {
      201: {
        description: 'Every entry is durable',
        headers: Replayed,
        content: { 'application/json': Type.Object({ receipts: Type.Array(ref('Receipt')) }, strict) },
      },
    },
    problems: [...BODY_PROBLEMS, 'foreign-tenant', 'invalid-entry', 'idempotency-mismatch', 'not-intact'],
  },
  readEntry: {
    ...{ name: 'readEntry', method: 'GET', path: PATHS.entry, tag: 'Entries' },
    summary: 'Read an entry of the hot window, byte for byte as it was hashed',
    pathParameters: PlaceInPath,
    answers: {
      200: {
        description: 'The entry, and what binds it to its chain',
        content: { 'application/json': Type.Object({ ...found, previousLink, link, recovered }, strict) },
      },
    },
    problems: ['invalid-path', 'invalid-query', 'not-found', 'expired', 'entry-lost', 'not-recorded'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
