// A tenant's evidence in the archive, as the verifier reads it.
import { sha256, toHex } from '../../core/crypto.ts';
import { CONTENTS } from '../../core/documents/contents.ts';
import { DIGEST } from '../../core/documents/digest.ts';
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import type { PositionRun } from '../../core/documents/positions.ts';
import type { SegmentList } from '../../core/documents/segments.ts';
import type { TileReader } from '../../core/tiles/reader.ts';
import { EntryRules } from '../../core/verify/entry-rules.ts';
import type { Evidence, LeafBatch, LogHead, SealedDigest } from '../../core/verify/evidence.ts';
import { type HashedBody, hashedBody, leavesOf } from '../../core/verify/leaves.ts';
import { type SegmentCodec, SegmentFault, type SegmentRow } from '../archive/port.ts';
import type { EvidenceStore } from '../object-lock/port.ts';
import { ahead } from './ahead.ts';
import { chainTiles } from './chain-tiles.ts';
import type { TenantDigests } from './digests.ts';
import type { DigestPlace } from './documents.ts';
import type { DocumentsAhead } from './documents-ahead.ts';
import { liveFinding, type OnLiveFinding } from './finding.ts';
import type { SealedLists } from './lists.ts';
import { type AheadBound, readAhead } from './read-ahead.ts';
import { type SealedRuns, segmentsIn } from './segment-runs.ts';

/** Digests that are read ahead, each with its contents: S3 answers one request in some 20 ms, and many at a time. */
const DIGESTS_AHEAD = 16;

/** Contents and lists that are read along with a digest; larger ones are worth waiting for. */
const SMALL_DOCUMENT_BYTES = 256 * 1024;
const LISTS_ALONG = 4;

/**
 * Segments that are read ahead. A window of the archive makes at most 8 MB of entries, whose file is a fraction of that;
 * a quiet chain's are a few KB each, and then the requests are the bound.
 */
const SEGMENTS_AHEAD: AheadBound = { requests: 64, bytes: 64 * 1024 * 1024 };

export interface StoredEvidenceOptions {
  readonly store: Pick<EvidenceStore, 'current' | 'versions' | 'find' | 'fetch'>;
  readonly codec: SegmentCodec;
  readonly log: LogHead;
  readonly digests: TenantDigests;
  readonly documents: DocumentsAhead;
  readonly lists: SealedLists;
  /** The digest before the first one to check; undefined: all are. */
  readonly after: DigestPlace | undefined;
  readonly report: OnLiveFinding;
}

/** A tenant's evidence where it lives: documents and segments by version, tiles by the root that they have to lead to. */
export class StoredEvidence implements Evidence {
  readonly tenant: string;
  readonly log: LogHead;
  readonly first: number;
  readonly #options: StoredEvidenceOptions;
  readonly #rules: EntryRules;

  constructor(options: StoredEvidenceOptions) {
    this.tenant = options.digests.tenant;
    this.log = options.log;
    this.first = options.after === undefined ? 0 : options.after.number + 1;
    this.#options = options;
    this.#rules = new EntryRules(this.tenant);
  }

  async *digests(): AsyncGenerator<SealedDigest, void, undefined> {
    const { digests, lists, after } = this.#options;
    const { newest } = lists;
    const first = after?.seal ?? newest.seal - newest.number;
    const read = async (seal: number) => {
      const found = await digests.sealed(seal);
      if (found !== undefined) void this.#readAlong(found.bytes).catch(() => undefined);
      return found;
    };
    for await (const found of ahead(first, newest.seal, DIGESTS_AHEAD, read)) if (found !== undefined) yield found;
  }

