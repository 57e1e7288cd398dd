/** What became of each position of a chain. */
export interface Tally {
  /** Positions that were to be checked. */
  readonly entries: number;
  /** Of the bodies that were read. */
  readonly bytes: number;
  readonly intact: number;
  readonly expired: number;
  readonly missing: number;
  readonly altered: number;
  /** Expired, by tombstones that no digest has sealed; absent where there are none. */
  readonly unconfirmed?: number;
}

export type MutableTally = { -readonly [Key in keyof Tally]: number };

export function emptyTally(): MutableTally {
  return { entries: 0, bytes: 0, intact: 0, expired: 0, missing: 0, altered: 0 };
}

export function addTally(to: MutableTally, more: Tally): void {
  for (const key of COUNTS) to[key] += more[key];
  if (more.unconfirmed !== undefined) to.unconfirmed = (to.unconfirmed ?? 0) + more.unconfirmed;
}

const COUNTS = ['entries', 'bytes', 'intact', 'expired', 'missing', 'altered'] as const;
