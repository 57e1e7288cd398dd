/** What the model assumes and does not measure, each with where it comes from. */
export const ASSUMED = {
  /** Between a request of S3 and its answer, small objects. AWS: "roughly 100–200 ms" to be safe, 20–40 ms as seen in a Region. */
  s3Ms: {
    value: 30,
    source: 'bench/prices.ts; https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html',
  },
  /** A page of a listing: a thousand keys. */
  listMs: { value: 200, source: 'seven times a small object, for a thousand keys with their versions' },
  /** A query of a megabyte of blocks (adapters/dynamodb/paged.ts). */
  pageMs: {
    value: 20,
    source: 'single-digit milliseconds a query, https://aws.amazon.com/dynamodb/features/, and a megabyte to send',
  },
  pageBytes: {
    value: 1_000_000,
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html',
  },
  /** Of one entry in a block, compressed, with what a block adds where it has one entry. */
  entryBytes: { value: 600, source: 'an entry of the benches alone in its block' },
  /** A Lambda's core (1,769 MB) against one of this machine. */
  coreFactor: { value: 1, source: 'the same; a slower one makes all CPU times longer' },
  /** How a day's entries come: singly is the worst that there is. */
  entriesPerRequest: { value: 1, source: 'worst case' },
  /** A chain takes one block after the other; what comes meanwhile shares the next one (services/append/group.ts). */
  blocksPerSecond: { value: 100, source: 'a conditional put of DynamoDB in 10 ms' },
  /** From that rate on a tenant's writers spread to other chains (services/append/tenant-writer.ts), up to 64. */
  chainEntriesPerSecond: { value: 200, source: 'two entries a block' },
  categories: { value: 5, source: 'bench/cost.ts, CATEGORIES_AT_ONCE' },
  windowSeconds: { value: 20, source: 'lib/config/stage.ts, archive.batchWindow' },
  streamBatch: { value: 1_000, source: 'lib/stacks/functions.ts: records of one delivery' },
  streamAtOnce: { value: 2, source: 'docs/architecture.md, "Streams": deliveries of one shard at a time' },
  shardBlocksPerSecond: { value: 1_000, source: 'a partition takes 1,000 write units' },
  /** A table on demand begins with four partitions. */
  shardsAtLeast: {
    value: 4,
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html',
  },
  ingestSeconds: { value: 0.05, source: 'an ingest call: 10 ms of DynamoDB, authorization, hashing' },
  /** Of an ingest call, for each entry beyond its first: parsing, redaction, hashing. */
  ingestEntrySeconds: { value: 0.0002, source: 'some times what `npm run bench` shows for an entry of a batch' },
  /** Days of history that a weekly verification reads again: a year and a half of categories that are kept for longer. */
  historyDays: { value: 548, source: '18 months' },
  hotDays: { value: 90, source: 'lib/config/stage.ts, the hot window' },
  verifyFunctions: { value: 400, source: 'lib/stacks/workflows.ts, SHARDS_AT_ONCE' },
  verifyShards: { value: 500, source: 'services/verify/plan.ts, MAX_SHARDS' },
  pieceEntries: { value: 5_000_000, source: 'services/verify/divide.ts, PIECE_ENTRIES' },
  sealFunctions: { value: 400, source: 'lib/stacks/workflows.ts, SHARDS_AT_ONCE' },
  splitEntries: { value: 1_000_000, source: 'services/seal/split.ts, SPLIT_ENTRIES' },
  sealChainShards: { value: 250, source: 'services/seal/split.ts, MAX_SHARDS' },
  sliceSeconds: {
    value: 870,
    source: 'services/verify/shard.ts: a quarter of an hour, less what is kept to write down',
  },
  sliceEvents: { value: 11, source: 'Task, Choice and Pass of lib/constructs/steps.ts, with what they enter and exit' },
  /** Write units of an entry, in its block and in the index with five facets: alone, and in batches of a hundred. */
  blockUnits: { value: 1, source: 'a block of one entry is one unit' },
  blockUnitsBatched: { value: 0.1, source: 'docs/runbook.md, "Ledger throttled"' },
  indexUnits: { value: 1.73, source: 'docs/index.md, "Cost": singly, 10 a second' },
  indexUnitsBatched: { value: 0.15, source: 'docs/index.md, "Cost": batches of 100, 10 a second' },
  batchedEntryBytes: { value: 100, source: 'a unit is 1,024 bytes: a tenth of one' },
  segmentEntryBytes: { value: 300, source: 'half of a block of one entry: columns compress together' },
  logBytes: { value: 1_000, source: 'a line of the access log and the reports of two functions, for each request' },
  /** Of relay and index, for each block. */
  notifySeconds: { value: 0.002, source: 'a publication and a message take some milliseconds, several at a time' },
  subscribers: { value: 3, source: 'queues index, detect and forward' },
  shardEndBytes: { value: 400, source: 'names/verify.ts: key, version, hash of the last part' },
} as const satisfies Record<string, { readonly value: number; readonly source: string }>;

/** Numbers alone: what a computation is given. */
export type Assumed = { readonly [Name in keyof typeof ASSUMED]: number };

export const assumed: Assumed = Object.fromEntries(
  Object.entries(ASSUMED).map(([name, { value }]) => [name, value]),
) as Assumed;
