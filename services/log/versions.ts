// Finds, of the versions under a key, the one that is genuine.
import type { EvidenceStore, StoredVersion } from '../object-lock/port.ts';

/** What reading evidence by key takes. */
export type EvidenceReader = Pick<EvidenceStore, 'current' | 'versions' | 'find' | 'fetch'>;

/** Told of a version that covers, or stands in the place of, what belongs under the key. */
export type OnForeign = (key: string, found: StoredVersion) => Promise<void>;

/** Whoever may write can put versions over versions; more than this were put there to make a search costly. */
const MAX_VERSIONS = 1_000;

/** There are more versions of one key than are searched for a genuine one. Never taken for its absence. */
export class BuriedObject extends Error {
  override readonly name = 'BuriedObject';
  readonly code = 'buried';

  constructor(key: string, count: number) {
    super(`${key}: got ${count} versions, want at most ${MAX_VERSIONS}`);
  }
}

export interface Candidate {
  readonly version: string;
  /** Undefined when there are more than anything genuine has. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * Everything that is stored under a key, hidden or not: the current version, then the others, oldest first, since nobody
 * can put one below another. Versions are listed only when the current one does not satisfy.
 */
export async function* candidatesAt(store: EvidenceReader, key: string, maxBytes: number): AsyncGenerator<Candidate> {
  const current = await store.current(key);
  if (current !== undefined) yield candidate(store, key, current, maxBytes);
  const versions = await store.versions(key);
  if (versions.length > MAX_VERSIONS) throw new BuriedObject(key, versions.length);
  for (const one of versions.toReversed()) {
    if (one.version !== current?.version) yield candidate(store, key, one, maxBytes);
  }
}

async function candidate(
  store: EvidenceReader,
  key: string,
  { version, size }: { readonly version: string; readonly size: number },
  maxBytes: number,
): Promise<Candidate> {
  return { version, bytes: size > maxBytes ? undefined : await store.fetch(key, version) };
}

/**
 * What `accept` makes of the first version that it takes; undefined when it takes none. Versions that had to be passed
 * over to find it are reported.
 */
export async function genuineAt<T>(
  store: EvidenceReader,
  key: string,
  maxBytes: number,
  accept: (bytes: Uint8Array, version: string) => T | undefined | Promise<T | undefined>,
  onForeign?: OnForeign,
): Promise<T | undefined> {
  const passed: string[] = [];
  for await (const { version, bytes } of candidatesAt(store, key, maxBytes)) {
    const taken = bytes === undefined ? undefined : await accept(bytes, version);
    if (taken !== undefined) {
      await reportForeign(store, key, passed, onForeign);
      return taken;
    }
    passed.push(version);
  }
  return undefined;
}

export async function reportForeign(
  store: EvidenceReader,
  key: string,
  versions: readonly string[],
  onForeign: OnForeign | undefined,
): Promise<void> {
  if (onForeign === undefined) return;
  for (const version of versions) {
    const found = await store.find(key, version);
    if (found !== undefined) await onForeign(key, found);
  }
}
