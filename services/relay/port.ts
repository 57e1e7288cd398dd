/**
 * What subscribers are told of a block: where it is, not what it holds. They read it from the ledger, verify it with
 * decodeBlock, and may compare its link with this one. Delivered at least once and perhaps out of order: a subscriber
 * takes `chain` and `position` together as the message's identity.
 */
export interface BlockNotice {
  readonly v: 1;
  readonly tenant: string;
  readonly chain: number;
  /** Position of the block's first entry. */
  readonly position: number;
  readonly count: number;
  /** Epoch milliseconds of the commit. */
  readonly recordedAt: number;
  /** Link of the block's last entry, lower-case hex. */
  readonly link: string;
}

/** Notices that one call publishes at most; SNS takes ten, and 256 KB, of which ten notices are a few. */
export const MAX_NOTICES = 10;

export interface Topic {
  /**
   * Publishes up to MAX_NOTICES. Returns the indexes of those that were not accepted; the others are durable with the
   * topic. Throws when nothing is known of any of them.
   */
  publish(notices: readonly BlockNotice[]): Promise<readonly number[]>;
}
