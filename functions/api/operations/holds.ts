// Legal holds in the API's description.
import * as Type from 'typebox';
import { CATEGORIES } from '../../../core/catalog/categories.ts';
import { MAX_IDENTIFIER, MAX_NAME } from '../../../core/entry/schema.ts';
import { PATHS } from '../../../names/api.ts';
import { BODY_PROBLEMS, IdempotencyHeaders, Replayed } from './entries.ts';
import type { Operation } from './operation.ts';
import { PlainText, strict, Time } from './schemas.ts';

const MAX_REASON = 2_000;

const Reason = Type.String({
  ...{ minLength: 1, maxLength: MAX_REASON, pattern: '\\S' },
  description: 'text that is not only blanks',
});

const Scope = Type.Object(
  {
    subject: Type.Optional(PlainText(MAX_IDENTIFIER)),
    target: Type.Optional(
      Type.Object({ type: PlainText(MAX_NAME), id: Type.Optional(PlainText(MAX_IDENTIFIER)) }, strict),
    ),
    category: Type.Optional(Type.Enum([...CATEGORIES.keys()], { description: 'of the catalog' })),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  },
  {
    ...strict,
    description: 'an entry is held that meets every member; `{}` holds everything. `from` has to be before `to`',
  },
);

const HoldAction = Type.Object(
  { at: Time, by: Type.String(), role: Type.Enum(['compliance', 'admin']), reason: Type.String() },
  strict,
);
const Hold = Type.Object(
  {
    id: Type.String(),
    status: Type.Enum(['active', 'released']),
    scope: Scope,
    applied: HoldAction,
    releaseRequested: Type.Optional(HoldAction),
    released: Type.Optional(HoldAction),
  },
  strict,
);
const OneHold = Type.Object({ hold: Hold }, strict);

export const HOLD_OPERATIONS = {
  applyHold: {
    ...{ name: 'applyHold', method: 'POST', path: PATHS.holds, tag: 'Legal holds' },
    summary: 'Keep what the scope covers from expiring',
    headers: IdempotencyHeaders,
    body: Type.Object({ reason: Reason, scope: Scope }, strict),
    answers: {
      201: { description: 'In force', headers: Replayed, content: { 'application/json': OneHold } },
    },
    problems: [...BODY_PROBLEMS, 'invalid-hold', 'idempotency-mismatch', 'not-intact'],
  },
  listHolds: {
    ...{ name: 'listHolds', method: 'GET', path: PATHS.holds, tag: 'Legal holds' },
    summary: 'All holds that there ever were, oldest first',
    query: Type.Object({ status: Type.Optional(Type.Enum(['active', 'released'])) }),
    answers: {
      200: {
        description: 'The holds',
        content: { 'application/json': Type.Object({ holds: Type.Array(Hold) }, strict) },
      },
    },
    problems: ['invalid-query', 'not-recorded'],
  },
  releaseHold: {
    ...{ name: 'releaseHold', method: 'POST', path: PATHS.releaseHold, tag: 'Legal holds' },
    summary: 'End a hold, or ask for its end where the tenant has a second reviewer',
    headers: IdempotencyHeaders,
    body: Type.Object({ reason: Reason }, strict),
    answers: {
      202: {
        description: 'Asked for: in force until another subject asks for it too',
        headers: Replayed,
        content: { 'application/json': OneHold },
      },
      200: { description: 'Released', headers: Replayed, content: { 'application/json': OneHold } },
    },
    problems: [...BODY_PROBLEMS, 'invalid-hold', 'not-found', 'already-released', 'not-intact'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
