/**
 * The columns of a segment (docs/format.md, "Segments"), for the writer of the files and for the table that queries
 * them. Changing a type or an order makes old files unreadable to the table: only ever append.
 */
export interface SegmentColumn {
  readonly name: string;
  /** How Parquet stores it: TIMESTAMP is INT64 milliseconds in UTC, STRING is UTF-8. */
  readonly parquet: 'INT32' | 'INT64' | 'DOUBLE' | 'TIMESTAMP' | 'STRING' | 'BYTE_ARRAY';
  /** The Glue (Hive) type that Athena reads it as. */
  readonly glue: 'int' | 'bigint' | 'double' | 'timestamp' | 'string' | 'binary';
  /** In every row; the others are absent where the entry has no such field: what decides is the entry's bytes. */
  readonly required: boolean;
  readonly comment: string;
}

const GLUE = {
  INT32: 'int',
  INT64: 'bigint',
  DOUBLE: 'double',
  TIMESTAMP: 'timestamp',
  STRING: 'string',
  BYTE_ARRAY: 'binary',
} as const;

const column = (
  name: string,
  parquet: SegmentColumn['parquet'],
  required: boolean,
  comment: string,
): SegmentColumn => ({
  name,
  parquet,
  glue: GLUE[parquet],
  required,
  comment,
});
const always = (name: string, parquet: SegmentColumn['parquet'], comment: string) =>
  column(name, parquet, true, comment);
const maybe = (name: string, parquet: SegmentColumn['parquet'], comment: string) =>
  column(name, parquet, false, comment);

/** Tenant, category and day are no columns: Glue refuses a column that is a partition key, and the path has them. */
export const SEGMENT_COLUMNS: readonly SegmentColumn[] = [
  always('chain', 'INT32', 'chain of the tenant'),
  always('position', 'INT64', 'position in the chain'),
  maybe('id', 'STRING', 'identifier of the entry'),
  maybe('action', 'STRING', 'noun.verb or noun.verb.result'),
  maybe('outcome', 'STRING', 'success, failure, denied or unknown'),
  maybe('severity', 'STRING', 'critical, high, medium, low or info'),
  maybe('description', 'STRING', 'what happened, in words'),
  maybe('occurred_at', 'TIMESTAMP', 'when it happened, UTC, cut to milliseconds'),
  always('recorded_at', 'TIMESTAMP', 'when it was recorded, UTC'),
  maybe('actor_type', 'STRING', 'user, service, system, anonymous or external'),
  maybe('actor_id', 'STRING', 'immutable identifier of the actor'),
  maybe('actor_name', 'STRING', 'name at the time'),
  maybe('actor_email', 'STRING', 'address at the time'),
  maybe('actor_role', 'STRING', 'role at the time'),
  maybe('source_ip', 'STRING', 'address that the action came from'),
  maybe('user_agent', 'STRING', 'program that the actor used'),
  maybe('target_type', 'STRING', 'kind of record acted on'),
  maybe('target_id', 'STRING', 'identifier of the record'),
  maybe('target_name', 'STRING', 'name of the record'),
  maybe('target_reference', 'STRING', 'reference number of the record'),
  maybe('channel', 'STRING', 'ui, api or automation'),
  maybe('request_id', 'STRING', 'identifier of the request'),
  maybe('trace_id', 'STRING', 'W3C trace id'),
  maybe('correlation_id', 'STRING', 'identifier that related events share'),
  maybe('parent_id', 'STRING', 'entry that caused this one'),
  maybe('session_id', 'STRING', 'identifier of the session'),
  maybe('response_time_ms', 'DOUBLE', 'milliseconds that the action took'),
  maybe('recorder_id', 'STRING', 'token subject or AWS principal that wrote the entry'),
  always('entry', 'STRING', 'the exact canonical bytes that are hashed'),
  always('leaf_hash', 'BYTE_ARRAY', 'SHA-256(0x00, entry)'),
  always('link', 'BYTE_ARRAY', 'SHA-256(0x02, link before, leaf_hash)'),
];

/**
 * User metadata of a segment object (`x-amz-meta-…`), for people and inventories. Nothing is decided by it: whoever can
 * put an object can put any metadata, so what adopts or verifies a segment reads its bytes.
 */
export const SEGMENT_METADATA = {
  /** Position of the first row. */
  first: 'first',
  /** One more than the position of the last row. */
  through: 'through',
  count: 'count',
  /** Link of the entry before the first row, whatever its category. */
  previousLink: 'previous-link',
  /** Link of the last row. */
  link: 'link',
  /** SHA-256 of the object's bytes. */
  sha256: 'sha256',
} as const;
