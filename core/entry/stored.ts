// What a stored entry consists of, as one table that the fast and the slow reader of entries share: docs/format.md, "Entry".

import { TENANT_PATTERN } from '../../names/patterns.ts';
import { CATEGORIES } from '../catalog/categories.ts';
import {
  ACTION_PATTERN,
  ACTOR_TYPES,
  CHANNELS,
  ENTRY_ID_PATTERN,
  ENTRY_VERSION,
  MAX_ACTION,
  MAX_DESCRIPTION,
  MAX_EMAIL,
  MAX_FORWARDED,
  MAX_IDENTIFIER,
  MAX_NAME,
  MAX_RELATED,
  MAX_ROLE,
  MAX_USER_AGENT,
  OUTCOMES,
  RECORDER_TYPES,
  SEVERITIES,
  TRACE_ID_PATTERN,
} from './schema.ts';

/** What a member of an entry may be. Lengths count code points; a text that holds a marker may be longer. */
export type Shape =
  | { readonly kind: 'text'; readonly least: number; readonly most: number; readonly plain: boolean }
  | { readonly kind: 'pattern'; readonly pattern: RegExp; readonly most: number }
  | { readonly kind: 'one-of'; readonly values: readonly string[] }
  | { readonly kind: 'number'; readonly least: number; readonly most: number }
  | { readonly kind: 'array'; readonly least: number; readonly most: number; readonly of: Shape }
  | { readonly kind: 'object'; readonly members: readonly Member[] }
  | { readonly kind: 'version' | 'true' | 'time' | 'ip' | 'any' | 'any-object' };

export interface Member {
  readonly name: string;
  readonly required: boolean;
  readonly shape: Shape;
}

const ANY_LENGTH = Number.POSITIVE_INFINITY;

const text = (most: number, least = 0): Shape => ({ kind: 'text', least, most, plain: false });
const plain = (most: number): Shape => ({ kind: 'text', least: 1, most, plain: true });
const pattern = (source: string, most: number): Shape => ({ kind: 'pattern', pattern: new RegExp(source), most });
const oneOf = (values: Iterable<string>): Shape => ({ kind: 'one-of', values: [...values] });
const arrayOf = (of: Shape, most: number, least = 0): Shape => ({ kind: 'array', least, most, of });

/** A name that ends in `!` is always there. Members are in the order of the canonical form. */
function object(members: Readonly<Record<string, Shape>>): Shape & { readonly kind: 'object' } {
  const sorted = Object.entries(members).map(([key, shape]): Member => {
    const required = key.endsWith('!');
    return { name: required ? key.slice(0, -1) : key, required, shape };
  });
  return { kind: 'object', members: sorted.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

const ANY: Shape = { kind: 'any' };
const TIME: Shape = { kind: 'time' };
const IP: Shape = { kind: 'ip' };

const TARGET = object({
  ...{ 'type!': plain(MAX_NAME), id: plain(MAX_IDENTIFIER), name: plain(MAX_NAME), reference: plain(MAX_NAME) },
});

const ACTOR = object({
  'type!': oneOf(ACTOR_TYPES),
  id: plain(MAX_IDENTIFIER),
  ...{ name: plain(MAX_NAME), sessionName: plain(MAX_NAME), email: text(MAX_EMAIL), role: plain(MAX_ROLE) },
  onBehalfOf: plain(MAX_IDENTIFIER),
});

const SOURCE = object({
  ip: IP,
  forwardedFor: arrayOf(IP, MAX_FORWARDED),
  userAgent: text(MAX_USER_AGENT),
  device: object({ browser: plain(MAX_NAME), os: plain(MAX_NAME), fingerprint: plain(MAX_IDENTIFIER) }),
  geo: object({
    ...{ country: plain(MAX_NAME), region: plain(MAX_NAME), city: plain(MAX_NAME) },
    lat: { kind: 'number', least: -90, most: 90 },
    lon: { kind: 'number', least: -180, most: 180 },
  }),
});

const CONTEXT = object({
  channel: oneOf(CHANNELS),
  ...{ requestId: plain(MAX_IDENTIFIER), correlationId: plain(MAX_IDENTIFIER), parentId: plain(MAX_IDENTIFIER) },
  sessionId: plain(MAX_IDENTIFIER),
  traceId: pattern(TRACE_ID_PATTERN, 32),
  responseTimeMs: { kind: 'number', least: 0, most: ANY_LENGTH },
});

const RECORDER = object({
  ...{ 'type!': oneOf(RECORDER_TYPES), 'id!': plain(MAX_IDENTIFIER), issuer: plain(MAX_IDENTIFIER) },
  ...{ role: plain(MAX_ROLE), name: plain(MAX_NAME) },
});

const REDACTION = object({ 'pointer!': text(ANY_LENGTH), 'kind!': pattern('^[a-z][a-z0-9-]{0,31}$', 32) });

/** Whose tenant and category are for the reader to compare: it has to say what is wrong with those. */
export const STORED_ENTRY = object({
  'id!': pattern(ENTRY_ID_PATTERN, 128),
  'v!': { kind: 'version' },
  'tenant!': pattern(TENANT_PATTERN, 128),
  'action!': pattern(ACTION_PATTERN, MAX_ACTION),
  'category!': oneOf(CATEGORIES.keys()),
  'outcome!': oneOf(OUTCOMES),
  'severity!': oneOf(SEVERITIES),
  'description!': text(MAX_DESCRIPTION, 1),
  'occurredAt!': TIME,
  'recordedAt!': TIME,
  late: { kind: 'true' },
  'actor!': ACTOR,
  source: SOURCE,
  target: TARGET,
  related: arrayOf(TARGET, MAX_RELATED),
  change: object({ before: ANY, after: ANY }),
  context: CONTEXT,
  metadata: { kind: 'any-object' },
  'recorder!': RECORDER,
  redacted: arrayOf(REDACTION, ANY_LENGTH, 1),
});

/** The version that the fast reader looks for as it is written. */
export const VERSION_TEXT = String(ENTRY_VERSION);
