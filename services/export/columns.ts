// Columns of tables: paths of an entry, and its place in the chain.
import type { Found } from '../search/port.ts';

/** A column of a table: an entry's path, or what binds the entry to its chain. */
export interface Column {
  readonly name: string;
  valueOf(row: Found): string | number | undefined;
}

const PATHS = [
  ...['id', 'tenant', 'recordedAt', 'occurredAt', 'action', 'category', 'outcome', 'severity', 'description'],
  ...['actor.type', 'actor.id', 'actor.name', 'actor.email', 'actor.role', 'actor.onBehalfOf', 'actor.sessionName'],
  ...['source.ip', 'source.forwardedFor', 'source.userAgent', 'source.device', 'source.geo'],
  ...['target.type', 'target.id', 'target.name', 'target.reference', 'related', 'change.before', 'change.after'],
  ...['context.channel', 'context.requestId', 'context.traceId', 'context.correlationId', 'context.parentId'],
  ...['context.sessionId', 'context.responseTimeMs', 'metadata', 'redacted', 'late'],
  ...['recorder.type', 'recorder.id', 'recorder.issuer', 'recorder.role', 'recorder.name'],
];

const PLACE: readonly Column[] = [
  { name: 'chain', valueOf: ({ chain }) => chain },
  { name: 'position', valueOf: ({ position }) => position },
  { name: 'leafHash', valueOf: ({ leafHash }) => leafHash },
  { name: 'link', valueOf: ({ link }) => link },
];

/** The columns of a table: those that are asked for in their order, or all. */
export function columnsOf(fields: readonly string[] = [...PATHS, ...PLACE.map(({ name }) => name)]): Column[] {
  return fields.map((field) => PLACE.find(({ name }) => name === field) ?? atPath(field));
}

function atPath(name: string): Column {
  const path = name.split('.');
  return { name, valueOf: ({ entry }) => cell(path.reduce<unknown>(memberOf, entry)) };
}

function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => memberOf(item, name));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** What is no text and no number is JSON. */
function cell(value: unknown): string | number | undefined {
  if (value === undefined || typeof value === 'string' || typeof value === 'number') return value;
  return JSON.stringify(value);
}
