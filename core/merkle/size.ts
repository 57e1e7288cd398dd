// Sizes of trees and indexes in them.
import { ProofError } from './error.ts';

/**
 * Sizes and indexes are JavaScript numbers up to 2^53 − 1; formats that could hold more are refused, never rounded.
 * Bit operators stop at 32 bits, so everything here divides and multiplies by powers of two, which is exact.
 */
export const MAX_TREE_SIZE = Number.MAX_SAFE_INTEGER;

export function isTreeSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

export function checkSize(size: number): void {
  if (!isTreeSize(size)) throw new ProofError('size', `got a tree size of ${size}, want 0 to ${MAX_TREE_SIZE}`);
}

export function checkIndex(index: number, size: number): void {
  checkSize(size);
  if (isTreeSize(index) && index < size) return;
  throw new ProofError('index', `got leaf ${index}, want one of the tree's ${size}`);
}

/** The level of the widest perfect tree that has at most `size` leaves; `size` is at least 1. */
export function widestLevel(size: number): number {
  let level = 0;
  while (2 ** (level + 1) <= size) level++;
  return level;
}

/** Where RFC 6962 splits a tree of at least two leaves: the largest power of two smaller than its size. */
export function splitOf(size: number): number {
  const width = 2 ** widestLevel(size);
  return width === size ? width / 2 : width;
}

const DECIMAL = /^(?:0|[1-9][0-9]*)$/;

/** A size or index in the one spelling that C2SP's texts allow; undefined for any other and beyond 2^53 − 1. */
export function parseDecimal(text: string): number | undefined {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return isTreeSize(value) ? value : undefined;
}
