// A chain's blocks one after the other, in either direction, and what is wrong between them.
import type { GapReason } from '../../core/gap/gap.ts';
import { MAX_BLOCK_ENTRIES } from '../../core/limits.ts';
import type { Order, StoredBlock } from './port.ts';
import type { Piece } from './tails.ts';
import type { Times } from './times.ts';

/** A block that verifies, with when its entries say that they were recorded. */
export interface BlockStretch {
  readonly kind: 'block';
  readonly position: number;
  readonly count: number;
  readonly times: Times;
}

/** Positions that no block gives as it should. */
export interface LostStretch {
  readonly kind: 'lost';
  readonly first: number;
  readonly last: number;
  readonly reason: GapReason;
  /** Times of what lies before it in the chain, and behind it; undefined where that is not known. Epoch milliseconds. */
  readonly older: number | undefined;
  readonly newer: number | undefined;
}

export interface Walk {
  readonly through: number;
  /** When the block before `through` was committed. */
  readonly recordedAt: number | undefined;
  readonly order: Order;
  /** Blocks that are younger can't have left. */
  readonly hotFrom: number;
}

/** Of what begins in the chain at `through` or later, in the order. */
export async function* stretchesOf(
  pieces: AsyncIterable<Piece>,
  walk: Walk,
): AsyncGenerator<BlockStretch | LostStretch, void, undefined> {
  const steps = walk.order === 'asc' ? new Upwards(walk) : new Downwards(walk);
  for await (const piece of pieces) {
    if (piece.kind === 'broken') yield* steps.broken(piece.stored);
    else yield* steps.whole(piece);
  }
  yield* steps.end();
}

type Sides = Pick<LostStretch, 'older' | 'newer'>;

const lost = (first: number, last: number, reason: GapReason, sides: Sides): LostStretch => ({
  ...{ kind: 'lost', first, last, reason },
  ...sides,
});

/** As many positions as an item claims that can't be read, where no block behind it says where it ends. */
function claimed({ block, position }: StoredBlock): number {
  const count = block?.count ?? 1;
  return position + (Number.isInteger(count) && count > 0 && count <= MAX_BLOCK_ENTRIES ? count : 1) - 1;
}

class Upwards {
  readonly #walk: Walk;
  /** Where the next block has to begin, as far as a block before says it. */
  #next: number;
  /** Of what lies before. */
  #time: number | undefined;
  #broken: StoredBlock | undefined;

  constructor(walk: Walk) {
    this.#walk = walk;
    this.#next = walk.through;
    this.#time = walk.recordedAt;
  }

  *broken(stored: StoredBlock): Generator<BlockStretch | LostStretch> {
    yield* this.#upTo(stored.position, undefined);
    this.#broken = stored;
  }

  *whole(stretch: BlockStretch): Generator<BlockStretch | LostStretch> {
    const { position, count } = stretch;
    const isWithin = position < this.#next && this.#broken === undefined;
    yield* this.#upTo(position, stretch.times.newest);
    // Of two that claim the same positions one was put there; the one that came first is held against the block behind it.
    if (isWithin) return;
    yield stretch;
    this.#next = Math.max(this.#next, position + count);
    this.#time = stretch.times.newest ?? this.#time;
  }

  *end(): Generator<LostStretch> {
    if (this.#broken === undefined) return;
    yield lost(this.#broken.position, claimed(this.#broken), 'altered', { older: this.#time, newer: undefined });
  }

  *#upTo(position: number, time: number | undefined): Generator<LostStretch> {
    const near = { older: this.#time, newer: time };
    const broken = this.#broken;
    this.#broken = undefined;
    if (broken !== undefined) yield lost(broken.position, Math.max(broken.position, position - 1), 'altered', near);
    else if (position > this.#next && isYoung(this.#time, this.#walk))
      yield lost(this.#next, position - 1, 'missing', near);
    else if (position < this.#next) yield lost(position, this.#next - 1, 'unlinked', near);
    this.#next = Math.max(this.#next, position);
  }
}

class Downwards {
  readonly #walk: Walk;
  /** Where what was seen last begins. */
  #above: number | undefined;
  #time: number | undefined;

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  *broken(stored: StoredBlock): Generator<BlockStretch | LostStretch> {
    const last = this.#above === undefined ? claimed(stored) : Math.max(stored.position, this.#above - 1);
    yield lost(stored.position, last, 'altered', { older: undefined, newer: this.#time });
    this.#above = stored.position;
  }

  *whole(stretch: BlockStretch): Generator<BlockStretch | LostStretch> {
    const { position, count } = stretch;
    const time = stretch.times.newest;
    const [end, above] = [position + count, this.#above ?? position + count];
    const near = { older: time, newer: this.#time };
    if (end < above && isYoung(time, this.#walk)) yield lost(end, above - 1, 'missing', near);
    if (end > above) yield lost(above, end - 1, 'unlinked', near);
    yield stretch;
    this.#above = position;
    this.#time = time ?? this.#time;
  }

  *end(): Generator<LostStretch> {
    const { through, recordedAt } = this.#walk;
    const above = this.#above ?? through;
    if (above > through && isYoung(recordedAt, this.#walk)) {
      yield lost(through, above - 1, 'missing', { older: recordedAt, newer: this.#time });
    }
  }
}

/** What lies behind it is younger still, so that nothing of it can have left. */
const isYoung = (time: number | undefined, { hotFrom }: Walk): boolean => time !== undefined && time >= hotFrom;
