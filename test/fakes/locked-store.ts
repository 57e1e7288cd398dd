// A bucket with Object Lock in memory.
import { equalBytes, sha256, toHex } from '../../core/crypto.ts';
import type { HoldableStore, ListedVersion, LockedObject, StoredVersion } from '../../services/object-lock/port.ts';

class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
}

class BadDigest extends Error {
  override readonly name = 'BadDigest';
}

/** What a fault does to a write: nothing is written, or it is and the answer is lost. */
export type Fault = 'lost' | 'persisted' | undefined;

export class InjectedFault extends Error {
  override readonly name = 'InjectedFault';
}

interface MemoryVersion {
  readonly version: string;
  readonly etag: string;
  readonly lastModified: Date;
  readonly bytes: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  /** As given by the writer: S3 computes one for every upload, but not always this kind. */
  readonly sha256: Uint8Array | undefined;
  retainUntil: Date | undefined;
  held: boolean;
}

/** A delete marker: there, listed, and nothing to read. */
interface Marker {
  readonly version: string;
  readonly marker: true;
  readonly lastModified: Date;
}

export interface MemoryOptions {
  readonly now?: () => Date;
  /** Asked at every write. */
  readonly fault?: () => Fault;
  /** Awaited in every operation, so that others get in between. */
  readonly delay?: () => Promise<void>;
}

/** A versioned bucket with Object Lock in memory. It throws where S3 would refuse. */
export class MemoryLockedStore implements HoldableStore {
  /** Oldest first. */
  readonly #objects = new Map<string, (MemoryVersion | Marker)[]>();
  readonly #options: MemoryOptions;
  /** How many versions each key ever had, those included that are gone. */
  readonly #puts = new Map<string, number>();

  constructor(options: MemoryOptions = {}) {
    this.#options = options;
  }

  async create(key: string, object: LockedObject): Promise<string | undefined> {
    return this.#write(() => (this.#top(key) === undefined ? this.#put(key, object) : undefined));
  }

  async replace(key: string, etag: string, object: LockedObject): Promise<string | undefined> {
    return this.#write(() => (this.#top(key)?.etag === etag ? this.#put(key, object) : undefined));
  }

  async current(key: string): Promise<StoredVersion | undefined> {
    await this.#options.delay?.();
    const top = this.#top(key);
    return top && storedVersion(top);
  }

  async find(key: string, version: string): Promise<StoredVersion | undefined> {
    await this.#options.delay?.();
    const found = this.#lookUp(key, version);
    return found && storedVersion(found);
  }

  async fetch(key: string, version: string): Promise<Uint8Array | undefined> {
    await this.#options.delay?.();
    return this.#lookUp(key, version)?.bytes.slice();
  }

  async *list(prefix: string, after = ''): AsyncIterable<ListedVersion> {
    await this.#options.delay?.();
    for (const key of [...this.#objects.keys()].filter((one) => one.startsWith(prefix) && one > after).sort()) {
      const newestFirst = this.#versionsOf(key).toReversed();
      for (const [i, one] of newestFirst.entries()) {
        const size = 'marker' in one ? 0 : one.bytes.length;
        const { version, lastModified } = one;
        yield { key, version, size, lastModified, latest: i === 0, marker: 'marker' in one };
      }
    }
  }

  async *folders(prefix: string): AsyncIterable<string> {
    await this.#options.delay?.();
    const keys = [...this.#objects].filter(([key, versions]) => key.startsWith(prefix) && versions.length > 0);
    const below = keys.map(([key]) => key.slice(prefix.length)).sort();
    yield* new Set(below.filter((rest) => rest.includes('/')).map((rest) => rest.slice(0, rest.indexOf('/'))));
  }

  async held(key: string, version: string): Promise<boolean | undefined> {
    await this.#options.delay?.();
    return this.#lookUp(key, version)?.held;
  }

  async setHold(key: string, version: string, held: boolean): Promise<void> {
    await this.#write(() => {
      this.#version(key, version).held = held;
      return undefined;
    });
  }

