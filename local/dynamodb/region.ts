/**
 * DynamoDB Local names its region `ddblocal` in ARNs, whatever the client's region is. The runtime's region is what everybody
 * else sees; the names are exchanged at this border, in both directions, only in fields that hold ARNs (never in items).
 */
const EMULATED = 'arn:aws:dynamodb:ddblocal:000000000000:';

export interface ArnBorder {
  /** Deep copy with every ARN in AWS's terms; for control-plane answers, which hold no items. */
  outward<T>(value: T): T;
  /** One ARN, or a shard iterator (which starts with one), in the emulator's terms. */
  inward(arn: string): string;
  readonly prefix: string;
}

export function arnBorder(region: string, account: string): ArnBorder {
  const prefix = `arn:aws:dynamodb:${region}:${account}:`;
  const outward = <T>(value: T): T => {
    if (typeof value === 'string') return value.replace(EMULATED, prefix) as T;
    if (Array.isArray(value)) return value.map(outward) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, outward(member)])) as T;
  };
  const inward = (arn: string) => (arn.startsWith(prefix) ? EMULATED + arn.slice(prefix.length) : arn);
  return { outward, inward, prefix };
}
