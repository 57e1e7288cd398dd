/** The ledger's tables as code and infrastructure both name them: environment keys, key and attribute names. */
export const LEDGER = {
  tableEnv: 'LEDGER_TABLE',
  requestsTableEnv: 'REQUESTS_TABLE',
  /** How long a block stays in the hot table; the archive keeps it for its category's retention. */
  hotWindowEnv: 'HOT_WINDOW_SECONDS',
  /** Finds the first block of each chain that has one: the only way to learn of a chain before it is archived. */
  beginningsIndex: 'Beginnings',
} as const;

/** One item is one block. Partition key `tenant#chain`, sort key the position of the block's first entry. */
export const BLOCK = {
  chain: 'chain',
  position: 'position',
  version: 'v',
  count: 'count',
  entries: 'entries',
  previousLink: 'previousLink',
  link: 'link',
  /** Epoch milliseconds of the commit. */
  recordedAt: 'recordedAt',
  /** String set of request names (`tenant#owner#key`) that the block carries; absent when there are none. */
  requests: 'requests',
  /** Epoch seconds, the table's TTL attribute. */
  expiresAt: 'expiresAt',
  /** In the block at position 0 alone, and there `chain`: partition key of the index of beginnings. */
  begins: 'begins',
} as const;

/** The value of `begins`. */
export const BEGINS_CHAIN = 'chain';

/**
 * One item is one idempotent request, and where its entries went. Partition key `tenant#owner#key`: the owner is
 * `token:` and a hash of issuer and subject, `event` for the bus, `system` for the service itself.
 */
export const REQUEST = {
  request: 'request',
  digest: 'digest',
  runs: 'runs',
  recordedAt: 'recordedAt',
  /** Epoch seconds, the table's TTL attribute. */
  expiresAt: 'expiresAt',
} as const;

/** The members of one of a request's `runs`. */
export const RUN = {
  chain: 'chain',
  position: 'position',
  count: 'count',
  /** Position of the block that holds the run. */
  block: 'block',
} as const;

/** A repeated request is recognized this long; never beyond the hot window, where its blocks are. */
export const REQUEST_WINDOW_SECONDS = 7 * 24 * 3600;
