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
/** Entries whose times are kept, of all chains together: 24 bytes each at most. */
const MOST_ENTRIES = 500_000;
/** Blocks between two looks at how much is kept. */
const ROOM_EVERY = 32;

/** Blocks that follow each other up to a head: whole, each continuing the one before. */
class Run {
  /** Oldest first; never empty. */
  blocks: TailBlock[];
  readonly begunAt: number;
  readAt: number;
  entries: number;
  #reading: Promise<boolean> | undefined;
  #next: Promise<boolean> | undefined;

  constructor(head: TailBlock, now: number) {
    this.blocks = [head];
    this.begunAt = now;
    this.readAt = now;
    this.entries = head.count;
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
    this.blocks.push(block);
    this.entries += block.count;
    return true;
  }

  prepend(block: TailBlock): boolean {
    if (endOf(block) !== this.first || !equalBytes(this.blocks[0]!.previousLink, block.link)) return false;
    this.blocks.unshift(block);
    this.entries += block.count;
    return true;
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
    const growing = new Growing(run, (begun) => this.#begin(chain, begun));
    let read = 0;
    for await (const piece of piecesOf(this.#fetcher, blocks, query, first)) {
      if (read++ % ROOM_EVERY === 0 && !this.#hasRoom(chain)) growing.stop();
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
    blocks.endsAt(chain, run.end);
    return true;
  }

  /** Runs that were not asked for longest make room. */
  #hasRoom(chain: string): boolean {
    let entries = 0;
    for (const run of this.#runs.values()) entries += run.entries;
    for (const [oldest, run] of this.#runs) {
      if (entries < MOST_ENTRIES || oldest === chain) break;
      this.#runs.delete(oldest);
      entries -= run.entries;
    }
    return entries < MOST_ENTRIES;
  }
}

/** Lets a run grow downwards, or begins it, as long as what comes is whole and leads up to it. */
class Growing {
  #run: Run | undefined;
  #isOver = false;
  readonly #begin: (run: Run) => void;

  constructor(run: Run | undefined, begin: (run: Run) => void) {
    this.#run = run;
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
    } else if (!this.#run.prepend(piece)) this.stop();
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
      if (isHead) blocks.endsAt(chain, position + count);
      yield { kind: 'block', position, count, previousLink, link, times: checked.times };
    }
    isHead = false;
  }
  if (isHead) blocks.endsAt(chain, through);
}

const pieceOf = (block: TailBlock): Piece => ({ kind: 'block', ...block });

const endOf = ({ position, count }: Pick<TailBlock, 'position' | 'count'>): number => position + count;
