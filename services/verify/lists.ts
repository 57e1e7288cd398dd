// Finds the segment list that a position is in.
import { sha256, toHex } from '../../core/crypto.ts';
import type { DocumentCodec } from '../../core/documents/codec.ts';
import { CONTENTS, type Contents } from '../../core/documents/contents.ts';
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { SEGMENT_LIST, type SealedSegment, type SegmentList } from '../../core/documents/segments.ts';
import { listPlace } from '../../names/log.ts';
import type { KnownDigest, TenantDigests } from './digests.ts';
import type { DocumentsAhead } from './documents-ahead.ts';
import type { SealedNames } from './objects.ts';

/** Documents kept as read: positions are asked for in order, objects by day, so the next question is about the same few. */
const KEPT = 8;

/** Finds the segment list that a position is in, by the digests' sizes: whatever the history, a few reads. */
export class SealedLists implements SealedNames {
  readonly tenant: string;
  readonly newest: KnownDigest;
  readonly #digests: TenantDigests;
  readonly #documents: DocumentsAhead;
  readonly #kept = new Map<string, Promise<unknown>>();
  readonly #byKey = new WeakMap<SegmentList, ReadonlyMap<string, readonly SealedSegment[]>>();

  constructor(digests: TenantDigests, newest: KnownDigest, documents: DocumentsAhead) {
    this.tenant = digests.tenant;
    this.newest = newest;
    this.#digests = digests;
    this.#documents = documents;
  }

  sizeOf(chain: number): number {
    return sizeIn(this.newest, chain);
  }

  async named(key: string, chain: number, first: number): Promise<readonly ObjectRef[]> {
    const named: ObjectRef[] = [];
    for (let position = first; ; ) {
      const list = await this.at(chain, position);
      const segments = (list && this.#keysOf(list).get(key)) ?? [];
      for (const { object } of segments) named.push(object);
      // One that straddles a seal's end is in the next list too, perhaps under another version.
      if (list === undefined || !segments.some(({ last }) => last >= list.through)) return named;
      position = list.through;
    }
  }

  /** Objects are asked for one after the other, and a list has a thousand. */
  #keysOf(list: SegmentList): ReadonlyMap<string, readonly SealedSegment[]> {
    const keys = this.#byKey.get(list) ?? Map.groupBy(list.segments, ({ object }) => object.key);
    this.#byKey.set(list, keys);
    return keys;
  }

  /** The list that has the position; undefined when none can be read that does. */
  async at(chain: number, position: number): Promise<SegmentList | undefined> {
    const digest = await this.sealing(chain, position);
    const contents = digest && (await this.contents(digest));
    const ref = contents?.segments.filter((one) => begins(one, chain, position)).at(-1);
    const list = ref && (await this.#read<SegmentList>(SEGMENT_LIST, ref));
    const has = list !== undefined && list.chain === chain && list.from <= position && position < list.through;
    return has ? list : undefined;
  }

  /** Where the next list begins of those that were sealed with the position's, or where they end; undefined: not sealed. */
  async after(chain: number, position: number): Promise<number | undefined> {
    const digest = await this.sealing(chain, position);
    const contents = digest && (await this.contents(digest));
    const begins = contents?.segments.flatMap(({ key }) => {
      const place = listPlace(key);
      return place?.chain === chain && place.from > position ? [place.from] : [];
    });
    return digest && Math.min(sizeIn(digest, chain), ...(begins ?? []));
  }

  /** The digest that sealed the position; undefined when it is not sealed, or the digest is not there. */
  async sealing(chain: number, position: number): Promise<KnownDigest | undefined> {
    if (position >= this.sizeOf(chain)) return undefined;
    // Each seal makes one digest of every tenant, so numbers and seals run side by side.
    let [low, high] = [this.newest.seal - this.newest.number, this.newest.seal];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const digest = await this.#digests.at(middle);
      if (digest !== undefined && sizeIn(digest, chain) > position) high = middle;
      else low = middle + 1;
    }
    return this.#digests.at(low);
  }

  /** Undefined when the digest has none, or none that can be read. */
  async contents({ contents }: KnownDigest): Promise<Contents | undefined> {
    return contents && this.#read<Contents>(CONTENTS, contents);
  }

  /** Every list of the seals from `first` on. */
  async *since(first: number): AsyncGenerator<SegmentList, void, undefined> {
    for (let seal = first; seal <= this.newest.seal; seal++) {
      const digest = await this.#digests.at(seal);
      const contents = digest && (await this.contents(digest));
      this.#documents.expect(contents?.segments ?? []);
      for (const ref of contents?.segments ?? []) {
        const list = await this.#read<SegmentList>(SEGMENT_LIST, ref);
        if (list !== undefined) yield list;
      }
    }
  }

  #read<Document>(codec: DocumentCodec<Document>, ref: ObjectRef): Promise<Document | undefined> {
    const name = `${ref.key} ${ref.version}`;
    const kept = (this.#kept.get(name) as Promise<Document | undefined> | undefined) ?? this.#load(codec, ref);
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return kept;
  }

  /** What is wrong with a document is found by the verifier; here it names nothing. */
  async #load<Document>(codec: DocumentCodec<Document>, ref: ObjectRef): Promise<Document | undefined> {
    const bytes = await this.#documents.read(ref);
    if (bytes === undefined || toHex(sha256(bytes)) !== ref.sha256) return undefined;
    try {
      return codec.parse(bytes);
    } catch (error) {
      if (error instanceof DocumentError) return undefined;
      throw error;
    }
  }
}

function sizeIn({ chains }: KnownDigest, chain: number): number {
  return chains.find((head) => head.chain === chain)?.size ?? 0;
}

function begins({ key }: ObjectRef, chain: number, position: number): boolean {
  const place = listPlace(key);
  return place?.chain === chain && place.from <= position;
}
