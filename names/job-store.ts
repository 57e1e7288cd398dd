/** Saved searches and jobs: one table, a value of JSON text each. */
export const JOB_STORE = {
  tableEnv: 'JOB_STORE_TABLE',
  /** Bucket of exports and of Athena's results. */
  resultsBucketEnv: 'RESULTS_BUCKET',
  exportsPrefix: 'exports/',
  athenaPrefix: 'athena/',
  /** What Athena answered is copied into an export or read page by page, and is in the way after that. */
  athenaDays: 2,
  searches: 'search',
  queries: 'query',
  exports: 'export',
} as const;

/** Partition key `tenant#kind`, sort key `id`. */
export const JOB_ITEM = {
  partition: 'shelf',
  id: 'id',
  value: 'value',
  version: 'version',
  /** Epoch seconds, the table's TTL attribute. */
  expiresAt: 'expiresAt',
} as const;

/** Objects of one tenant's export. */
export const exportPrefix = (tenant: string, id: string): string => `${JOB_STORE.exportsPrefix}tenant=${tenant}/${id}/`;