  async remove(key: string, version: string): Promise<'removed' | 'protected'> {
    let outcome: 'removed' | 'protected' = 'removed';
    await this.#write(() => {
      const found = this.#lookUp(key, version);
      if (found === undefined) return undefined;
      if (this.#isProtected(found)) outcome = 'protected';
      else this.#drop(key, version);
      return undefined;
    });
    return outcome;
  }

  async versions(key: string): Promise<{ version: string; size: number; lastModified: Date }[]> {
    await this.#options.delay?.();
    const all = (this.#objects.get(key) ?? []).flatMap((one) => ('marker' in one ? [] : [one]));
    return all.map(({ version, bytes, lastModified }) => ({ version, size: bytes.length, lastModified })).reverse();
  }

  async read(key: string, version: string): Promise<Uint8Array> {
    await this.#options.delay?.();
    return this.#version(key, version).bytes.slice();
  }

  async extendLock(key: string, version: string, retainUntil: Date): Promise<void> {
    await this.#write(() => {
      const found = this.#version(key, version);
      if (found.retainUntil !== undefined && found.retainUntil > retainUntil) throw new AccessDenied('shorter lock');
      this.#demandFuture(retainUntil);
      found.retainUntil = retainUntil;
      return undefined;
    });
  }

  /** What somebody with write access to the bucket can do: put anything, with any lock or none, over anything. */
  plant(key: string, bytes: Uint8Array, metadata: Record<string, string> = {}, retainUntil?: Date): string {
    return this.#append(key, { bytes, metadata, retainUntil, sha256: sha256(bytes), held: false });
  }

  mark(key: string): void {
    this.#versionsOf(key).push({ version: `m${this.#count(key)}`, marker: true, lastModified: this.#now() });
  }

  deleteVersion(key: string, version: string): void {
    if (this.#isProtected(this.#version(key, version))) throw new AccessDenied('locked or held');
    this.#drop(key, version);
  }

  #isProtected({ retainUntil, held }: MemoryVersion): boolean {
    return held || (retainUntil !== undefined && retainUntil > this.#now());
  }

  #drop(key: string, version: string): void {
    const left = this.#versionsOf(key).filter((one) => one.version !== version);
    if (left.length === 0) this.#objects.delete(key);
    else this.#objects.set(key, left);
  }

  /** A bucket of its own with the same versions, locks and holds, on a clock of its own. */
  copy(options: MemoryOptions = {}): MemoryLockedStore {
    const copy = new MemoryLockedStore(options);
    for (const [key, versions] of this.#objects) {
      copy.#objects.set(
        key,
        versions.map((one) => ({ ...one })),
      );
    }
    for (const [key, puts] of this.#puts) copy.#puts.set(key, puts);
    return copy;
  }

  /** Keys that have a current version, in order. */
  keys(prefix = ''): string[] {
    return [...this.#objects.keys()].filter((key) => key.startsWith(prefix) && this.#top(key) !== undefined).sort();
  }

  /** The current version, whole. */
  object(key: string): MemoryVersion {
    const top = this.#top(key);
    if (top === undefined) throw new Error(`no object ${key}`);
    return top;
  }

  #now(): Date {
    return this.#options.now?.() ?? new Date();
  }

  #top(key: string): MemoryVersion | undefined {
    const top = this.#objects.get(key)?.at(-1);
    return top === undefined || 'marker' in top ? undefined : top;
  }

  #lookUp(key: string, version: string): MemoryVersion | undefined {
    const found = this.#objects.get(key)?.find((one) => one.version === version);
    return found === undefined || 'marker' in found ? undefined : found;
  }

  #version(key: string, version: string): MemoryVersion {
    const found = this.#lookUp(key, version);
    if (found === undefined) throw new Error(`no version ${version} of ${key}`);
    return found;
  }

  #versionsOf(key: string): (MemoryVersion | Marker)[] {
    const versions = this.#objects.get(key) ?? [];
    this.#objects.set(key, versions);
    return versions;
  }

  async #write(apply: () => string | undefined): Promise<string | undefined> {
    await this.#options.delay?.();
    const fault = this.#options.fault?.();
    if (fault === 'lost') throw new InjectedFault('nothing was written');
    const result = apply();
    if (fault === 'persisted') throw new InjectedFault('the answer is lost');
    await this.#options.delay?.();
    return result;
  }

  #put(key: string, { bytes, sha256: claimed, metadata, retainUntil, held = false }: LockedObject): string {
    this.#demandFuture(retainUntil);
    const digest = sha256(bytes);
    if (claimed !== undefined && !equalBytes(claimed, digest)) throw new BadDigest('the bytes have another hash');
    return this.#append(key, { bytes: bytes.slice(), metadata, retainUntil, sha256: digest, held });
  }

  #append(key: string, object: Omit<MemoryVersion, 'version' | 'etag' | 'lastModified'>): string {
    // A version's name follows from what it is and what was before it, so that histories that end alike can be compared.
    const digest = toHex(sha256(new TextEncoder().encode(key), object.bytes));
    const version = `v${this.#count(key)}-${digest.slice(0, 12)}`;
    const etag = `"${toHex(sha256(object.bytes)).slice(0, 32)}-${version}"`;
    this.#versionsOf(key).push({ ...object, version, etag, lastModified: this.#now() });
    return version;
  }

  #count(key: string): number {
    const puts = (this.#puts.get(key) ?? 0) + 1;
    this.#puts.set(key, puts);
    return puts;
  }

  #demandFuture(retainUntil: Date): void {
    const now = this.#now().getTime();
    if (retainUntil.getTime() <= now) throw new AccessDenied('the lock has already passed');
    if (retainUntil.getTime() > now + 36_500 * 86_400_000) throw new AccessDenied('the lock is longer than 100 years');
  }
}

function storedVersion({
  version,
  etag,
  bytes,
  sha256: digest,
  lastModified,
  retainUntil,
}: MemoryVersion): StoredVersion {
  return { version, etag, size: bytes.length, sha256: digest, lastModified, retainUntil, governed: false };
}
