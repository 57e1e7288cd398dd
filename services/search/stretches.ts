// A chain's blocks one after the other, in either direction, and what is wrong between them.
import { withStanding } from './standing.ts';
import {
  type Accepted,
  type BlockStretch,
  blockOf,
  type CoveredStretch,
  covered,
  type DoubtfulStretch,
  isDoubtful,
  isYoung,
  type LostStretch,
  lost,
  type Refused,
  refusedItem,
  type Stretch,
  spanOf,
  type Walk,
} from './stretch.ts';
import type { Piece } from './tails.ts';

/** Of what begins in the chain at `through` or later, in the order. No position is in two blocks. */
export async function* stretchesOf(pieces: AsyncIterable<Piece>, walk: Walk): AsyncGenerator<Stretch, void, undefined> {
  const steps = walk.order === 'asc' ? new Upwards(walk) : new Downwards(walk);
  for await (const piece of withStanding(pieces, walk.order)) {
    if (piece.kind === 'broken') yield* steps.refused(refusedItem(piece.stored));
    else if (piece.standing === 'unlinked') yield* steps.refused({ ...spanOf(piece), reason: 'unlinked' });
    else yield* steps.whole(piece);
  }
  yield* steps.end();
}

class Upwards {
  readonly #walk: Walk;
  /** Where the next block has to begin, as far as a block before says it. */
  #next: number;
  /** Of what lies before. */
  #time: number | undefined;
  /** Waits for what is lost behind it. */
  #doubtful: { readonly block: BlockStretch; readonly behind: LostStretch[] } | undefined;
  /** Ends where the next block begins that is believed. */
  #refused: Refused | undefined;

  constructor(walk: Walk) {
    this.#walk = walk;
    this.#next = walk.through;
    this.#time = walk.recordedAt;
  }

  *refused(refused: Refused): Generator<Stretch> {
    const { first, last } = refused;
    if (first < this.#next) yield covered(first, Math.min(last, this.#next - 1));
    if (last < this.#next) return;
    yield* this.#upTo(first, undefined);
    this.#refused = { ...refused, first: Math.max(first, this.#next) };
  }

  *whole(piece: Accepted): Generator<Stretch> {
    const { position, count, times } = piece;
    if (position < this.#next && this.#doubtful !== undefined && piece.standing === 'fits') {
      // Of two that claim the same positions, the one that something vouches for.
      const { block } = this.#doubtful;
      this.#doubtful = undefined;
      this.#refused = { ...spanOf(block), reason: 'unlinked' };
      this.#next = block.position;
    }
    if (position < this.#next) {
      // One of both was put there, and which one is not known here.
      yield* this.refused({ ...spanOf(piece), reason: 'unlinked' });
      return;
    }
    yield* this.#upTo(position, times.newest);
    yield* this.#settle();
    if (isDoubtful(piece, this.#walk)) this.#doubtful = { block: blockOf(piece), behind: [] };
    else yield blockOf(piece);
    this.#next = position + count;
    this.#time = times.newest ?? this.#time;
  }

  *end(): Generator<Stretch> {
    if (this.#refused !== undefined) {
      const { first, last, reason } = this.#refused;
      yield* this.#lost(lost(first, last, reason, { older: this.#time, newer: undefined }));
    }
    yield* this.#settle();
  }

  *#upTo(position: number, time: number | undefined): Generator<Stretch> {
    const near = { older: this.#time, newer: time };
    const refused = this.#refused;
    this.#refused = undefined;
    if (refused !== undefined) {
      if (position > refused.first) yield* this.#lost(lost(refused.first, position - 1, refused.reason, near));
    } else if (position > this.#next && isYoung(this.#time, this.#walk)) {
      yield* this.#lost(lost(this.#next, position - 1, 'missing', near));
    }
    this.#next = Math.max(this.#next, position);
  }

  *#lost(stretch: LostStretch): Generator<Stretch> {
    if (this.#doubtful === undefined) yield stretch;
    else this.#doubtful.behind.push(stretch);
  }

  *#settle(): Generator<Stretch> {
    if (this.#doubtful !== undefined) yield { kind: 'doubtful', ...this.#doubtful };
    this.#doubtful = undefined;
  }
}

class Downwards {
  readonly #walk: Walk;
  /** Where what was dealt with last begins. */
  #above: number | undefined;
  #time: number | undefined;
  /** What was seen last, until it is known that the block before ends there. */
  #waiting: { readonly block: BlockStretch; readonly stretch: BlockStretch | DoubtfulStretch } | undefined;
  /** What came since, the newest first. */
  #refused: Refused[] = [];

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  refused(refused: Refused): Iterable<Stretch> {
    this.#refused.push(refused);
    return [];
  }

  *whole(piece: Accepted): Generator<Stretch> {
    const end = piece.position + piece.count;
    const waiting = this.#waiting;
    if (waiting !== undefined && end > waiting.block.position) {
      // Of two that claim the same positions one was put there. What something vouches for stays, and so does what was told of.
      if (piece.standing !== 'fits' || (this.#above !== undefined && end > this.#above)) {
        this.#refused.push({ ...spanOf(piece), reason: 'unlinked' });
        return;
      }
      this.#waiting = undefined;
      if (waiting.stretch.kind === 'doubtful') yield* waiting.stretch.behind;
      this.#refused.unshift({ ...spanOf(waiting.block), reason: 'unlinked' });
    }
    yield* this.#settle();
    const block = blockOf(piece);
    const between = [...this.#between(end, piece.times.newest)];
    if (isDoubtful(piece, this.#walk)) {
      const behind = between.filter((one) => one.kind === 'lost');
      this.#waiting = { block, stretch: { kind: 'doubtful', block, behind } };
      yield* between.filter((one) => one.kind !== 'lost');
    } else {
      this.#waiting = { block, stretch: block };
      yield* between;
    }
  }

  *end(): Generator<Stretch> {
    yield* this.#settle();
    const { through, recordedAt } = this.#walk;
    yield* this.#between(through, recordedAt);
  }

  *#settle(): Generator<Stretch> {
    if (this.#waiting === undefined) return;
    const { block, stretch } = this.#waiting;
    this.#waiting = undefined;
    yield stretch;
    this.#above = block.position;
    this.#time = block.times.newest ?? this.#time;
  }

  /** From what is believed next, which ends at `end`, up to what was before. */
  *#between(end: number, time: number | undefined): Generator<CoveredStretch | LostStretch> {
    const near = { older: time, newer: this.#time };
    for (const { first, last, reason } of this.#refused) {
      const [from, to] = [Math.max(first, end), this.#above === undefined ? last : this.#above - 1];
      if (from <= to) yield lost(from, to, reason, near);
      if (first < end) yield covered(first, Math.min(last, end - 1));
      this.#above = Math.min(this.#above ?? from, from);
    }
    this.#refused = [];
    if (this.#above === undefined) return;
    if (end > this.#above) yield covered(this.#above, end - 1);
    else if (end < this.#above && isYoung(time, this.#walk)) yield lost(end, this.#above - 1, 'missing', near);
    this.#above = Math.min(this.#above, end);
  }
}
