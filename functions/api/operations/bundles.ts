// Bundles in the API's description.
import * as Type from 'typebox';
import { PATHS } from '../../../names/api.ts';
import { BODY_PROBLEMS, IdempotencyHeaders, Replayed } from './entries.ts';
import type { Operation } from './operation.ts';
import { IdInPath, IdText, strict, Time } from './schemas.ts';

export const DEFAULT_BUNDLES = 20;
const MOST_BUNDLES = 100;

const Id = IdText('the id of a bundle');
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Day = (meaning: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: `${meaning}, UTC` });

const Bundle = Type.Object(
  {
    id: Id,
    status: Type.Enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
    from: orNull(Day('the first day')),
    to: orNull(Day('the last day')),
    logSize: Type.Integer({ minimum: 1, description: 'of the checkpoint to which everything is proven' }),
    createdAt: Time,
    createdBy: Type.String(),
    endedAt: orNull(Time),
    expiresAt: Time,
    positions: orNull(Type.Integer({ minimum: 0, description: 'that it covers; null until it is planned' })),
    done: orNull(Type.Integer({ minimum: 0, description: 'positions that are written; null in listings' })),
    bytes: orNull(Type.Integer({ minimum: 0, description: 'of the file, once it has succeeded' })),
    url: Type.Optional(Type.String({ description: 'opens the file for five minutes, to whoever has it' })),
    reason: orNull(Type.String({ description: 'why it failed' })),
  },
  strict,
);

const answer = (description: string) => ({ description, content: { 'application/json': Bundle } });

export const BUNDLE_OPERATIONS = {
  startBundle: {
    ...{ name: 'startBundle', method: 'POST', path: PATHS.bundles, tag: 'Bundles' },
    summary: "Make one file of all of the tenant's sealed evidence, which anybody can verify",
    description: 'A job. Its file can be downloaded for some days (docs/export.md).',
    headers: IdempotencyHeaders,
    body: Type.Object(
      { from: Type.Optional(Day('the first day')), to: Type.Optional(Day('the last day')) },
      { ...strict, description: 'Days that there are, from before to; without one, from the beginning or to the end.' },
    ),
    answers: { 202: { ...answer('The bundle'), headers: Replayed } },
    problems: [
      ...BODY_PROBLEMS,
      ...(['invalid-export', 'nothing-to-export', 'not-sealed', 'plan-limit', 'idempotency-mismatch'] as const),
      ...(['not-intact', 'not-recorded'] as const),
    ],
  },
  listBundles: {
    ...{ name: 'listBundles', method: 'GET', path: PATHS.bundles, tag: 'Bundles' },
    summary: "The tenant's bundles, newest first",
    query: Type.Object({
      after: Type.Optional(Id),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_BUNDLES })),
    }),
    answers: {
      200: {
        description: 'A page, which may be short; bundles have no addresses here',
        content: {
          'application/json': Type.Object({ bundles: Type.Array(Bundle), next: orNull(Type.String()) }, strict),
        },
      },
    },
    problems: ['invalid-query', 'plan-limit'],
  },
  readBundle: {
    ...{ name: 'readBundle', method: 'GET', path: PATHS.bundle, tag: 'Bundles' },
    summary: 'A bundle, how far it is, and where its file is once it has succeeded',
    pathParameters: IdInPath,
    answers: { 200: answer('The bundle') },
    problems: ['not-found', 'plan-limit', 'not-recorded'],
  },
  cancelBundle: {
    ...{ name: 'cancelBundle', method: 'POST', path: PATHS.cancelBundle, tag: 'Bundles' },
    summary: 'Stop a bundle',
    pathParameters: IdInPath,
    answers: { 200: answer('The bundle') },
    problems: ['not-found', 'already-finished', 'plan-limit', 'not-recorded'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
