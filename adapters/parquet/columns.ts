// The values of a segment's columns.
import type { Entry } from '../../core/entry/schema.ts';
import type { ArchiveRow } from '../../services/archive/port.ts';

type Cell = string | number | bigint | Date | Uint8Array | undefined;

/**
 * Where each column of names/segment.ts comes from. Lenient on purpose: a column is a convenience for queries, the
 * `entry` bytes are the record, and an odd value must not keep a block out of the archive.
 */
export const CELLS: Readonly<Record<string, (row: ArchiveRow, chain: number) => Cell>> = {
  chain: (_row, chain) => chain,
  position: ({ position }) => BigInt(position),
  id: ({ entry }) => text(entry.id),
  action: ({ entry }) => text(entry.action),
  outcome: ({ entry }) => text(entry.outcome),
  severity: ({ entry }) => text(entry.severity),
  description: ({ entry }) => text(entry.description),
  occurred_at: ({ entry }) => time(entry.occurredAt),
  recorded_at: ({ entry }) => time(entry.recordedAt),
  actor_type: ({ entry }) => text(actor(entry)?.type),
  actor_id: ({ entry }) => text(actor(entry)?.id),
  actor_name: ({ entry }) => text(actor(entry)?.name),
  actor_email: ({ entry }) => text(actor(entry)?.email),
  actor_role: ({ entry }) => text(actor(entry)?.role),
  source_ip: ({ entry }) => text(entry.source?.ip),
  user_agent: ({ entry }) => text(entry.source?.userAgent),
  target_type: ({ entry }) => text(entry.target?.type),
  target_id: ({ entry }) => text(entry.target?.id),
  target_name: ({ entry }) => text(entry.target?.name),
  target_reference: ({ entry }) => text(entry.target?.reference),
  channel: ({ entry }) => text(entry.context?.channel),
  request_id: ({ entry }) => text(entry.context?.requestId),
  trace_id: ({ entry }) => text(entry.context?.traceId),
  correlation_id: ({ entry }) => text(entry.context?.correlationId),
  parent_id: ({ entry }) => text(entry.context?.parentId),
  session_id: ({ entry }) => text(entry.context?.sessionId),
  response_time_ms: ({ entry }) => amount(entry.context?.responseTimeMs),
  recorder_id: ({ entry }) => text(recorder(entry)?.id),
  entry: ({ bytes }) => bytes,
  leaf_hash: ({ leafHash }) => leafHash,
  link: ({ link }) => link,
};

/** The type says that they are there; the rows check only what files an entry. */
const actor = (entry: Entry): Partial<Entry['actor']> | undefined => entry.actor;
const recorder = (entry: Entry): Partial<Entry['recorder']> | undefined => entry.recorder;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const amount = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

function time(value: unknown): Date | undefined {
  const date = typeof value === 'string' ? new Date(value) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}
