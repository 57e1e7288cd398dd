/**
 * What a field's values are, and so what a condition on it means (docs/search.md, "Fields"):
 *
 * - `keyword`: text that identifies; equal means the same code points, ranges go by code point
 * - `text`: text to read; equal means that it occurs in it, whatever the case
 * - `time`: RFC 3339, compared in milliseconds
 * - `number`
 * - `json`: whatever the application put there: a scalar by its JSON text, or a list of scalars
 * - `list`: keywords of several items; one of them has to meet the condition
 * - `group`: an object, of which only can be asked whether it is there
 */
type FieldKind = 'keyword' | 'text' | 'time' | 'number' | 'json' | 'list' | 'group';

export interface Field {
  readonly path: readonly string[];
  readonly kind: FieldKind;
  /** Column of the archive's table, where it has one (names/segment.ts, or a partition's). */
  readonly column?: string;
}

type FieldRow = readonly [name: string, kind: FieldKind, column?: string];

const ROWS: readonly FieldRow[] = [
  ['id', 'keyword', 'id'],
  ['v', 'number'],
  ['tenant', 'keyword', 'tenant'],
  ['action', 'keyword', 'action'],
  ['category', 'keyword', 'category'],
  ['outcome', 'keyword', 'outcome'],
  ['severity', 'keyword', 'severity'],
  ['description', 'text', 'description'],
  ['occurredAt', 'time', 'occurred_at'],
  ['recordedAt', 'time', 'recorded_at'],
  ['late', 'json'],
  ['actor', 'group'],
  ['actor.type', 'keyword', 'actor_type'],
  ['actor.id', 'keyword', 'actor_id'],
  ['actor.name', 'text', 'actor_name'],
  ['actor.email', 'keyword', 'actor_email'],
  ['actor.role', 'keyword', 'actor_role'],
  ['actor.onBehalfOf', 'keyword'],
  ['actor.sessionName', 'text'],
  ['source', 'group'],
  ['source.ip', 'keyword', 'source_ip'],
  ['source.forwardedFor', 'list'],
  ['source.userAgent', 'text', 'user_agent'],
  ['source.device', 'group'],
  ['source.device.browser', 'text'],
  ['source.device.os', 'text'],
  ['source.device.fingerprint', 'keyword'],
  ['source.geo', 'group'],
  ['source.geo.country', 'keyword'],
  ['source.geo.region', 'text'],
  ['source.geo.city', 'text'],
  ['source.geo.lat', 'number'],
  ['source.geo.lon', 'number'],
  ['target', 'group'],
  ['target.type', 'keyword', 'target_type'],
  ['target.id', 'keyword', 'target_id'],
  ['target.name', 'text', 'target_name'],
  ['target.reference', 'keyword', 'target_reference'],
  ['related', 'group'],
  ['related.type', 'list'],
  ['related.id', 'list'],
  ['related.name', 'list'],
  ['related.reference', 'list'],
  ['change', 'group'],
  ['change.before', 'json'],
  ['change.after', 'json'],
  ['context', 'group'],
  ['context.channel', 'keyword', 'channel'],
  ['context.requestId', 'keyword', 'request_id'],
  ['context.traceId', 'keyword', 'trace_id'],
  ['context.correlationId', 'keyword', 'correlation_id'],
  ['context.parentId', 'keyword', 'parent_id'],
  ['context.sessionId', 'keyword', 'session_id'],
  ['context.responseTimeMs', 'number', 'response_time_ms'],
  ['metadata', 'json'],
  ['recorder', 'group'],
  ['recorder.type', 'keyword'],
  ['recorder.id', 'keyword', 'recorder_id'],
  ['recorder.issuer', 'keyword'],
  ['recorder.role', 'keyword'],
  ['recorder.name', 'text'],
  ['redacted', 'group'],
];

export const FIELDS: ReadonlyMap<string, Field> = new Map(
  ROWS.map(([name, kind, column]) => [
    name,
    { path: name.split('.'), kind, ...(column === undefined ? {} : { column }) },
  ]),
);

/** Below these, every path is a field: what is there is the application's. */
const OPEN = ['metadata', 'change.before', 'change.after'];

/** The field of a path; undefined when entries have none there. */
export function fieldAt(path: readonly string[]): Field | undefined {
  const name = path.join('.');
  const known = FIELDS.get(name);
  if (known !== undefined) return known;
  return OPEN.some((root) => name.startsWith(`${root}.`)) ? { path, kind: 'json' } : undefined;
}

/** Severities in their own order, so that `severity:>=high` means what it says; the rest of a keyword's ranges is by code point. */
export const SEVERITY_ORDER = ['info', 'low', 'medium', 'high', 'critical'] as const;

/** Names of fields that are perhaps meant: those that end alike, and those that begin alike. */
export function similarFields(name: string): string[] {
  const last = name.split('.').at(-1)!.toLowerCase();
  const names = [...FIELDS.keys()];
  const alike = names.filter((one) => one.split('.').at(-1)!.toLowerCase() === last);
  const begun = names.filter((one) => last.length > 2 && one.toLowerCase().includes(last.slice(0, 4)));
  return [...new Set([...alike, ...begun])].slice(0, MAX_SUGGESTIONS);
}

const MAX_SUGGESTIONS = 4;
