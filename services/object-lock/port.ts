// Objects under S3 Object Lock as the services see them: what is put, what is found, and which store does it.

/** The store refuses this object or lock for what it is, whoever asks and however often. */
export class ObjectRefused extends Error {
  override readonly name = 'ObjectRefused';
  readonly code = 'object-refused';
}

/** What is put under lock. */
export interface LockedObject {
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, where whoever puts them has computed it; the store checks what arrives against it. */
  readonly sha256?: Uint8Array;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Compliance mode: nobody deletes or overwrites the version before. */
  readonly retainUntil: Date;
  /** Under legal hold from the first moment on; nobody deletes it before that is lifted. */
  readonly held?: boolean;
}

/** One version of an object, as the store itself knows it: none of this can be set by whoever put it. */
export interface StoredVersion {
  readonly version: string;
  /** Changes with every version; what `replace` compares. */
  readonly etag: string;
  readonly size: number;
  /** SHA-256 that the store checked when the object came in; absent when it came without. */
  readonly sha256: Uint8Array | undefined;
  readonly lastModified: Date;
  /** End of the compliance lock; undefined when the version has none. */
  readonly retainUntil: Date | undefined;
  /** Under a lock in governance mode, which some may lift; nothing here ever sets one. */
  readonly governed: boolean;
}

/**
 * Objects that can't be changed: a bucket with versions and Object Lock.
 *
 * Every write is durable, and seen by every later read, when it returns; one that throws may have been persisted. Reads
 * and conditions are strongly consistent. A write whose condition fails wrote nothing. Writes throw ObjectRefused for what
 * no repetition heals.
 */
export interface LockedStore {
  /** Writes the object unless the key has a current version. Returns the version, or undefined when it has one. */
  create(key: string, object: LockedObject): Promise<string | undefined>;
  /** Writes a newer version over exactly the current one that was looked at; undefined when that is no longer current. */
  replace(key: string, etag: string, object: LockedObject): Promise<string | undefined>;
  /** The current version; undefined when there is none or a delete marker hides it. */
  current(key: string): Promise<StoredVersion | undefined>;
  /** All versions of the key, newest first, without delete markers. */
  versions(key: string): Promise<readonly Pick<StoredVersion, 'version' | 'size' | 'lastModified'>[]>;
  read(key: string, version: string): Promise<Uint8Array>;
  /** Lengthens, or sets, the compliance lock of a version. */
  extendLock(key: string, version: string, retainUntil: Date): Promise<void>;
}

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
 * Strongly consistent, like LockedStore; everything but `remove` leaves every version readable.
 */
export interface EvidenceStore extends LockedStore {
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
