/** The archive as Athena sees it. */
export const ATHENA = {
  workGroupEnv: 'ATHENA_WORKGROUP',
  databaseEnv: 'ATHENA_DATABASE',
  table: 'segments',
  /** No entry was recorded before this day: where the partitions begin. */
  firstDay: '2020-01-01',
} as const;

/** What the path of a segment says (names/archive.ts, `segmentKey`), in its order; all are text to a query. */
export const PARTITIONS = [
  { name: 'tenant', comment: 'organization; every query has to name one' },
  { name: 'category', comment: 'category of the entry' },
  { name: 'day', comment: 'UTC day of recorded_at, YYYY-MM-DD' },
] as const;
