// A store of blocks whose commits and reads fail as a script says.
import type { Block } from '../../core/block/block.ts';
import {
  type BlockStore,
  type ChainEnd,
  type Commit,
  type CommitOutcome,
  StoreUnavailable,
} from '../../services/append/port.ts';

export const COMMIT_FAULTS = [
  'none',
  /** Refused for load, nothing written. */
  'throttled',
  /** Another transaction is at it, nothing written. */
  'conflict',
  /** Lost on the way there: not written, but the caller can't know. */
  'lost-request',
  /** Written, and the answer lost. */
  'lost-answer',
  /** Written, the answer lost, and a retry below the port was throttled. */
  'lost-answer-then-throttled',
  /** Not written yet: it arrives after some later calls. */
  'late',
] as const;
export type CommitFault = (typeof COMMIT_FAULTS)[number];

/** How many later calls a late write lets pass. */
const LATE_BY = 3;

interface Late {
  readonly commit: Commit;
  calls: number;
}

/** A store whose n-th commit goes wrong as the script says, and whose reads fail as theirs says; then all goes well. */
export class FaultyStore implements BlockStore {
  readonly #inner: BlockStore;
  readonly #commits: CommitFault[];
  readonly #reads: boolean[];
  #late: Late[] = [];

  constructor(inner: BlockStore, commits: readonly CommitFault[], reads: readonly boolean[] = []) {
    this.#inner = inner;
    this.#commits = [...commits];
    this.#reads = [...reads];
  }

  get hotWindowMs(): number {
    return this.#inner.hotWindowMs;
  }

  async end(chain: string): Promise<ChainEnd> {
    await this.#read();
    return this.#inner.end(chain);
  }

  async blockBefore(chain: string, position: number): Promise<Block | undefined> {
    await this.#read();
    return this.#inner.blockBefore(chain, position);
  }

  async commit(commit: Commit): Promise<CommitOutcome> {
    const fault = this.#commits.shift() ?? 'none';
    await this.#passLate(fault === 'late' ? commit : undefined);
    await new Promise((resolve) => setImmediate(resolve));
    const lost = new Error(`injected: ${fault}`);
    switch (fault) {
      case 'none':
        return this.#inner.commit(commit);
      case 'throttled':
      case 'conflict':
        throw new StoreUnavailable(fault, false, lost);
      case 'lost-request':
      case 'late':
        throw new StoreUnavailable('outage', true, lost);
      case 'lost-answer':
        await this.#inner.commit(commit);
        throw new StoreUnavailable('outage', true, lost);
      case 'lost-answer-then-throttled':
        await this.#inner.commit(commit);
        throw new StoreUnavailable('throttled', true, lost);
    }
  }

  /** Whatever is still on its way arrives now. */
  async settle(): Promise<void> {
    const late = this.#late;
    this.#late = [];
    for (const { commit } of late) await this.#inner.commit(commit);
  }

  async #passLate(commit?: Commit): Promise<void> {
    const due = this.#late.filter((late) => late.calls-- <= 0);
    this.#late = this.#late.filter((late) => !due.includes(late));
    if (commit) this.#late.push({ commit, calls: LATE_BY });
    for (const { commit: arriving } of due) await this.#inner.commit(arriving);
  }

  async #read(): Promise<void> {
    await this.#passLate();
    if (this.#reads.shift()) throw new StoreUnavailable('outage', false, new Error('injected: read'));
  }
}
