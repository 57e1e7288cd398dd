// Which subtrees proofs of inclusion and of consistency are made of.
import { ProofError } from './error.ts';
import { checkIndex, checkSize, splitOf, widestLevel } from './size.ts';

/** The leaves from `begin` to before `end`: a subtree of some tree, so `begin` is a multiple of its width rounded up. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

export interface Sibling extends Span {
  readonly side: 'left' | 'right';
}

/** A perfect subtree: the leaves from index × 2^level on, 2^level of them. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/** RFC 6962, section 2.1.1: the audit path's subtrees, from the leaf's sibling up to the root's child. */
export function inclusionPath(index: number, size: number): Sibling[] {
  checkIndex(index, size);
  return descend(size, (begin, end) => end - begin === 1, index).siblings;
}

export interface ConsistencyPath {
  /** The first hash of the proof, absent where the older root itself is a node of the newer tree. */
  readonly seed: Span | undefined;
  readonly siblings: readonly Sibling[];
}

/** RFC 6962, section 2.1.2: what links the tree of `older` leaves to that of `newer`. Nothing follows from no leaf. */
export function consistencyPath(older: number, newer: number): ConsistencyPath {
  checkSize(newer);
  checkSize(older);
  if (older > newer) throw new ProofError('size', `got ${older} leaves as the older tree of one of ${newer}`);
  if (older === 0) throw new ProofError('size', 'the empty tree is consistent with every other, which proves nothing');
  const { place, siblings } = descend(newer, (_, end) => end === older, older - 1);
  return { seed: place.begin === 0 ? undefined : place, siblings };
}

/** Walks from the root towards `leaf` until a subtree `isFound`; what is left behind on the way, nearest first. */
function descend(size: number, isFound: (begin: number, end: number) => boolean, leaf: number) {
  const siblings: Sibling[] = [];
  let begin = 0;
  let end = size;
  while (!isFound(begin, end)) {
    const split = begin + splitOf(end - begin);
    if (leaf < split) {
      siblings.push({ side: 'right', begin: split, end });
      end = split;
    } else {
      siblings.push({ side: 'left', begin, end: split });
      begin = split;
    }
  }
  return { place: { begin, end }, siblings: siblings.reverse() };
}

/** The perfect subtrees that a span is made of, widest first; foldRight over their hashes is the span's. */
export function nodesOf({ begin, end }: Span): NodeId[] {
  const nodes: NodeId[] = [];
  for (let at = begin; at < end; ) {
    const level = widestLevel(end - at);
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}
