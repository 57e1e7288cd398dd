// Exports in the API's description.
import * as Type from 'typebox';
import { PATHS } from '../../../names/api.ts';
import { SITE_PATHS } from '../../../names/site.ts';
import { BODY_PROBLEMS, IdempotencyHeaders, Replayed } from './entries.ts';
import type { Operation } from './operation.ts';
import { Count, Hash, IdInPath, IdText, PlainText, ref, strict, Time } from './schemas.ts';
import { SEARCH_RULES, SearchParameters } from './search-parameters.ts';

/** By name; adapters/export/formats.ts has them. */
export const FORMATS = [
  'csv',
  'csv-bom',
  'xlsx',
  'json',
  'ndjson',
  'xml',
  'pdf',
  'cef',
  'leef',
  'syslog',
  'parquet',
  'ocsf',
] as const;
const MOST_FIELDS = 100;
/** What a row has besides the entry. */
export const PLACE_FIELDS: readonly string[] = ['chain', 'position', 'leafHash', 'link'];
export const DEFAULT_EXPORTS = 20;
const MOST_EXPORTS = 100;
const MOST_SUBJECT = 2_048;

const Id = IdText('the id of an export');
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const File = Type.Object(
  {
    name: Type.String(),
    rows: Count,
    bytes: Count,
    sha256: Hash,
    url: Type.Optional(Type.String({ description: 'opens the file for five minutes, to whoever has it' })),
  },
  strict,
);

const Export = Type.Object(
  {
    id: Id,
    status: Type.Enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
    q: Type.String(),
    from: Time,
    to: Time,
    order: Type.Enum(['desc', 'asc']),
    format: Type.Enum(FORMATS),
    fields: orNull(Type.Array(Type.String())),
    createdAt: Time,
    createdBy: Type.String(),
    endedAt: orNull(Time),
    expiresAt: Time,
    rows: Count,
    sealed: orNull(Type.Integer({ minimum: 0, description: 'rows that the proof shows; null until it is made' })),
    grants: Type.Array(Type.String(), { description: 'subjects that may download it besides' }),
    files: Type.Array(File),
    reason: orNull(Type.String({ description: 'why it failed' })),
    complete: Type.Boolean({ description: 'whether it has ended, and has all that was asked for' }),
    gaps: Type.Array(ref('Gap')),
    verifier: Type.Object(
      {
        page: Type.Literal(SITE_PATHS.verifier),
        command: Type.Literal(SITE_PATHS.command),
        sums: Type.Literal(SITE_PATHS.sums),
      },
      { ...strict, description: 'paths of this API, for anyone: what checks the files without this deployment' },
    ),
  },
  strict,
);

const answer = (description: string) => ({ description, content: { 'application/json': Export } });

export const EXPORT_OPERATIONS = {
  startExport: {
    ...{ name: 'startExport', method: 'POST', path: PATHS.exports, tag: 'Exports' },
    summary: 'Export what a search finds, with its proof',
    description: 'A job. Its files can be downloaded for some days (docs/export.md).',
    headers: IdempotencyHeaders,
    body: Type.Object(
      {
        ...SearchParameters.properties,
        format: Type.Enum(FORMATS),
        fields: Type.Optional(
          Type.Array(Type.String(), {
            ...{ minItems: 1, maxItems: MOST_FIELDS },
            description: `of tables: which columns. Paths of an entry such as actor.id, or ${PLACE_FIELDS.join(', ')}`,
          }),
        ),
      },
      { ...strict, description: SEARCH_RULES },
    ),
    answers: { 202: { ...answer('The export'), headers: Replayed } },
    problems: [
      ...BODY_PROBLEMS,
      'invalid-export',
      'nothing-to-export',
      'plan-limit',
      'idempotency-mismatch',
      'not-recorded',
    ],
  },
  listExports: {
    ...{ name: 'listExports', method: 'GET', path: PATHS.exports, tag: 'Exports' },
    summary: "The reader's exports and those granted to it, newest first; all of the tenant's for compliance",
    query: Type.Object({
      after: Type.Optional(Id),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_EXPORTS })),
    }),
    answers: {
      200: {
        description: 'A page, which may be short; files have no addresses here',
        content: {
          'application/json': Type.Object({ exports: Type.Array(Export), next: orNull(Type.String()) }, strict),
        },
      },
    },
    problems: ['invalid-query'],
  },
  readExport: {
    ...{ name: 'readExport', method: 'GET', path: PATHS.export, tag: 'Exports' },
    summary: 'An export, how far it is, and where its files are once it has succeeded',
    pathParameters: IdInPath,
    answers: { 200: answer('The export') },
    problems: ['not-found', 'plan-limit', 'not-recorded'],
  },
  cancelExport: {
    ...{ name: 'cancelExport', method: 'POST', path: PATHS.cancelExport, tag: 'Exports' },
    summary: 'Stop an export',
    pathParameters: IdInPath,
    answers: { 200: answer('The export') },
    problems: ['not-found', 'already-finished', 'not-recorded'],
  },
  grantExport: {
    ...{ name: 'grantExport', method: 'POST', path: PATHS.exportGrants, tag: 'Exports' },
    summary: 'Let somebody else download an export, such as an auditor',
    pathParameters: IdInPath,
    body: Type.Object({ subject: PlainText(MOST_SUBJECT, "the subject of somebody's token") }, strict),
    answers: { 201: answer('The export') },
    problems: [...BODY_PROBLEMS, 'not-found', 'invalid-export', 'not-recorded'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
