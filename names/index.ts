/** The index of the hot window: environment keys, key and attribute names, and the facets that there are. */
export const INDEX = {
  tableEnv: 'INDEX_TABLE',
  /** JSON list of the facets that are indexed beside time. */
  facetsEnv: 'INDEX_FACETS',
  /** Of the function: a run of thirty seconds' entries takes one or two; the rest is for a backlog. */
  timeoutSeconds: 120,
} as const;

/**
 * Facets by name: the entry's paths whose values they index. A path through an array takes each of its items. Each costs
 * write units at every entry, so only the defaults are on (lib/config/stage.ts).
 */
export const FACETS = {
  actor: ['actor.id'],
  target: ['target.id', 'related.id'],
  action: ['action'],
  category: ['category'],
  severity: ['severity'],
  outcome: ['outcome'],
  ip: ['source.ip'],
  request: ['context.requestId'],
  correlation: ['context.correlationId'],
  session: ['context.sessionId'],
  parent: ['context.parentId'],
} as const;

export type Facet = keyof typeof FACETS;

/** Every entry, by time; always indexed. */
export const TIME_FACET = 'time';

/**
 * One item is the postings of one facet value that one run of indexing found (docs/index.md). Partition key
 * `tenant#configuration#facet#hash of the value`, sort key the place of the newest posting.
 */
export const INDEX_ROW = {
  posting: 'posting',
  newest: 'newest',
  /** Whole, since a hash is not believed. */
  value: 'value',
  chain: 'chain',
  postings: 'postings',
  /** Epoch seconds, the table's TTL attribute. */
  expiresAt: 'expiresAt',
} as const;

/**
 * Tallies are items of the same table: partition key that of facet `tally` and the empty value, sort key the hour, the chain and
 * where the stretch ends.
 */
export const INDEX_TALLY = {
  facet: 'tally',
  posting: INDEX_ROW.posting,
  hour: INDEX_ROW.newest,
  chain: INDEX_ROW.chain,
  tally: 'tally',
  expiresAt: INDEX_ROW.expiresAt,
} as const;

/** Beside the rows, how far each chain is indexed: partition key `tenant#configuration`, sort key the chain's number. */
export const INDEX_CHAIN = {
  posting: INDEX_ROW.posting,
  chain: INDEX_ROW.newest,
  through: 'through',
  /** Link of the last block below `through`, and when it was recorded. */
  link: 'link',
  recordedAt: 'recordedAt',
  /** Of the stretch that goes on at `through`. */
  tally: 'tally',
  version: 'version',
} as const;

/** How long the queue gathers blocks for one run of indexing. */
export const INDEX_WINDOW_SECONDS = 30;

/**
 * What the state machine that builds the index anew passes between its steps.
 *
 *   plan   {step: 'plan', request: ReindexInput}  → {tenant, shards}
 *   shard  for each of `shards`, ReindexRequest   → Reindexed; again with its `cursor` until it is `done`
 */
export const REINDEX = {
  /** Name of the state machine, after the stage's. */
  machine: 'Reindex',
  /** Chains are dealt out to so many at a time. */
  shards: 8,
} as const;
