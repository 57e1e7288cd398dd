// The blocks of a chain's tail, as a process has read them: each once, however many requests want them.
import type { Block } from '../../core/block/block.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { Blocks } from './blocks.ts';
import type { BlockFetcher, Order, StoredBlock } from './port.ts';
import type { Times } from './times.ts';

/** A block that verifies, or an item that is none. */
export type Piece =
  | ({ readonly kind: 'block' } & TailBlock)
  | { readonly kind: 'broken'; readonly stored: StoredBlock };

interface TailBlock extends Pick<Block, 'position' | 'count' | 'previousLink' | 'link'> {
  readonly times: Times;
}

export interface TailQuery {
  /** The chain's name. */
  readonly chain: string;
  readonly through: number;
  readonly order: Order;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** How long a process goes by what it has read of a chain, before it reads the tail anew. */
const MOST_AGE_MS = 60_000;
/** Reading on is dearer than reading anew where so much time has passed, or so much was written. */
const STALE_MS = 30_000;
const MOST_READ_ON = 100_000;
/** Kept of all chains together, as far as it is counted: the blocks' objects and hashes, and the times of their entries. */
const MOST_BYTES = 64_000_000;
const BLOCK_BYTES = 600;
const ENTRY_BYTES = 24;
/** Blocks between two looks at how much is kept. */
const ROOM_EVERY = 32;

/** Blocks that follow each other up to a head: whole, each continuing the one before. */
class Run {
  /** Oldest first; never empty. */
  blocks: TailBlock[];
  readonly begunAt: number;
  readAt: number;
  entries = 0;
  #reading: Promise<boolean> | undefined;
  #next: Promise<boolean> | undefined;

  constructor(head: TailBlock, now: number) {
    this.blocks = [this.#own(head)];
    this.begunAt = now;
    this.readAt = now;
  }

  /** About what it takes of memory. */
  get bytes(): number {
    return this.blocks.length * BLOCK_BYTES + this.entries * ENTRY_BYTES;
  }

  get first(): number {
    return this.blocks[0]!.position;
  }

  get end(): number {
    return endOf(this.blocks.at(-1)!);
  }

  /** False: it does not continue the run, which is as it was. */
  append(block: TailBlock): boolean {
    if (block.position !== this.end || !equalBytes(block.previousLink, this.blocks.at(-1)!.link)) return false;
    this.blocks.push(this.#own(block));
    return true;
  }

  prepend(block: TailBlock): boolean {
    if (endOf(block) !== this.first || !equalBytes(this.blocks[0]!.previousLink, block.link)) return false;
    this.blocks.unshift(this.#own(block));
    return true;
  }

  /** Hashes as they were read are views of memory that holds the whole answer, which must not stay with them. */
  #own(block: TailBlock): TailBlock {
    this.entries += block.count;
    return { ...block, previousLink: new Uint8Array(block.previousLink), link: new Uint8Array(block.link) };
  }

  /** Whoever asks while others read gets what is read after it has asked, together with all who did. */
  once(read: () => Promise<boolean>): Promise<boolean> {
    if (this.#reading === undefined) {
      this.#reading = read().finally(() => {
        this.#reading = undefined;
      });
      return this.#reading;
    }
    this.#next ??= this.#reading
      .catch(() => false)
      .then(() => {
        this.#next = undefined;
        return this.once(read);
      });
    return this.#next;
  }
}

/**
 * What the index has not reached, shared by the searches of a process. Blocks are never changed, so that whoever comes next
 * reads on from the head that was seen before. Only where blocks lie, and when their entries were recorded, is kept; an entry
 * that is shown is read and verified by the request that shows it. What is not whole, or does not continue what is before it,
 * is never kept: every request comes to it anew.
 */
export class Tails {
  readonly #runs = new Map<string, Run>();
  readonly #fetcher: BlockFetcher;

  constructor(fetcher: BlockFetcher) {
    this.#fetcher = fetcher;
  }

