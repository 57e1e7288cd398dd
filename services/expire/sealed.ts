// Which segment versions the seals name.
import { leafHash } from '../../core/chain.ts';
import { equalBytes, sha256, toHex } from '../../core/crypto.ts';
import type { DocumentCodec } from '../../core/documents/codec.ts';
import { CONTENTS, type Contents } from '../../core/documents/contents.ts';
import { DIGEST, type Digest } from '../../core/documents/digest.ts';
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { countOf, parsePositions } from '../../core/documents/positions.ts';
import { SEGMENT_LIST, type SealedSegment } from '../../core/documents/segments.ts';
import { digestKey, listPlace } from '../../names/log.ts';
import { genuineAt } from '../log/versions.ts';
import type { EvidenceStore } from '../object-lock/port.ts';
import type { SealedLog } from './port.ts';

/** What a seal names is missing or has other bytes: what it would say can't be known. */
export class SealedEvidenceFault extends Error {
  override readonly name = 'SealedEvidenceFault';
  readonly code = 'evidence';
}

/** One version of a segment that seals name, all of whose positions they have. */
export interface SealedVersion {
  readonly object: ObjectRef;
  readonly chain: number;
  readonly day: string;
  readonly first: number;
  readonly last: number;
  /** How many of the category's positions it holds. */
  readonly positions: number;
  /** What each digest that lists it promised: what the category was kept for, and since when that counts. */
  readonly promises: readonly { readonly retention: string | undefined; readonly sealedAt: string }[];
}

/** The part of a sealed list that counts: that of one category, by key. */
interface Listed {
  readonly through: number;
  readonly segments: ReadonlyMap<string, readonly SealedSegment[]>;
}

/** Lists that are remembered: segments come by day, and of a day by chain. */
const MAX_LISTS = 128;

/**
 * Which versions of a tenant's segments are sealed, answered by what is signed: a digest counts when it is the leaf that
 * the log has at its index, and what it names when it has the named bytes. The object itself is not asked, since whoever
 * can put one can put any metadata.
 *
 * What it costs follows what is asked about, not how long the log is: sizes of a chain rise with the seals, so the digest
 * that sealed a position is found by galloping on from the one before, a few digests at first and one or two a seal then;
 * of that seal the contents and the one list that has the position are read, once for all segments in it.
 */
export class SealedSegments {
  readonly #store: EvidenceStore;
  readonly #log: SealedLog;
  readonly #tenant: string;
  readonly #category: string;
  readonly #digests = new Map<number, Promise<Digest>>();
  readonly #lists = new Map<string, Promise<Listed>>();
  #contents: { readonly id: string; readonly document: Promise<Contents> } | undefined;
  /** By chain: a seal that ends before what is asked about next, most likely. */
  readonly #below = new Map<number, number>();

  constructor(store: EvidenceStore, log: SealedLog, tenant: string, category: string) {
    this.#store = store;
    this.#log = log;
    this.#tenant = tenant;
    this.#category = category;
  }

