// Tombstones that no seal has yet, and what they excuse.
import type { DocumentCodec } from '../../core/documents/codec.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { HOLD } from '../../core/documents/hold.ts';
import { parsePositions } from '../../core/documents/positions.ts';
import type { SealedSegment } from '../../core/documents/segments.ts';
import { TOMBSTONE } from '../../core/documents/tombstone.ts';
import { Tombstones } from '../../core/verify/tombstones.ts';
import { holdKey, tombstoneKey } from '../../names/log.ts';
import type { EvidenceStore } from '../object-lock/port.ts';
import { oldestValid } from '../object-lock/slots.ts';
import type { TenantDigests } from './digests.ts';
import type { LiveFinding } from './finding.ts';
import type { SealedLists } from './lists.ts';
import { parsedSlot, type Slotted } from './slots.ts';

/**
 * Tombstones that no seal has yet: what expired since the newest one. They excuse what is missing for as long as it takes
 * to seal them, and only where the evidence lives; an export is made of what is sealed.
 */
export class UnsealedTombstones {
  readonly #store: EvidenceStore;
  readonly #digests: TenantDigests;
  readonly #lists: SealedLists;
  #read: Promise<Tombstones> | undefined;

  constructor(store: EvidenceStore, digests: TenantDigests, lists: SealedLists) {
    this.#store = store;
    this.#digests = digests;
    this.#lists = lists;
  }

  /** The positions of a finding that they excuse, and what is left of it. */
  async excuse(found: LiveFinding): Promise<{ readonly excused: number; readonly left: readonly LiveFinding[] }> {
    const { chain, first, last } = found;
    this.#read ??= this.#readAll();
    const tombstones = await this.#read;
    if (tombstones.size === 0 || chain === undefined || first === undefined || last === undefined) {
      return { excused: 0, left: [found] };
    }
    const left: { first: number; last: number }[] = [];
    let next = first;
    for (const run of await this.#excusedRuns(tombstones, chain, first, last)) {
      if (run.first > next) left.push({ first: next, last: run.first - 1 });
      next = run.last + 1;
    }
    if (next <= last) left.push({ first: next, last });
    const unexcused = left.reduce((sum, run) => sum + run.last - run.first + 1, 0);
    return { excused: last - first + 1 - unexcused, left: left.map((run) => ({ ...found, ...run })) };
  }

  async #excusedRuns(tombstones: Tombstones, chain: number, first: number, last: number) {
    const runs: { first: number; last: number }[] = [];
    for (let position = first; position <= last; ) {
      const digest = await this.#lists.sealing(chain, position);
      const list = await this.#lists.at(chain, position);
      if (digest === undefined || list === undefined) break;
      const excused = list.segments.filter((segment) => tombstones.excuses(segment, digest));
      runs.push(...excused.flatMap(positionsOf));
      position = list.through;
    }
    return runs
      .map((run) => ({ first: Math.max(run.first, first), last: Math.min(run.last, last) }))
      .filter((run) => run.first <= run.last)
      .sort((a, b) => a.first - b.first);
  }

  /** With every hold, since one that was in force keeps a tombstone from excusing anything. */
  async #readAll(): Promise<Tombstones> {
    const { tenant } = this.#digests;
    const tombstones = new Tombstones();
    const from = await this.#firstUnsealed();
    for await (const one of this.#slots(TOMBSTONE, (slot) => tombstoneKey(tenant, slot), from))
      tombstones.add(one, one.at);
    if (tombstones.size === 0) return tombstones;
    for await (const event of this.#slots(HOLD, (slot) => holdKey(tenant, slot), 0)) tombstones.addHold(event);
    return tombstones;
  }

  /** What slots hold, up to the first that is free. */
  async *#slots<Document extends Slotted>(
    codec: DocumentCodec<Document>,
    keyOf: (slot: number) => string,
    from: number,
  ): AsyncGenerator<Document, void, undefined> {
    const { tenant } = this.#digests;
    for (let slot = from; ; slot++) {
      const versions = await this.#store.versions(keyOf(slot));
      if (versions.length === 0) return;
      const read = (bytes: Uint8Array, putAt: Date) => parsedSlot(codec, bytes, tenant, slot, putAt);
      const found = await oldestValid(this.#store, keyOf(slot), versions, codec.maxBytes, read);
      if (found !== undefined) yield found;
    }
  }

  /** The newest contents say it; a digest of a period that brought nothing has none. */
  async #firstUnsealed(): Promise<number> {
    const { newest } = this.#lists;
    for (let seal = newest.seal; seal >= newest.seal - newest.number; seal--) {
      const digest = await this.#digests.at(seal);
      const contents = digest && (await this.#lists.contents(digest));
      if (contents !== undefined) return contents.nextTombstone;
    }
    return 0;
  }
}

/** What the list says wrongly was reported by the verifier. */
function positionsOf({ positions }: SealedSegment) {
  try {
    return parsePositions(positions);
  } catch (error) {
    if (error instanceof DocumentError) return [];
    throw error;
  }
}
