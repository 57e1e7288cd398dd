import type { SegmentStore, StoredVersion } from '../archive/port.ts';

/** One version of one key, or a delete marker, as a listing shows it. */
export interface ListedVersion {
  readonly key: string;
  readonly version: string;
  readonly size: number;
  readonly lastModified: Date;
  /** The newest of its key. */
  readonly latest: boolean;
  /** A delete marker: it hides the versions below it and holds nothing. */
  readonly marker: boolean;
}

/**
 * The archive as sealing, verifying and expiring see it: by version, since what is current is whatever was put last.
 * Strongly consistent, like SegmentStore; everything but `remove` leaves every version readable.
 */
export interface EvidenceStore extends SegmentStore {
  /** What the store knows of a version; undefined when it is not there, never or no longer. */
  find(key: string, version: string): Promise<StoredVersion | undefined>;
  /** The bytes of a version; undefined when it is not there, never or no longer. */
  fetch(key: string, version: string): Promise<Uint8Array | undefined>;
  /**
   * Everything whose key begins with `prefix` and is greater than `after`, by key and then newest first. Hidden and
   * overwritten versions are listed too.
   */
  list(prefix: string, after?: string): AsyncIterable<ListedVersion>;
  /**
   * What follows `prefix` up to the next slash, each once, in order: the folders of a listing, those included in which
   * every object is hidden.
   */
  folders(prefix: string): AsyncIterable<string>;
}

/** What legal holds and expiry may do besides. */
export interface HoldableStore extends EvidenceStore {
  /** Whether the version is under legal hold; undefined when it is not there. */
  held(key: string, version: string): Promise<boolean | undefined>;
  setHold(key: string, version: string, held: boolean): Promise<void>;
  /**
   * Removes one version for good. 'protected': its lock has not ended or a legal hold is on it, and nothing happened.
   * Removing what is not there is 'removed'.
   */
  remove(key: string, version: string): Promise<'removed' | 'protected'>;
}
