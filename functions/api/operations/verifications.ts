// Verifications in the API's description.
import * as Type from 'typebox';
import { VERDICTS } from '../../../core/verify/finding.ts';
import { PATHS } from '../../../names/api.ts';
import { VERIFICATION_ID } from '../../../names/verify.ts';
import { FindingSchema, TallySchema } from '../../../services/verify/documents.ts';
import type { Operation } from './operation.ts';
import { Count, IdInPath, strict, Time } from './schemas.ts';

export const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;

const Id = Type.String({ pattern: VERIFICATION_ID, description: 'the id of a verification' });
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const summary = {
  id: Id,
  mode: Type.Enum(['incremental', 'full']),
  startedAt: Time,
  verdict: Type.Enum(VERDICTS),
  seal: orNull(Count),
  firstDigest: Count,
  lastDigest: orNull(Count),
  entries: TallySchema,
  findingCount: Count,
};

export const VERIFICATION_OPERATIONS = {
  listVerifications: {
    ...{ name: 'listVerifications', method: 'GET', path: PATHS.verifications, tag: 'Verifications' },
    summary: 'What was verified of the tenant, newest first',
    query: Type.Object({
      after: Type.Optional(Id),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LARGEST_PAGE, default: DEFAULT_PAGE })),
    }),
    answers: {
      200: {
        description: 'A page',
        content: {
          'application/json': Type.Object(
            { verifications: Type.Array(Type.Object(summary, strict)), next: orNull(Type.String()) },
            strict,
          ),
        },
      },
    },
    problems: ['invalid-query'],
  },
  readVerification: {
    ...{ name: 'readVerification', method: 'GET', path: PATHS.verification, tag: 'Verifications' },
    summary: 'A verification, with what it found',
    pathParameters: IdInPath,
    answers: {
      200: {
        description: 'The verification',
        content: {
          'application/json': Type.Object(
            {
              ...summary,
              notes: Type.Array(Type.String()),
              findings: Type.Array(FindingSchema),
              findingsLeftOut: Count,
            },
            strict,
          ),
        },
      },
    },
    problems: ['not-found'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
