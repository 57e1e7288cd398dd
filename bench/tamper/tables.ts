// The ledger's tables in memory, open to whoever tampers.
import type { Block } from '../../core/block/block.ts';
import { DAY_MS } from '../../names/time.ts';
import type { BlockStore, ChainEnd, Commit, CommitOutcome, RequestRecord } from '../../services/append/port.ts';
import type { ChainState, Chains } from '../../services/archive/port.ts';
import type { ChainDirectory } from '../../services/seal/port.ts';
import type { LedgerChange } from '../../services/stream/change.ts';

const HOT_WINDOW_MS = 2 * DAY_MS;

interface Row {
  readonly state: ChainState;
  readonly version: number;
}

/** The table Chains, and whoever may write it. */
export class ChainTable implements Chains, ChainDirectory {
  readonly rows: Map<string, Row>;

  constructor(rows: ReadonlyMap<string, Row> = new Map()) {
    this.rows = new Map(rows);
  }

  async read(chain: string): Promise<Row | undefined> {
    return this.rows.get(chain);
  }

  async write(chain: string, state: ChainState, version: number): Promise<boolean> {
    if ((this.rows.get(chain)?.version ?? 0) !== version) return false;
    this.rows.set(chain, { state, version: version + 1 });
    return true;
  }

  async *list(): AsyncIterable<{ chain: string; through: number }> {
    for (const [chain, { state }] of this.rows) yield { chain, through: state.through };
  }

  copy(): ChainTable {
    return new ChainTable(this.rows);
  }
}

/** The tables Ledger and Requests with the ledger's stream: written by the service's rules, and by whoever breaks them. */
export class LedgerTables implements BlockStore {
  readonly hotWindowMs = HOT_WINDOW_MS;
  readonly chains: ChainTable;
  readonly #blocks = new Map<string, Map<number, Block>>();
  readonly requests = new Map<string, RequestRecord>();
  #undelivered: LedgerChange[] = [];
  #serial = 0;
  readonly #now: () => Date;

  constructor(chains: ChainTable, now: () => Date) {
    this.chains = chains;
    this.#now = now;
  }

  copy(chains: ChainTable, now: () => Date): LedgerTables {
    const copy = new LedgerTables(chains, now);
    for (const [chain, blocks] of this.#blocks) copy.#blocks.set(chain, new Map(blocks));
    for (const [request, record] of this.requests) copy.requests.set(request, record);
    copy.#undelivered = [...this.#undelivered];
    copy.#serial = this.#serial;
    return copy;
  }

  /** Where the chain ends by whichever of block and row lies further. */
  head(chain: string): { readonly next: number; readonly link: Uint8Array } | undefined {
    const both = [this.blocks(chain).at(-1), this.chains.rows.get(chain)?.state];
    const heads = both.flatMap((one) => (one ? [{ next: one.position + one.count, link: one.link }] : []));
    return heads.sort((a, b) => b.next - a.next)[0];
  }

  async end(chain: string): Promise<ChainEnd> {
    return { newest: this.blocks(chain).at(-1), remembered: this.chains.rows.get(chain)?.state };
  }

  async blockBefore(chain: string, position: number): Promise<Block | undefined> {
    return this.blocks(chain).findLast((block) => block.position <= position);
  }

  async commit({ blocks, requests }: Commit): Promise<CommitOutcome> {
    const taken = blocks.flatMap(({ chain, position }) => this.#blocks.get(chain)?.get(position) ?? []);
    const settled = requests.flatMap(({ request }) => this.requests.get(request) ?? []);
    if (taken.length + settled.length > 0) return { kind: 'refused', blocks: taken, requests: settled };
    for (const block of blocks) this.put(block);
    for (const record of requests) this.requests.set(record.request, record);
    return { kind: 'committed' };
  }

  /** In order of position. */
  blocks(chain: string): Block[] {
    return [...(this.#blocks.get(chain)?.values() ?? [])].sort((a, b) => a.position - b.position);
  }

  get chainNames(): string[] {
    return [...this.#blocks.keys()];
  }

  /** By the rules where the position is free; otherwise over what is there, and the stream tells. */
  put(block: Block): void {
    const blocks = this.#blocks.get(block.chain) ?? new Map<number, Block>();
    this.#blocks.set(block.chain, blocks);
    const kind = blocks.has(block.position) ? 'modify' : 'insert';
    blocks.set(block.position, block);
    this.#tell(kind, block);
  }

  remove(chain: string, position: number): void {
    this.#drop('remove', chain, position);
  }

  /** What TTL does, to blocks that were written before the hot window. */
  expire(chain: string, position: number): void {
    this.#drop('expire', chain, position);
  }

  /** What a restore from an earlier copy leaves of a chain, under the same name: the stream tells nothing of it. */
  rollBack(chain: string, position: number): void {
    for (const block of this.blocks(chain)) {
      if (block.position >= position) this.#blocks.get(chain)!.delete(block.position);
    }
  }

  get hotSince(): number {
    return this.#now().getTime() - HOT_WINDOW_MS;
  }

  /** What the stream has not told the archive yet. */
  takeChanges(): LedgerChange[] {
    const changes = this.#undelivered;
    this.#undelivered = [];
    return changes;
  }

  #drop(kind: 'remove' | 'expire', chain: string, position: number): void {
    const block = this.#blocks.get(chain)?.get(position);
    if (block === undefined) throw new Error(`got no block ${chain}/${position} to ${kind}`);
    this.#blocks.get(chain)!.delete(position);
    this.#tell(kind, block);
  }

  #tell(kind: LedgerChange['kind'], block: Block): void {
    const serial = this.#serial++;
    this.#undelivered.push({
      ...{ kind, chain: block.chain, block: kind === 'insert' ? block : undefined, at: this.#now() },
      ...{ sequenceNumber: String(serial).padStart(21, '0'), eventId: `event-${serial}` },
      record: { eventID: `event-${serial}`, eventName: kind, position: block.position, count: block.count },
    });
  }
}
