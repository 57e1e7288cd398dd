// The schema of entries: what clients send, and what is stored.
import type { Static } from 'typebox';
// The namespace import lets the bundler leave out what isn't used; the export named Type brings all of TypeBox along.
import * as Type from 'typebox';
import { CATEGORY_PATTERN, TENANT_PATTERN } from '../../names/patterns.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';

/** The version of the entry format; it is inside the hashed bytes, so a downgrade shows. */
export const ENTRY_VERSION = 1;

/** Lengths count Unicode code points. Generous for honest use; they keep one field from filling an entry. */
export const MAX_ACTION = 128;
/** AWS ARNs and URLs serve as identifiers: up to 2,048 characters. */
export const MAX_IDENTIFIER = 2_048;
export const MAX_NAME = 512;
export const MAX_EMAIL = 320;
export const MAX_ROLE = 128;
export const MAX_DESCRIPTION = 2_000;
export const MAX_USER_AGENT = 2_000;
const MAX_IP = 45;
const MAX_TIMESTAMP = 64;
export const MAX_FORWARDED = 32;
export const MAX_RELATED = 100;
const MAX_REDACTIONS = 10_000;

/** One spelling for identifiers that travel in URLs, keys and file names. */
export const ENTRY_ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._~:@+=-]{0,127}$';
/** `noun.verb` or `noun.verb.result`. */
export const ACTION_PATTERN = '^[A-Za-z][A-Za-z0-9_-]*\\.[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9][A-Za-z0-9_-]*)?$';
/** W3C Trace Context, trace-id: 16 bytes in lower-case hexadecimal, not all zero. */
export const TRACE_ID_PATTERN = '^(?!0{32}$)[0-9a-f]{32}$';
/** Or what redaction left of one, so that a stored entry satisfies its schema too. */
const EMAIL_PATTERN = '^(?:[^\\s@]+@[^\\s@]+|\\[REDACTED:[a-z0-9-]+\\])$';
/** Control characters in names and identifiers only serve to deceive whoever reads a log. */
export const PLAIN_PATTERN = '^[^\\u0000-\\u001f\\u007f]*$';

export const OUTCOMES = ['success', 'failure', 'denied', 'unknown'] as const;
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export const ACTOR_TYPES = ['user', 'service', 'system', 'anonymous', 'external'] as const;
export const CHANNELS = ['ui', 'api', 'automation'] as const;
export const RECORDER_TYPES = ['token', 'principal', 'system'] as const;

export type Outcome = (typeof OUTCOMES)[number];
export type Severity = (typeof SEVERITIES)[number];

const strict = { additionalProperties: false } as const;

const text = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, pattern: PLAIN_PATTERN, description });

const Ip = Type.String({ minLength: 2, maxLength: MAX_IP, description: 'an IPv4 or IPv6 address' });
const Json = Type.Unsafe<JsonValue>({ description: 'any JSON value' });
const Timestamp = Type.String({ maxLength: MAX_TIMESTAMP, description: 'an RFC 3339 time' });

const ActorSchema = Type.Object(
  {
    type: Type.Enum(ACTOR_TYPES),
    id: Type.Optional(text(MAX_IDENTIFIER, 'immutable identifier; required for users, services and externals')),
    name: Type.Optional(text(MAX_NAME, 'display name at the time')),
    email: Type.Optional(
      Type.String({ maxLength: MAX_EMAIL, pattern: EMAIL_PATTERN, description: 'an email address' }),
    ),
    role: Type.Optional(text(MAX_ROLE, 'role at the time')),
    onBehalfOf: Type.Optional(text(MAX_IDENTIFIER, 'identifier of whoever the actor acted for')),
    sessionName: Type.Optional(text(MAX_NAME, 'name of an external portal session')),
  },
  strict,
);

const DeviceSchema = Type.Object(
  {
    browser: Type.Optional(text(MAX_NAME, 'browser and version')),
    os: Type.Optional(text(MAX_NAME, 'operating system and version')),
    fingerprint: Type.Optional(text(MAX_IDENTIFIER, 'device fingerprint')),
  },
  strict,
);

const GeoSchema = Type.Object(
  {
    country: Type.Optional(text(MAX_NAME, 'country, by name or ISO 3166 code')),
    region: Type.Optional(text(MAX_NAME, 'region')),
    city: Type.Optional(text(MAX_NAME, 'city')),
    lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
    lon: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  },
  strict,
);

const SourceSchema = Type.Object(
  {
    ip: Type.Optional(Ip),
    forwardedFor: Type.Optional(Type.Array(Ip, { maxItems: MAX_FORWARDED })),
    userAgent: Type.Optional(Type.String({ maxLength: MAX_USER_AGENT })),
    device: Type.Optional(DeviceSchema),
    geo: Type.Optional(GeoSchema),
  },
  strict,
);