  /** What the digest names, as far as it is small: by when it is asked for it is there. */
  async #readAlong(digest: Uint8Array): Promise<void> {
    const { documents } = this.#options;
    const ref = parsedOr(() => DIGEST.parse(digest).contents);
    if (ref === undefined || ref.bytes > SMALL_DOCUMENT_BYTES) return;
    const bytes = await documents.read(ref);
    const segments = bytes && parsedOr(() => CONTENTS.parse(bytes).segments);
    for (const list of segments?.slice(0, LISTS_ALONG) ?? []) {
      if (list.bytes <= SMALL_DOCUMENT_BYTES) documents.read(list).catch(() => undefined);
    }
  }

  document(ref: ObjectRef): Promise<Uint8Array | undefined> {
    return this.#options.documents.read(ref);
  }

  expect(refs: readonly ObjectRef[]): void {
    this.#options.documents.expect(refs);
  }

  tiles(chain: number): TileReader {
    const { store, lists, report } = this.#options;
    const head = lists.newest.chains.find((one) => one.chain === chain);
    return chainTiles(store, this.tenant, chain, head, report);
  }

  /** List by list, segments by their first position; rows of several run side by side. */
  async *leaves(chain: number, from: number, through: number): AsyncGenerator<LeafBatch, void, undefined> {
    const { store } = this.#options;
    let list: SegmentList | undefined;
    let waiting: HashedBody[] = [];
    const segments = readAhead(this.#segments(chain, from, through), {
      bound: SEGMENTS_AHEAD,
      bytesOf: ({ segment }) => segment.object.bytes,
      read: ({ segment: { object } }) => store.fetch(object.key, object.version),
    });
    for await (const { item, value } of segments) {
      const begins = item.list === list ? item.runs[0]!.first : Number.POSITIVE_INFINITY;
      const ready = waiting.filter(({ position }) => position < begins);
      if (ready.length > 0) yield batch(ready);
      waiting = waiting.filter(({ position }) => position >= begins);
      list = item.list;
      for (const body of await this.#bodies(item, value)) waiting.push(body);
    }
    if (waiting.length > 0) yield batch(waiting);
  }

  async *#segments(chain: number, from: number, through: number): AsyncGenerator<SealedRuns, void, undefined> {
    const { lists } = this.#options;
    for (let position = from, next = lists.at(chain, from); position < through; next = lists.at(chain, position)) {
      const list = await next;
      // Read while this one's segments are.
      if (list !== undefined && list.through < through) lists.at(chain, list.through).catch(() => undefined);
      if (list !== undefined) yield* segmentsIn(list, position, Math.min(list.through, through));
      // Without its list, nothing says where its positions are; the lists that follow have their own.
      position = list?.through ?? (await lists.after(chain, position)) ?? through;
    }
  }

  async #bodies({ list, segment, runs }: SealedRuns, bytes: Uint8Array | undefined): Promise<HashedBody[]> {
    if (bytes === undefined) return [];
    const { report } = this.#options;
    const { object, first, last } = segment;
    const hash = toHex(sha256(bytes));
    const name = `${object.key} version ${object.version}`;
    const at = { tenant: this.tenant, chain: list.chain, seal: list.seal, first, last, object: name };
    if (hash !== object.sha256) report(liveFinding('segment-altered', { ...at, expected: object.sha256, found: hash }));
    const rows = await this.#decode(bytes);
    if (typeof rows !== 'string') return wanted(rows, runs, this.#rules);
    report(liveFinding('segment-malformed', { ...at, expected: 'a segment', found: rows }));
    return [];
  }

  async #decode(bytes: Uint8Array): Promise<readonly SegmentRow[] | string> {
    try {
      return await this.#options.codec.decode(bytes);
    } catch (error) {
      if (error instanceof SegmentFault) return error.message;
      throw error;
    }
  }
}

function parsedOr<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}

function batch(bodies: readonly HashedBody[]): LeafBatch {
  return leavesOf(bodies.toSorted((a, b) => a.position - b.position));
}

/** Rows and runs rise alike. Hashed at once: what waits for its neighbours does so without its bytes. */
function wanted(rows: readonly SegmentRow[], runs: readonly PositionRun[], rules: EntryRules): HashedBody[] {
  const bodies: HashedBody[] = [];
  let run = 0;
  for (const { position, bytes } of rows) {
    while (run < runs.length && runs[run]!.last < position) run++;
    if (run < runs.length && runs[run]!.first <= position) bodies.push(hashedBody({ position, bytes }, rules));
  }
  return bodies;
}
