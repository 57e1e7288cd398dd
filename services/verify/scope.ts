// What of a tenant one piece of a verification checks.
import type { ObjectRef } from '../../core/documents/fields.ts';
import { listPlace } from '../../names/log.ts';
import type { Piece } from './documents.ts';

/** Numbers of digests, both included. */
export interface DigestRange {
  readonly first: number;
  readonly last: number;
}

/** Keys greater than `from`, up to and including `to`; undefined: no bound. */
export interface KeyRange {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const EVERY_DIGEST: DigestRange = { first: 0, last: Number.MAX_SAFE_INTEGER };
export const EVERY_KEY: KeyRange = { from: undefined, to: undefined };

/**
 * What of a tenant is checked: all of it, or one piece. Pieces of chains meet at heads that digests sealed, and pieces of
 * listings at keys, so that together they are the whole, each part once.
 */
export class Scope {
  readonly #piece: Piece | undefined;

  constructor(piece: Piece | undefined) {
    this.#piece = piece;
  }

  has(part: Piece['part']): boolean {
    return this.#piece === undefined || this.#piece.part === part;
  }

  /** Whose entries of the chain are checked: those that these digests sealed. */
  chain(chain: number): DigestRange | undefined {
    if (this.#piece === undefined) return EVERY_DIGEST;
    return this.#piece.part === 'chain' && this.#piece.chain === chain ? this.#range : undefined;
  }

  /** Which lists of a digest are read: to be checked, or to find a chain's entries by. */
  lists(digest: number): ((ref: ObjectRef) => boolean) | undefined {
    if (this.#piece === undefined) return () => true;
    const { part, chain } = this.#piece;
    const { first, last } = this.#range;
    if ((part !== 'lists' && part !== 'chain') || digest < first || digest > last) return undefined;
    // Whose list a key does not say is for every chain to look at.
    return part === 'lists' ? () => true : ({ key }) => (listPlace(key)?.chain ?? chain) === chain;
  }

  /** Of the listings. */
  get keys(): KeyRange {
    return this.#piece === undefined ? EVERY_KEY : { from: this.#piece.from, to: this.#piece.to };
  }

  get #range(): DigestRange {
    const { first = EVERY_DIGEST.first, last = EVERY_DIGEST.last } = this.#piece ?? {};
    return { first, last };
  }
}
