// Verifies the hashes of what one digest sealed of a chain.
import { equalBytes, HASH_BYTES, toHex } from '../crypto.ts';
import type { ChainHead } from '../documents/digest.ts';
import { tilePath } from '../tiles/path.ts';
import { TILE_WIDTH, tileOf } from '../tiles/shape.ts';
import type { ChainTiles } from './chain-tiles.ts';
import type { SealWindow } from './entry-rules.ts';
import { type FindingCode, finding, type OnFinding } from './finding.ts';
import { ChainHasher, type ChainState } from './hasher.ts';

/** What one digest sealed of one chain: the positions from `from` to before `head.size`. */
export interface SealedRange {
  readonly tenant: string;
  readonly chain: number;
  readonly seal: number;
  /** Number of the digest. */
  readonly digest: number;
  readonly from: number;
  /** Link of the position before `from`. */
  readonly link: string;
  readonly head: ChainHead;
  /** When what it adds can have been recorded. */
  readonly window: SealWindow;
}

export interface SealedRangeProof {
  /** The leaf hashes that the tiles say are those that were sealed. */
  readonly proven: boolean;
  /** Where the next sealed range goes on. */
  readonly next: ChainState;
}

/**
 * Whether a chain's tiles are those that a digest sealed: its link and its root follow from their leaf hashes. Can be
 * left after any step and resumed from `state`.
 */
export class SealedRangeCheck {
  readonly #sealedRange: SealedRange;
  readonly #tiles: ChainTiles;
  readonly #report: OnFinding;
  readonly #hasher: ChainHasher;
  #nodes: { level: number; index: number; hash: Uint8Array }[] = [];
  /** Beyond the hasher's size once a tile was not there. */
  #at: number;
  #absent: { first: number; last: number } | undefined;
  #whole = true;
  #missingTile = '';

  constructor(sealedRange: SealedRange, tiles: ChainTiles, state: ChainState, report: OnFinding) {
    this.#sealedRange = sealedRange;
    this.#tiles = tiles;
    this.#report = report;
    this.#at = state.size;
    this.#hasher = new ChainHasher(state, (level, index, hash) => void this.#nodes.push({ level, index, hash }));
  }

  get done(): boolean {
    return this.#at >= this.#sealedRange.head.size;
  }

  get state(): ChainState {
    return this.#hasher.state;
  }

  /** One tile, or what the sealed range has of it. */
  async step(): Promise<void> {
    const { head } = this.#sealedRange;
    const end = Math.min(head.size, (Math.floor(this.#at / TILE_WIDTH) + 1) * TILE_WIDTH);
    const leaves = await this.#tiles.leaves(this.#at, end);
    if (leaves?.length === (end - this.#at) * HASH_BYTES) this.#extend(leaves);
    else this.#miss(end);
    this.#at = end;
    await this.#checkNodes();
  }

  #extend(leaves: Uint8Array): void {
    this.#flushAbsent();
    if (this.#whole) this.#hasher.append(leaves);
  }

  #miss(end: number): void {
    this.#whole = false;
    this.#absent = { first: this.#absent?.first ?? this.#at, last: end - 1 };
  }

  #flushAbsent(): void {
    if (this.#absent === undefined) return;
    this.#add('skeleton-missing', this.#absent, 'tiles with the leaf hashes', 'none, or no tiles');
    this.#absent = undefined;
  }

  /** Inner nodes decide nothing here, but every proof is made of them. */
  async #checkNodes(): Promise<void> {
    for (const { level, index, hash } of this.#nodes) {
      const at = { level, index: Math.floor(index / TILE_WIDTH) };
      const tile = await this.#tiles.tile(at.level, at.index);
      const begin = (index % TILE_WIDTH) * HASH_BYTES;
      const there = tile?.subarray(begin, begin + HASH_BYTES);
      if (there !== undefined && equalBytes(there, hash)) continue;
      const width = TILE_WIDTH ** level;
      const run = { first: index * width, last: (index + 1) * width - 1 };
      const path = tilePath(tileOf(at.level, at.index, this.#tiles.size)!);
      if (there !== undefined) this.#add('nodes-altered', run, toHex(hash), toHex(there), path);
      else if (path !== this.#missingTile) this.#add('nodes-missing', run, 'a tile with their nodes', 'none', path);
      if (there === undefined) this.#missingTile = path;
    }
    this.#nodes = [];
  }

  /** After the last step. */
  async finish(): Promise<SealedRangeProof> {
    const { head, from } = this.#sealedRange;
    this.#flushAbsent();
    const link = this.#whole && this.#hasher.hasLink(head.link);
    const root = this.#whole ? this.#hasher.hasRoot(head.root) : undefined;
    if (!link && root !== true) {
      return { proven: false, next: { size: head.size, link: head.link, range: await this.#tiles.rangeAt(head) } };
    }
    const run = { first: from, last: head.size - 1 };
    const { state } = this.#hasher;
    if (root === false) this.#add('head-root', run, 'the root of the leaves that its link has', head.root);
    if (!link) this.#add('head-link', run, state.link, head.link);
    return { proven: true, next: { ...state, link: head.link } };
  }

  #add(
    code: FindingCode,
    run: { first: number; last: number },
    expected: string,
    found: string,
    object?: string,
  ): void {
    const { tenant, chain, seal, digest } = this.#sealedRange;
    const where = { tenant, chain, seal, digest, ...run, ...(object === undefined ? {} : { object }) };
    this.#report(finding(code, { ...where, expected, found }));
  }
}
