// The store of blocks in memory.
import type { Block } from '../../core/block/block.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import type {
  BlockStore,
  ChainEnd,
  Commit,
  CommitOutcome,
  Remembered,
  RequestRecord,
} from '../../services/append/port.ts';

/** The store was used in a way that no store may allow: fails the test, whatever the code under test does with it. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
}

export interface MemoryBlockStoreOptions {
  readonly hotWindowMs?: number;
  readonly now?: () => number;
}

interface Kept {
  readonly block: Block;
  readonly digest: string;
}

const DAY_MS = 86_400_000;
const MAX_ACTIONS = 100;
const MAX_ITEM_BYTES = 409_600;
const MAX_TRANSACTION_BYTES = 4 * 1_024 * 1_024;

/**
 * The port in memory, with the promises that it makes and the limits of the real one. It remembers every block that was
 * ever written: a position that comes to hold something else, even long after the first has expired, is an error.
 */
export class MemoryBlockStore implements BlockStore {
  readonly hotWindowMs: number;
  /** Each violation, for a test to look at in the end: the code under test may have taken the error for an outage. */
  readonly broken: InvariantBroken[] = [];
  commits = 0;
  reads = 0;
  readonly #now: () => number;
  readonly #chains = new Map<string, Map<number, Kept>>();
  readonly #requests = new Map<string, RequestRecord>();
  readonly #everWritten = new Map<string, Kept>();
  /** What the archive remembers of each chain. */
  readonly #remembered = new Map<string, Remembered>();
  readonly #tokens = new Map<string, string>();

  constructor({ hotWindowMs = 30 * DAY_MS, now = Date.now }: MemoryBlockStoreOptions = {}) {
    this.hotWindowMs = hotWindowMs;
    this.#now = now;
  }

  async end(chain: string): Promise<ChainEnd> {
    await undefined;
    this.reads += 1;
    return { newest: this.blocks(chain).at(-1), remembered: this.#remembered.get(chain) };
  }

  async blockBefore(chain: string, position: number): Promise<Block | undefined> {
    await undefined;
    return this.blocks(chain).findLast((block) => block.position <= position);
  }

  async commit(commit: Commit): Promise<CommitOutcome> {
    await undefined;
    this.commits += 1;
    this.#checkLimits(commit);
    const written = digestOf(commit);
    const repeated = commit.blocks.length + commit.requests.length > 1 && this.#tokens.get(commit.token);
    if (repeated) {
      if (repeated !== written) this.#fail('one token, two commits');
      return { kind: 'committed' };
    }
    const blocks = commit.blocks.flatMap(({ chain, position }) => this.#chains.get(chain)?.get(position)?.block ?? []);
    const now = this.#now();
    const requests = commit.requests.flatMap(({ request }) => {
      const record = this.#requests.get(request);
      return record && now < record.recordedAt + this.hotWindowMs ? [record] : [];
    });
    if (blocks.length + requests.length > 0) return { kind: 'refused', blocks, requests };
    for (const block of commit.blocks) this.#keep(block);
    for (const record of commit.requests) this.#requests.set(record.request, structuredClone(record));
    this.#tokens.set(commit.token, written);
    return { kind: 'committed' };
  }

  /** Every block of the chain, in order; each is what it was when it was written. */
  blocks(chain: string): Block[] {
    const kept = [...(this.#chains.get(chain)?.values() ?? [])].sort((a, b) => a.block.position - b.block.position);
    for (const { block, digest } of kept) {
      if (blockDigest(block) !== digest) this.#fail(`block ${chain}/${block.position} was changed in place`);
    }
    return kept.map(({ block }) => block);
  }

  /** Every block that the chain ever had, in order, expired ones too. */
  history(chain: string): Block[] {
    const kept = [...this.#everWritten.values()].filter(({ block }) => block.chain === chain);
    return kept.map(({ block }) => block).sort((a, b) => a.position - b.position);
  }

  chainNames(): string[] {
    return [...this.#chains.keys()].sort();
  }

  requestNames(): string[] {
    return [...this.#requests.keys()];
  }

  /** As TTL does: removes expired blocks, in no order. What the archive saw of them stays known. */
  expire(which: (block: Block) => boolean = () => true): void {
    for (const [chain, blocks] of this.#chains) {
      for (const { block } of [...blocks.values()]) {
        if (this.#now() < block.recordedAt + this.hotWindowMs || !which(block)) continue;
        const next = block.position + block.count;
        const { position, count, link } = block;
        if (next > (this.#remembered.get(chain)?.through ?? 0)) {
          this.#remembered.set(chain, { position, count, link, through: next });
        }
        blocks.delete(block.position);
      }
    }
  }

  #keep(block: Block): void {
    const key = `${block.chain}/${block.position}`;
    const digest = blockDigest(block);
    const before = this.#everWritten.get(key);
    if (before !== undefined && before.digest !== digest) this.#fail(`${key} held another block before`);
    const kept = { block: structuredClone(block), digest };
    this.#everWritten.set(key, kept);
    const chain = this.#chains.get(block.chain) ?? new Map<number, Kept>();
    chain.set(block.position, kept);
    this.#chains.set(block.chain, chain);
  }

  #checkLimits({ blocks, requests, token }: Commit): void {
    if (token.length < 1 || token.length > 36) this.#fail('a token has 1 to 36 characters');
    if (blocks.length < 1 || blocks.length + requests.length > MAX_ACTIONS) this.#fail('100 actions a transaction');
    if (new Set(requests.map(({ request }) => request)).size < requests.length) this.#fail('one key twice');
    let total = 0;
    for (const block of blocks) {
      const keys = block.requests.reduce((sum, request) => sum + Buffer.byteLength(request) + 1, 0);
      const size = block.payload.length + keys + block.chain.length + 300;
      if (size > MAX_ITEM_BYTES) this.#fail('an item holds 400 KB');
      total += size;
    }
    if (total > MAX_TRANSACTION_BYTES) this.#fail('a transaction holds 4 MB');
  }

  #fail(what: string): never {
    const error = new InvariantBroken(what);
    this.broken.push(error);
    throw error;
  }
}

function blockDigest(block: Block): string {
  const { payload, previousLink, link, ...rest } = block;
  return toHex(sha256(Buffer.from(JSON.stringify(rest)), payload, previousLink, link));
}

function digestOf({ blocks, requests }: Commit): string {
  return JSON.stringify([blocks.map(blockDigest), requests.map(({ digest, ...rest }) => [toHex(digest), rest])]);
}
