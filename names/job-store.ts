/** Saved searches and jobs: one table, a value of JSON text each. */
export const JOB_STORE = {
  tableEnv: 'JOB_STORE_TABLE',
  /** Bucket of exports and of Athena's results. */
  resultsBucketEnv: 'RESULTS_BUCKET',
  exportsPrefix: 'exports/',
  bundlesPrefix: 'bundles/',
  /** What bundles are put together of. */
  piecesPrefix: 'bundle-pieces/',
  athenaPrefix: 'athena/',
  /** What Athena answered is copied into an export or read page by page, and is in the way after that. */
  athenaDays: 2,
  /** An execution lasts two days at most. */
  piecesDays: 3,
  searches: 'search',
  queries: 'query',
  exports: 'export',
  bundles: 'bundle',
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

/** The object that a job of a bundle makes. */
export const bundleKey = (tenant: string, id: string): string => `${JOB_STORE.bundlesPrefix}tenant=${tenant}/${id}.zip`;

/** Objects that it is put together of. */
export const piecesPrefix = (tenant: string, id: string): string => `${JOB_STORE.piecesPrefix}tenant=${tenant}/${id}/`;
