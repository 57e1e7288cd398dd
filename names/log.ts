/** The digest log and what belongs to it, as code and infrastructure both name it: environment keys, object keys. */
export const LOG = {
  /** The log's origin, which is also the name of its keys. */
  originEnv: 'LOG_ORIGIN',
  /** ARNs of the KMS keys that sign checkpoints. */
  ed25519KeyEnv: 'ED25519_KEY',
  mlDsa44KeyEnv: 'ML_DSA_44_KEY',
  /** Seconds until the next digest is due, slack included. */
  dueEnv: 'SEAL_DUE_SECONDS',
  logPrefix: 'log/',
  chainsPrefix: 'chains/',
  sealsPrefix: 'seals/',
  digestsPrefix: 'digests/',
  contentsPrefix: 'contents/',
  listsPrefix: 'lists/',
  tombstonesPrefix: 'tombstones/',
  holdsPrefix: 'holds/',
  /** 'true' serves entry bundles, which hold the digests of all tenants, to everybody. */
  publicEntriesEnv: 'LOG_PUBLIC_ENTRIES',
} as const;

const digits = (value: number, width: number) => String(value).padStart(width, '0');
const number = (value: number) => digits(value, 10);

/** Of the digest log; `path` is C2SP tlog-tiles'. */
export const logKey = (path: string): string => `${LOG.logPrefix}${path}`;

/** Of a chain's tree; `path` is C2SP tlog-tiles'. */
export const chainTileKey = (tenant: string, chain: number, path: string): string =>
  `${LOG.chainsPrefix}tenant=${tenant}/${digits(chain, 2)}/${path}`;

export const planKey = (seal: number): string => `${LOG.sealsPrefix}${number(seal)}/plan.json`;
/** The signed note with which the seal became public. */
export const checkpointKey = (seal: number): string => `${LOG.sealsPrefix}${number(seal)}/checkpoint`;
/** The digests that one shard of a seal's tenants got. */
export const shardKey = (seal: number, shard: number): string =>
  `${LOG.sealsPrefix}${number(seal)}/shard-${shard}.json`;
/** The chains that one shard sealed apart from their tenants' digests. */
export const chainShardKey = (seal: number, shard: number): string =>
  `${LOG.sealsPrefix}${number(seal)}/chains-${shard}.json`;

export const digestKey = (tenant: string, seal: number): string =>
  `${LOG.digestsPrefix}tenant=${tenant}/${number(seal)}.json`;
export const contentsKey = (tenant: string, seal: number): string =>
  `${LOG.contentsPrefix}tenant=${tenant}/${number(seal)}.json`;
/** A seal lists a chain's segments in steps; `from` is where the step begins. */
export const listKey = (tenant: string, seal: number, chain: number, from: number): string =>
  `${LOG.listsPrefix}tenant=${tenant}/${number(seal)}/${digits(chain, 2)}-${digits(from, 16)}.json`;
const LIST_KEY = /\/(\d{2})-(\d{16})\.json$/;

/** Which chain a list is of, and where it begins; undefined for a key that no list has. */
export const listPlace = (key: string): { readonly chain: number; readonly from: number } | undefined => {
  const match = LIST_KEY.exec(key);
  return match === null ? undefined : { chain: Number(match[1]), from: Number(match[2]) };
};
export const tombstoneKey = (tenant: string, slot: number): string =>
  `${LOG.tombstonesPrefix}tenant=${tenant}/${number(slot)}.json`;
export const holdKey = (tenant: string, slot: number): string =>
  `${LOG.holdsPrefix}tenant=${tenant}/${number(slot)}.json`;
