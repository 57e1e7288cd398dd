/** What the archive's code and infrastructure both name. */
export const ARCHIVE = {
  bucketEnv: 'ARCHIVE_BUCKET',
  chainsTableEnv: 'CHAINS_TABLE',
  /** JSON `{category: ISO 8601 duration | 'permanent'}`: overrides of the catalog's retention, nothing else. */
  retentionEnv: 'RETENTION',
  /** JSON `{tenant: {category: ISO 8601 duration | 'permanent'}}`: only longer than what else applies. */
  tenantRetentionEnv: 'TENANT_RETENTION',
  entriesPrefix: 'entries/',
  evidencePrefix: 'evidence/',
} as const;

/** One item is one chain's progress in the archive and its newest known block. Partition key `tenant#chain`. */
export const CHAIN = {
  chain: 'chain',
  version: 'version',
  /** All positions below it are archived. */
  through: 'through',
  /** Map `{category: through}` of the categories that are archived further. */
  ahead: 'ahead',
  /** The newest known block, kept because TTL may empty a quiet chain. */
  position: 'position',
  count: 'count',
  link: 'link',
} as const;

const digits = (value: number, width: number) => String(value).padStart(width, '0');

/** One run of one chain's entries of one category and day; `day` is YYYY-MM-DD in UTC. */
export const segmentKey = (tenant: string, category: string, day: string, chain: number, first: number): string =>
  `${ARCHIVE.entriesPrefix}tenant=${tenant}/category=${category}/day=${day}/${digits(chain, 2)}-${digits(first, 16)}.parquet`;

/** A tenant's segments, of all categories or of one. */
export const segmentsPrefix = (tenant: string, category?: string): string =>
  `${ARCHIVE.entriesPrefix}tenant=${tenant}/${category === undefined ? '' : `category=${category}/`}`;

/** One chain's segments of a category and day. */
export const chainSegmentsPrefix = (tenant: string, category: string, day: string, chain: number): string =>
  `${segmentsPrefix(tenant, category)}day=${day}/${digits(chain, 2)}-`;

/** What a segment's key says of it. */
export interface SegmentPlace {
  readonly category: string;
  readonly day: string;
  readonly chain: number;
  readonly first: number;
}

const SEGMENT_KEY = /^entries\/tenant=[^/]+\/category=([^/]+)\/day=(\d{4}-\d{2}-\d{2})\/(\d{2})-(\d{16})\.parquet$/;

/** Undefined for a key that no segment has. */
export const segmentPlace = (key: string): SegmentPlace | undefined => {
  const match = SEGMENT_KEY.exec(key);
  if (match === null || Number.isNaN(Date.parse(`${match[2]}T00:00:00.000Z`))) return undefined;
  return { category: match[1]!, day: match[2]!, chain: Number(match[3]), first: Number(match[4]) };
};

/** The old and the new image of a block that somebody changed or removed. */
export const evidenceKey = (day: string, streamEventId: string): string =>
  `${ARCHIVE.evidencePrefix}${day}/${streamEventId}.json`;
