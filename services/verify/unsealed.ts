import { DocumentError } from '../../core/documents/error.ts';
import { parsePositions } from '../../core/documents/positions.ts';
import type { SealedSegment } from '../../core/documents/segments.ts';
import { TOMBSTONE, type Tombstone } from '../../core/documents/tombstone.ts';
import { Tombstones } from '../../core/verify/tombstones.ts';
import { tombstoneKey } from '../../names/log.ts';
import type { EvidenceStore } from '../evidence/port.ts';
import { oldestValid } from '../evidence/slots.ts';
import type { TenantDigests } from './digests.ts';
import type { LiveFinding } from './finding.ts';
import type { SealedLists } from './lists.ts';

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
    this.#read ??= this.#readSlots();
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

  async #readSlots(): Promise<Tombstones> {
    const tombstones = new Tombstones();
    for (let slot = await this.#firstUnsealed(); ; slot++) {
      const key = tombstoneKey(this.#digests.tenant, slot);
      const versions = await this.#store.versions(key);
      if (versions.length === 0) return tombstones;
      const read = (bytes: Uint8Array) => this.#parsed(bytes, slot);
      const tombstone = await oldestValid(this.#store, key, versions, TOMBSTONE.maxBytes, read);
      if (tombstone !== undefined) tombstones.add(tombstone);
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

  #parsed(bytes: Uint8Array, slot: number): Tombstone | undefined {
    try {
      const tombstone = TOMBSTONE.parse(bytes);
      return tombstone.tenant === this.#digests.tenant && tombstone.number === slot ? tombstone : undefined;
    } catch (error) {
      if (error instanceof DocumentError) return undefined;
      throw error;
    }
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