  /**
   * The versions of a segment's key that seals name: more than one where a list had to name another one for its later
   * positions. 'unsealed' while any of its positions is. Throws a SealedEvidenceFault.
   */
  async named(key: string, chain: number, first: number): Promise<readonly SealedVersion[] | 'unsealed'> {
    const named = new Map<string, SealedVersion>();
    let last = first;
    for (let position = first; position <= last; ) {
      const seal = await this.#sealOf(chain, position);
      if (seal === undefined) return 'unsealed';
      const digest = await this.#digest(seal);
      const { through, segments } = await this.#listAt(digest, chain, position);
      const { sealedAt } = digest;
      const retention = digest.retention[this.#category];
      for (const segment of segments.get(key) ?? []) {
        const { version } = segment.object;
        named.set(version, merged(named.get(version), segment, chain, { retention, sealedAt }));
        last = Math.max(last, segment.last);
      }
      position = through;
    }
    return [...named.values()];
  }

  /** The first seal that has the position. */
  async #sealOf(chain: number, position: number): Promise<number | undefined> {
    const newest = this.#log.seal;
    if ((await this.#size(newest, chain)) <= position) return undefined;
    const { seal, number } = await this.#digest(newest);
    // Every seal since the tenant's first made a digest of it.
    const none = seal - number - 1;
    let below = this.#below.get(chain) ?? none;
    if (below > none && (await this.#size(below, chain)) > position) below = none;
    let at = below + 1;
    for (let step = 2; at < newest && (await this.#size(at, chain)) <= position; step *= 2) {
      below = at;
      at = Math.min(newest, at + step);
    }
    while (at - below > 1) {
      const middle = below + Math.floor((at - below) / 2);
      if ((await this.#size(middle, chain)) > position) at = middle;
      else below = middle;
    }
    this.#below.set(chain, below);
    return at;
  }

  async #size(seal: number, chain: number): Promise<number> {
    return (await this.#digest(seal)).chains.find((head) => head.chain === chain)?.size ?? 0;
  }

  #digest(seal: number): Promise<Digest> {
    const digest = this.#digests.get(seal) ?? this.#readDigest(seal);
    this.#digests.set(seal, digest);
    return digest;
  }

  async #readDigest(seal: number): Promise<Digest> {
    const key = digestKey(this.#tenant, seal);
    const found = await genuineAt(this.#store, key, DIGEST.maxBytes, async (bytes) => {
      const digest = parsedDigest(bytes);
      if (digest?.tenant !== this.#tenant || digest.seal !== seal) return undefined;
      const leaf = await this.#log.leafHash(digest.index);
      return leaf !== undefined && equalBytes(leaf, leafHash(bytes)) ? digest : undefined;
    });
    if (found !== undefined) return found;
    throw new SealedEvidenceFault(`${key}: got no version that is in the log`);
  }

  async #listAt(digest: Digest, chain: number, position: number): Promise<Listed> {
    const ref = await this.#listRef(digest, chain, position);
    const listed = this.#lists.get(ref.key) ?? this.#readList(ref, chain, position);
    this.#lists.delete(ref.key);
    this.#lists.set(ref.key, listed);
    if (this.#lists.size > MAX_LISTS) this.#lists.delete(this.#lists.keys().next().value!);
    return listed;
  }

  /** Of the seal's lists of the chain: the last one that begins at the position or before. */
  async #listRef({ contents: ref, seal }: Digest, chain: number, position: number): Promise<ObjectRef> {
    const contents = ref && (await this.#contentsOf(ref));
    let found: ObjectRef | undefined;
    for (const list of contents?.segments ?? []) {
      const place = listPlace(list.key);
      if (place?.chain === chain && place.from <= position) found = list;
    }
    if (found !== undefined) return found;
    throw new SealedEvidenceFault(`seal ${seal} names no list of chain ${chain} that has position ${position}`);
  }

  #contentsOf(ref: ObjectRef): Promise<Contents> {
    const id = `${ref.key} ${ref.version}`;
    if (this.#contents?.id !== id) this.#contents = { id, document: this.#document(ref, CONTENTS) };
    return this.#contents.document;
  }

  async #readList(ref: ObjectRef, chain: number, position: number): Promise<Listed> {
    const list = await this.#document(ref, SEGMENT_LIST);
    const { tenant, from, through } = list;
    if (tenant !== this.#tenant || list.chain !== chain || from > position || through <= position) {
      throw new SealedEvidenceFault(`${ref.key}: got no list of chain ${chain} with position ${position}`);
    }
    const ofCategory = list.segments.filter(({ category }) => category === this.#category);
    return { through, segments: Map.groupBy(ofCategory, ({ object }) => object.key) };
  }

  async #document<T>(ref: ObjectRef, codec: DocumentCodec<T>): Promise<T> {
    const bytes = await this.#store.fetch(ref.key, ref.version);
    if (bytes !== undefined && toHex(sha256(bytes)) === ref.sha256) return codec.parse(bytes);
    throw new SealedEvidenceFault(`${ref.key}: ${bytes === undefined ? 'is not there' : 'got other bytes'}`);
  }
}

function parsedDigest(bytes: Uint8Array): Digest | undefined {
  try {
    return DIGEST.parse(bytes);
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}

function merged(
  before: SealedVersion | undefined,
  { object, day, first, last, positions }: SealedSegment,
  chain: number,
  promise: SealedVersion['promises'][number],
): SealedVersion {
  return {
    ...{ object, chain, day, first, last },
    positions: (before?.positions ?? 0) + countOf(parsePositions(positions)),
    promises: [...(before?.promises ?? []), promise],
  };
}
