import { sha256, toHex } from '../../core/crypto.ts';
import { DIGEST } from '../../core/documents/digest.ts';
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { parsePositions, type Run } from '../../core/documents/positions.ts';
import type { SealedSegment, SegmentList } from '../../core/documents/segments.ts';
import type { TileReader } from '../../core/tiles/reader.ts';
import { EntryRules } from '../../core/verify/entry-rules.ts';
import type { Evidence, LeafBatch, LogHead, SealedDigest } from '../../core/verify/evidence.ts';
import { type Body, leavesOf } from '../../core/verify/leaves.ts';
import { type SegmentCodec, SegmentFault, type SegmentRow } from '../archive/port.ts';
import type { EvidenceStore } from '../evidence/port.ts';
import { ahead } from './ahead.ts';
import { chainTiles } from './chain-tiles.ts';
import type { TenantDigests } from './digests.ts';
import type { DigestPlace } from './documents.ts';
import { liveFinding, type OnLiveFinding } from './finding.ts';
import type { SealedLists } from './lists.ts';

/** Digests that are read ahead, each with its contents: S3 answers one request in some 20 ms, and many at a time. */
const DIGESTS_AHEAD = 16;

/** Documents that were read ahead and not asked for yet. */
const DOCUMENTS_KEPT = 4 * DIGESTS_AHEAD;

export interface StoredEvidenceOptions {
  readonly store: EvidenceStore;
  readonly codec: SegmentCodec;
  readonly log: LogHead;
  readonly digests: TenantDigests;
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
  readonly #documents = new Map<string, Promise<Uint8Array | undefined>>();

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
      const contents = found && contentsOf(found.bytes);
      if (contents !== undefined) void this.#ask(contents).catch(() => undefined);
      return found;
    };
    for await (const found of ahead(first, newest.seal, DIGESTS_AHEAD, read)) if (found !== undefined) yield found;
  }

  /** What was read ahead is handed out once. */
  document(ref: ObjectRef): Promise<Uint8Array | undefined> {
    const asked = this.#ask(ref);
    this.#documents.delete(nameOf(ref));
    return asked;
  }

  #ask(ref: ObjectRef): Promise<Uint8Array | undefined> {
    const name = nameOf(ref);
    const asked = this.#documents.get(name) ?? this.#options.store.fetch(ref.key, ref.version);
    this.#documents.set(name, asked);
    if (this.#documents.size > DOCUMENTS_KEPT) this.#documents.delete(this.#documents.keys().next().value!);
    return asked;
  }

  tiles(chain: number): TileReader {
    const { store, lists, report } = this.#options;
    const head = lists.newest.chains.find((one) => one.chain === chain);
    return chainTiles(store, this.tenant, chain, head, report);
  }

  async *leaves(chain: number, from: number, through: number): AsyncGenerator<LeafBatch, void, undefined> {
    const { lists } = this.#options;
    for (let position = from; position < through; ) {
      const list = await lists.at(chain, position);
      if (list !== undefined) yield* this.#leavesIn(list, position, Math.min(list.through, through));
      // Without its list, nothing says where the rest of the digest's positions are.
      position = list?.through ?? (await lists.endOf(chain, position)) ?? through;
    }
  }

  /** Segments by their first position, each read when the positions have come there: rows of several run side by side. */
  async *#leavesIn(list: SegmentList, from: number, through: number): AsyncGenerator<LeafBatch, void, undefined> {
    let waiting: Body[] = [];
    for (const { segment, runs } of segmentsIn(list, from, through)) {
      const begins = runs[0]!.first;
      const ready = waiting.filter(({ position }) => position < begins);
      if (ready.length > 0) yield this.#batch(ready);
      waiting = waiting.filter(({ position }) => position >= begins);
      for (const body of await this.#bodies(list, segment, runs)) waiting.push(body);
    }
    if (waiting.length > 0) yield this.#batch(waiting);
  }

  #batch(bodies: readonly Body[]): LeafBatch {
    return leavesOf(
      bodies.toSorted((a, b) => a.position - b.position),
      this.#rules,
    );
  }

  async #bodies({ chain, seal }: SegmentList, segment: SealedSegment, runs: readonly Run[]): Promise<Body[]> {
    const { store, report } = this.#options;
    const { object, first, last } = segment;
    const bytes = await store.fetch(object.key, object.version);
    if (bytes === undefined) return [];
    const hash = toHex(sha256(bytes));
    const at = { tenant: this.tenant, chain, seal, first, last, object: `${object.key} version ${object.version}` };
    if (hash !== object.sha256) report(liveFinding('segment-altered', { ...at, expected: object.sha256, found: hash }));
    const rows = await this.#decode(bytes);
    if (typeof rows !== 'string') return wanted(rows, runs);
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

const nameOf = ({ key, version }: ObjectRef) => `${key} ${version}`;

function contentsOf(bytes: Uint8Array): ObjectRef | undefined {
  try {
    return DIGEST.parse(bytes).contents;
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}

/** The segments that hold some of the positions, and which. What lists say wrongly is for the verifier. */
function segmentsIn({ segments }: SegmentList, from: number, through: number) {
  const within = (runs: readonly Run[]) =>
    runs
      .map(({ first, last }) => ({ first: Math.max(first, from), last: Math.min(last, through - 1) }))
      .filter(({ first, last }) => first <= last);
  return segments
    .map((segment) => ({ segment, runs: within(runsOf(segment)) }))
    .filter(({ runs }) => runs.length > 0)
    .sort((a, b) => a.runs[0]!.first - b.runs[0]!.first);
}

function runsOf({ positions }: SealedSegment): readonly Run[] {
  try {
    return parsePositions(positions);
  } catch (error) {
    if (error instanceof DocumentError) return [];
    throw error;
  }
}

/** Rows and runs rise alike. */
function wanted(rows: readonly SegmentRow[], runs: readonly Run[]): Body[] {
  const bodies: Body[] = [];
  let run = 0;
  for (const { position, bytes } of rows) {
    while (run < runs.length && runs[run]!.last < position) run++;
    if (run < runs.length && runs[run]!.first <= position) bodies.push({ position, bytes });
  }
  return bodies;
}
