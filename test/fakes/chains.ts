// The table of chains in memory.
import type { ChainState, Chains } from '../../services/archive/port.ts';
import type { ChainDirectory } from '../../services/seal/port.ts';
import { type Fault, InjectedFault, type MemoryOptions } from './locked-store.ts';

/** Rows in memory. A fact that a row once held must never be taken back: that fails the test. */
export class MemoryChains implements Chains, ChainDirectory {
  readonly #rows = new Map<string, { state: ChainState; version: number }>();
  readonly #options: Omit<MemoryOptions, 'now'>;
  /** Rows that say what somebody made them say: those may be taken back. */
  readonly #forged = new Set<string>();

  constructor(options: Omit<MemoryOptions, 'now'> = {}) {
    this.#options = options;
  }

  async read(chain: string): Promise<{ state: ChainState; version: number } | undefined> {
    await this.#options.delay?.();
    return this.#rows.get(chain);
  }

  async write(chain: string, state: ChainState, version: number): Promise<boolean> {
    await this.#options.delay?.();
    const fault: Fault = this.#options.fault?.();
    if (fault === 'lost') throw new InjectedFault('nothing was written');
    const written = this.#apply(chain, state, version);
    if (fault === 'persisted') throw new InjectedFault('the answer is lost');
    return written;
  }

  async *list(): AsyncIterable<{ chain: string; through: number }> {
    await this.#options.delay?.();
    for (const [chain, { state }] of this.#rows) yield { chain, through: state.through };
  }

  /** What somebody with write access to the table can do. */
  forge(chain: string, state: Partial<ChainState>): void {
    const row = this.#rows.get(chain) ?? {
      state: { through: 0, ahead: {}, position: 0, count: 0, link: new Uint8Array(32) },
      version: 0,
    };
    this.#rows.set(chain, { state: { ...row.state, ...state }, version: row.version + 1 });
    this.#forged.add(chain);
  }

  lose(chain: string): void {
    this.#rows.delete(chain);
  }

  #apply(chain: string, state: ChainState, version: number): boolean {
    const row = this.#rows.get(chain);
    if ((row?.version ?? 0) !== version) return false;
    const forged = this.#forged.delete(chain);
    if (row !== undefined && !forged && state.through < row.state.through)
      throw new Error(`${chain}: the row went back`);
    if (state.position + state.count !== state.through)
      throw new Error(`${chain}: the newest block does not end there`);
    this.#rows.set(chain, { state, version: version + 1 });
    return true;
  }
}