const TargetSchema = Type.Object(
  {
    type: text(MAX_NAME, 'kind of record'),
    id: Type.Optional(text(MAX_IDENTIFIER, 'identifier of the record')),
    name: Type.Optional(text(MAX_NAME, 'name of the record')),
    reference: Type.Optional(text(MAX_NAME, 'reference number')),
  },
  strict,
);

const ChangeSchema = Type.Object({ before: Type.Optional(Json), after: Type.Optional(Json) }, strict);

const ContextSchema = Type.Object(
  {
    channel: Type.Optional(Type.Enum(CHANNELS)),
    requestId: Type.Optional(text(MAX_IDENTIFIER, 'identifier of the request')),
    traceId: Type.Optional(Type.String({ pattern: TRACE_ID_PATTERN, description: 'a W3C trace id' })),
    correlationId: Type.Optional(text(MAX_IDENTIFIER, 'identifier that related events share')),
    parentId: Type.Optional(text(MAX_IDENTIFIER, 'id of the entry that caused this one')),
    sessionId: Type.Optional(text(MAX_IDENTIFIER, 'identifier of the session')),
    responseTimeMs: Type.Optional(Type.Number({ minimum: 0 })),
  },
  strict,
);

const RecorderSchema = Type.Object(
  {
    type: Type.Enum(RECORDER_TYPES),
    id: text(MAX_IDENTIFIER, 'token subject or AWS principal'),
    issuer: Type.Optional(text(MAX_IDENTIFIER, 'who vouches for the identifier')),
    role: Type.Optional(text(MAX_ROLE, 'role that allowed the write')),
    name: Type.Optional(text(MAX_NAME, 'display name')),
  },
  strict,
);

const RedactionSchema = Type.Object({ pointer: Type.String(), kind: text(MAX_NAME, 'what was removed') }, strict);

/** The groups that a client sends and an entry keeps under the same names. */
const described = {
  source: Type.Optional(SourceSchema),
  target: Type.Optional(TargetSchema),
  related: Type.Optional(Type.Array(TargetSchema, { maxItems: MAX_RELATED })),
  change: Type.Optional(ChangeSchema),
  context: Type.Optional(ContextSchema),
  metadata: Type.Optional(Type.Unsafe<JsonObject>({ type: 'object', description: 'free JSON object' })),
};

const Action = Type.String({
  maxLength: MAX_ACTION,
  pattern: ACTION_PATTERN,
  description: 'noun.verb or noun.verb.result',
});
const Category = Type.String({ pattern: CATEGORY_PATTERN, description: 'a category of the catalog' });
const Description = Type.String({ minLength: 1, maxLength: MAX_DESCRIPTION });
const EntryId = Type.String({ pattern: ENTRY_ID_PATTERN, description: 'a safe identifier of at most 128 characters' });
const Tenant = Type.String({ pattern: TENANT_PATTERN });

/** What a client may send. The one source of types, validation and the API description. */
export const EntryInputSchema = Type.Object(
  {
    id: Type.Optional(EntryId),
    v: Type.Optional(Type.Literal(ENTRY_VERSION)),
    tenant: Type.Optional(Tenant),
    action: Action,
    category: Type.Optional(Category),
    outcome: Type.Optional(Type.Enum(OUTCOMES)),
    severity: Type.Optional(Type.Enum(SEVERITIES)),
    description: Type.Optional(Description),
    occurredAt: Type.Optional(Timestamp),
    actor: ActorSchema,
    ...described,
  },
  strict,
);

/** What is hashed, stored and read back: docs/format.md, "Entry". */
export const EntrySchema = Type.Object(
  {
    id: EntryId,
    v: Type.Literal(ENTRY_VERSION),
    tenant: Tenant,
    action: Action,
    category: Category,
    outcome: Type.Enum(OUTCOMES),
    severity: Type.Enum(SEVERITIES),
    description: Description,
    occurredAt: Timestamp,
    recordedAt: Timestamp,
    actor: ActorSchema,
    ...described,
    recorder: RecorderSchema,
    redacted: Type.Optional(Type.Array(RedactionSchema, { maxItems: MAX_REDACTIONS })),
    late: Type.Optional(Type.Literal(true)),
  },
  strict,
);

export type EntryInput = Static<typeof EntryInputSchema>;
export type Entry = Static<typeof EntrySchema>;
export type Recorder = Static<typeof RecorderSchema>;
export type Redaction = Static<typeof RedactionSchema>;