  /** What begins in the chain at `through` or later, in the order, as it is now. Throws StoreUnavailable. */
  async *pieces(blocks: Blocks, query: TailQuery): AsyncGenerator<Piece, void, undefined> {
    const { chain, through, order } = query;
    const run = await this.#current(blocks, query);
    const kept = run?.blocks.slice() ?? [];
    const first = kept[0]?.position;
    if (order === 'asc') {
      if (first === through) yield* kept.map(pieceOf);
      else yield* piecesOf(this.#fetcher, blocks, query);
      return;
    }
    yield* kept.reverse().map(pieceOf);
    if (first !== undefined && first <= through) return;
    const isKept = (one: Run) => this.#runs.get(chain) === one;
    const growing = new Growing(run, isKept, (begun) => this.#begin(chain, begun));
    let read = 0;
    for await (const piece of piecesOf(this.#fetcher, blocks, query, first)) {
      if (read++ % ROOM_EVERY === 0 && !this.#hasRoom(chain, query.now)) growing.stop();
      growing.take(piece, query.now);
      yield piece;
    }
  }

  #begin(chain: string, run: Run): void {
    this.#runs.delete(chain);
    this.#runs.set(chain, run);
  }

  /** The chain's run up to its head; undefined where there is none to go by. */
  async #current(blocks: Blocks, { chain, through, now }: TailQuery): Promise<Run | undefined> {
    const run = this.#runs.get(chain);
    if (run === undefined) return undefined;
    const isOld = now - run.begunAt > MOST_AGE_MS || now - run.readAt > STALE_MS || now < run.begunAt;
    const isCurrent = !isOld && through < run.end && (await run.once(() => this.#readOn(run, blocks, chain, now)));
    if (isCurrent) {
      const kept = run.blocks.findIndex(({ position }) => position >= through);
      if (kept >= 0) {
        for (const dropped of run.blocks.splice(0, kept)) run.entries -= dropped.count;
        this.#begin(chain, run);
        return run;
      }
    }
    if (this.#runs.get(chain) === run) this.#runs.delete(chain);
    return undefined;
  }

  /** False where something does not continue the run, or there is too much of it. */
  async #readOn(run: Run, blocks: Blocks, chain: string, now: number): Promise<boolean> {
    const most = run.entries + MOST_READ_ON;
    run.readAt = now;
    const query = { chain, through: run.end, order: 'asc', now } as const;
    for await (const piece of piecesOf(this.#fetcher, blocks, query)) {
      if (piece.kind === 'broken' || !run.append(piece) || run.entries > most) return false;
    }
    blocks.endsAt(chain, run.blocks.at(-1)!);
    return true;
  }

  /** Runs that are too old to go by make room, and then those that were not asked for longest. */
  #hasRoom(chain: string, now: number): boolean {
    let bytes = 0;
    for (const [name, run] of this.#runs) {
      if (name !== chain && now - run.begunAt > MOST_AGE_MS) this.#runs.delete(name);
      else bytes += run.bytes;
    }
    for (const [oldest, run] of this.#runs) {
      if (bytes < MOST_BYTES || oldest === chain) break;
      this.#runs.delete(oldest);
      bytes -= run.bytes;
    }
    return bytes < MOST_BYTES;
  }
}

/** Lets a run grow downwards, or begins it, as long as what comes is whole and leads up to it, and the run is kept. */
class Growing {
  #run: Run | undefined;
  #isOver = false;
  readonly #isKept: (run: Run) => boolean;
  readonly #begin: (run: Run) => void;

  constructor(run: Run | undefined, isKept: (run: Run) => boolean, begin: (run: Run) => void) {
    this.#run = run;
    this.#isKept = isKept;
    this.#begin = begin;
  }

  stop(): void {
    this.#isOver = true;
  }

  take(piece: Piece, now: number): void {
    if (this.#isOver) return;
    if (piece.kind === 'broken') this.stop();
    else if (this.#run === undefined) {
      this.#run = new Run(piece, now);
      this.#begin(this.#run);
    } else if (!this.#isKept(this.#run) || !this.#run.prepend(piece)) this.stop();
  }
}

/** Read from the ledger, and nothing kept. */
export async function* piecesOf(
  fetcher: BlockFetcher,
  blocks: Blocks,
  { chain, through, order }: TailQuery,
  below?: number,
): AsyncGenerator<Piece, void, undefined> {
  let isHead = order === 'desc' && below === undefined;
  for await (const stored of fetcher.from(chain, through, order, below)) {
    const state = blocks.stateOf(stored);
    if (state.kind === 'lost') yield { kind: 'broken', stored };
    else {
      const { position, count, previousLink, link, checked } = state;
      if (isHead) blocks.endsAt(chain, state);
      yield { kind: 'block', position, count, previousLink, link, times: checked.times };
    }
    isHead = false;
  }
}

const pieceOf = (block: TailBlock): Piece => ({ kind: 'block', ...block });

const endOf = ({ position, count }: Pick<TailBlock, 'position' | 'count'>): number => position + count;
