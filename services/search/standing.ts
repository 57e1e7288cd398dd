// What the blocks behind say of each block of a chain, as they come one after the other, in either direction.
import { equalBytes } from '../../core/crypto.ts';
import { MAX_BLOCK_ENTRIES } from '../../core/limits.ts';
import type { Order } from './port.ts';
import type { Piece } from './tails.ts';

/**
 * - `fits`: a block begins at its end and continues it; or one does that does not verify, which says nothing; or nothing is
 *   behind, so that it is the last.
 * - `unlinked`: a block begins at its end and continues another; or none does, and one begins inside of it.
 * - `unvouched`: the block at its end is itself unlinked, so that nothing follows from what it continues.
 * - `beforeHole`: what is next begins further behind. Nothing vouches for it: who makes up a block makes up where it ends.
 */
export type Standing = 'fits' | 'unlinked' | 'unvouched' | 'beforeHole';

type Whole = Extract<Piece, { readonly kind: 'block' }>;

export type StandingPiece = (Whole & { readonly standing: Standing }) | Exclude<Piece, Whole>;

/** Each piece, in the order in which they come, with its standing. */
export async function* withStanding(
  pieces: AsyncIterable<Piece>,
  order: Order,
): AsyncGenerator<StandingPiece, void, undefined> {
  if (order === 'desc') yield* fromBehind(pieces);
  else yield* fromBefore(pieces);
}

/** Two blocks long: as far as is looked behind a block. */
const MOST_BEHIND = 2 * MAX_BLOCK_ENTRIES + 1;

/** What is behind is known when a piece comes. */
async function* fromBehind(pieces: AsyncIterable<Piece>): AsyncGenerator<StandingPiece, void, undefined> {
  /** The newest first. */
  let behind: Piece[] = [];
  for await (const piece of pieces) {
    behind.push(piece);
    if (behind.length > 2 * MOST_BEHIND) behind = behind.slice(-MOST_BEHIND);
    yield judged(piece, (position) => behind.findLast((one) => positionOf(one) >= position));
  }
}

/** A piece waits until it is known what continues it, and what continues that. */
async function* fromBefore(pieces: AsyncIterable<Piece>): AsyncGenerator<StandingPiece, void, undefined> {
  const waiting: Piece[] = [];
  const from = (position: number) => waiting.find((one) => positionOf(one) >= position);
  for await (const piece of pieces) {
    waiting.push(piece);
    for (let first = waiting[0]!; isKnown(first, from, positionOf(piece)); first = waiting[0]!) {
      yield judged(first, from);
      waiting.shift();
    }
  }
  for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
    yield judged(first, from);
    waiting.shift();
  }
}

/** The first piece that begins at a position or behind it, of those that are known. */
type From = (position: number) => Piece | undefined;

function isKnown(piece: Piece, from: From, seen: number): boolean {
  if (piece.kind === 'broken') return positionOf(piece) < seen;
  const next = endOf(piece) > seen ? undefined : from(endOf(piece));
  return next !== undefined && (next.kind === 'broken' || positionOf(next) > endOf(piece) || endOf(next) <= seen);
}

function judged(piece: Piece, from: From): StandingPiece {
  if (piece.kind === 'broken') return piece;
  const next = from(endOf(piece));
  const isNextUnlinked =
    next?.kind === 'block' && positionOf(next) === endOf(piece) && standingOf(next, from) === 'unlinked';
  return { ...piece, standing: isNextUnlinked ? 'unvouched' : standingOf(piece, from) };
}

function standingOf(piece: Whole, from: From): Exclude<Standing, 'unvouched'> {
  const end = endOf(piece);
  const next = from(end);
  if (next !== undefined && positionOf(next) === end && next.kind === 'block') {
    return equalBytes(next.previousLink, piece.link) ? 'fits' : 'unlinked';
  }
  const first = from(piece.position + 1);
  if (first !== undefined && positionOf(first) < end) return 'unlinked';
  return next === undefined || positionOf(next) === end ? 'fits' : 'beforeHole';
}

const positionOf = (piece: Piece): number => (piece.kind === 'broken' ? piece.stored.position : piece.position);
const endOf = ({ position, count }: Whole): number => position + count;
