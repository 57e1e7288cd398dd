// Writes one tenant's requests, one group after the other.
import { chainName, genesisLink } from '../../core/chain.ts';
import { ChainSelector } from './chain-selector.ts';
import { retryAfterSeconds } from './clock.ts';
import type { DamagedChains } from './damaged-chains.ts';
import { Deadlines } from './deadline.ts';
import { ChainNotIntact, NoIntactChain } from './errors.ts';
import { formGroup } from './group.ts';
import { checkedHead } from './head.ts';
import type { HeadCache } from './head-cache.ts';
import type { Options } from './options.ts';
import { type Head, StoreUnavailable } from './port.ts';
import type { Pending } from './request.ts';
import { type NextPlace, type Writer, writeGroup } from './write.ts';

/**
 * One tenant's writer in this process: one write in flight at a time, since a block's position follows from the block
 * before; what arrives meanwhile is the next group.
 */
export class TenantWriter implements Writer {
  readonly tenant: string;
  readonly options: Options;
  readonly heads: HeadCache;
  readonly damaged: DamagedChains;
  readonly selector: ChainSelector;
  readonly deadlines: Deadlines;
  readonly #onIdle: () => void;
  #queue: Pending[] = [];
  #running = false;

  constructor(tenant: string, options: Options, heads: HeadCache, damaged: DamagedChains, onIdle: () => void) {
    this.tenant = tenant;
    this.options = options;
    this.heads = heads;
    this.damaged = damaged;
    this.selector = new ChainSelector(options.clock, (chain) => damaged.has(chainName(tenant, chain)));
    this.deadlines = new Deadlines(options.clock);
    this.#onIdle = onIdle;
  }

  enqueue(pending: Pending): void {
    this.#queue.push(pending);
    if (this.#running) return;
    this.#running = true;
    // Requests of the same turn share the first block too.
    queueMicrotask(() => this.#run());
  }

  requeue(members: readonly Pending[]): void {
    this.#queue.unshift(...members);
  }

  async place(waiting: () => readonly Pending[]): Promise<NextPlace | undefined> {
    for (let attempt = 0; ; ) {
      const chain = this.#chain();
      try {
        const { head, since } = await this.heads.find(chain, () => this.#headOf(chain));
        return placeAt(chain, head, since);
      } catch (error) {
        // Chains are few, and this one is not tried again: no reason to wait.
        if (error instanceof ChainNotIntact) this.avoid(error);
        else if (!(error instanceof StoreUnavailable)) throw error;
        else if (!(await this.deadlines.wait(waiting, attempt++, error))) return undefined;
      }
    }
  }

  avoid(error: ChainNotIntact): void {
    this.heads.forget(error.chain);
    if (!this.damaged.has(error.chain)) this.damaged.add(error);
  }

  /** Asks where the next block goes, so that who appends soon need not wait for it. */
  async prepare(): Promise<void> {
    const chain = this.#chain();
    await this.heads.find(chain, () => this.#headOf(chain));
  }

  /** Throws NoIntactChain. */
  #chain(): string {
    const chain = this.selector.chain();
    if (chain !== undefined) return chainName(this.tenant, chain);
    const seconds = retryAfterSeconds(this.options.clock.random);
    throw new NoIntactChain(seconds, new Error('no chain of the tenant has an intact end'));
  }

  async #headOf(chain: string): Promise<Head> {
    const { store, compression, clock } = this.options;
    const head = await checkedHead(chain, { store, compression, now: clock.now });
    return head ?? { next: 0, link: genesisLink(chain) };
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) await this.#writeNext();
    this.#running = false;
    if (this.selector.isHome()) this.#onIdle();
  }

  async #writeNext(): Promise<void> {
    let members: readonly Pending[] = [];
    // Their callers have gone, or are about to; what they sent is certainly not written.
    if (!this.deadlines.dismissLate(this.#queue, 0, new Error('the time was up before the write began'))) {
      this.#queue = [];
      return;
    }
    try {
      const next = await this.place(() => this.#queue);
      this.#queue = this.#queue.filter(({ settled }) => !settled);
      if (next === undefined || this.#queue.length === 0) return;
      // In case forming fails: whoever is first must not stand in the way for ever.
      members = this.#queue.slice(0, 1);
      const group = formGroup(this.#queue, this.options.compression);
      members = group.members;
      this.#queue.splice(0, members.length);
      await writeGroup(this, group, next);
    } catch (error) {
      // Not the store's unavailability, which is waited for: a defect or a denied permission. Tell them as it is.
      const told = members.length > 0 ? members : this.#queue;
      for (const pending of told) if (!pending.settled) pending.fail(error);
      this.#queue = this.#queue.filter(({ settled }) => !settled);
    }
  }
}

function placeAt(chain: string, head: Head, since: number): NextPlace {
  return { place: { chain, position: head.next, previousLink: head.link }, since };
}
