// Extends the link and the tree of a chain by leaf hashes.
import { chainName, extendLink, genesisLink } from '../chain.ts';
import { equalBytes, fromHex, HASH_BYTES, toHex } from '../crypto.ts';
import type { ChainHead } from '../documents/digest.ts';
import { CompactRange } from '../merkle/compact.ts';
import { subtreeRoot } from '../merkle/subtree.ts';
import { TILE_HEIGHT, TILE_WIDTH } from '../tiles/shape.ts';

/** Where the hashes of a chain stand: all that going on takes. */
export interface ChainState {
  readonly size: number;
  readonly link: string;
  /** Of the tree's compact range; undefined where nothing trustworthy says them, and then only links are checked. */
  readonly range: readonly string[] | undefined;
}

/** A node of a tile level above the leaves, as it follows from them. */
export type OnNode = (tileLevel: number, index: number, hash: Uint8Array) => void;

/** Link and tree of a chain, extended by leaf hashes. */
export class ChainHasher {
  #size: number;
  readonly #link: Uint8Array;
  readonly #range: CompactRange | undefined;
  readonly #onNode: OnNode | undefined;

  constructor({ size, link, range }: ChainState, onNode?: OnNode) {
    this.#size = size;
    this.#link = fromHex(link);
    this.#range = range && new CompactRange(size, range.map(fromHex));
    this.#onNode = onNode;
  }

  get size(): number {
    return this.#size;
  }

  get state(): ChainState {
    const range = this.#range?.hashes.map(toHex);
    return { size: this.#size, link: toHex(this.#link), range };
  }

  /** Any number of leaf hashes, one after the other. */
  append(hashes: Uint8Array): void {
    extendLink(this.#link, hashes);
    if (this.#range === undefined) this.#size += hashes.length / HASH_BYTES;
    else this.#extendTree(this.#range, hashes);
  }

  #extendTree(range: CompactRange, hashes: Uint8Array): void {
    const count = hashes.length / HASH_BYTES;
    const visit = (level: number, index: number, hash: Uint8Array) => {
      if (level > 0 && level % TILE_HEIGHT === 0) this.#onNode?.(level / TILE_HEIGHT, index, hash);
    };
    for (let done = 0; done < count; ) {
      const whole = range.size % TILE_WIDTH === 0 && count - done >= TILE_WIDTH;
      const taken = whole ? TILE_WIDTH : 1;
      const part = hashes.subarray(done * HASH_BYTES, (done + taken) * HASH_BYTES);
      if (whole) range.appendNode(TILE_HEIGHT, subtreeRoot(part), visit);
      else range.append(part.slice(), visit);
      done += taken;
    }
    this.#size = range.size;
  }

  /** Undefined where the tree could not be followed. */
  hasRoot(root: string): boolean | undefined {
    return this.#range && equalBytes(this.#range.root(), fromHex(root));
  }

  hasLink(link: string): boolean {
    return equalBytes(this.#link, fromHex(link));
  }
}

/** Of a chain without entries. */
export function emptyHead(tenant: string, chain: number): Omit<ChainHead, 'root'> {
  return { chain, size: 0, link: toHex(genesisLink(chainName(tenant, chain))) };
}
