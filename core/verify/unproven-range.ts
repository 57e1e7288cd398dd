// Narrows down which positions the tiles do not prove, and proves their bodies otherwise.
import { equalBytes, fromHex, HASH_BYTES, toHex } from '../crypto.ts';
import { CompactRange } from '../merkle/compact.ts';
import { subtreeRoot } from '../merkle/subtree.ts';
import { TILE_HEIGHT, TILE_WIDTH } from '../tiles/shape.ts';
import type { ChainTiles } from './chain-tiles.ts';
import type { EntryFinding } from './entries.ts';
import { ChainHasher, type ChainState } from './hasher.ts';
import type { SealedRange } from './sealed-range.ts';

/** Positions whose leaf hashes the tiles do not prove, as few as can be told. Bodies may still prove themselves. */
export interface UnprovenRange {
  readonly sealedRange: SealedRange;
  readonly from: number;
  readonly through: number;
  /** Of the full tile that the range is; absent where only the sealed range's link says what it has to be. */
  readonly node?: Uint8Array;
}

/**
 * Where in a sealed range that its tiles do not prove the fault is. Inner nodes that lead to the sealed root, together with
 * the leaves at the sealed range's ends, prove all the tiles that lead to them.
 */
export async function unprovenRanges(
  sealedRange: SealedRange,
  tiles: ChainTiles,
  before: ChainState,
): Promise<UnprovenRange[]> {
  const whole = { sealedRange, from: sealedRange.from, through: sealedRange.head.size };
  const nodes = await provenNodes(sealedRange, tiles, before);
  if (nodes === undefined) return [whole];
  const unproven: UnprovenRange[] = [];
  for (const [index, node] of nodes) {
    const tile = await tiles.tile(0, index);
    if (tile?.length === TILE_WIDTH * HASH_BYTES && equalBytes(subtreeRoot(tile), node)) continue;
    unproven.push({ sealedRange, from: index * TILE_WIDTH, through: (index + 1) * TILE_WIDTH, node });
  }
  return unproven;
}

async function provenNodes(sealedRange: SealedRange, tiles: ChainTiles, { range: hashes }: ChainState) {
  if (hashes === undefined) return undefined;
  const { from, head } = sealedRange;
  const range = new CompactRange(from, hashes.map(fromHex));
  const nodes: [number, Uint8Array][] = [];
  while (range.size < head.size) {
    if (range.size % TILE_WIDTH === 0 && range.size + TILE_WIDTH <= head.size) {
      const index = range.size / TILE_WIDTH;
      const tile = await tiles.tile(1, Math.floor(index / TILE_WIDTH));
      const begin = (index % TILE_WIDTH) * HASH_BYTES;
      const node = tile?.slice(begin, begin + HASH_BYTES);
      if (node?.length !== HASH_BYTES) return undefined;
      range.appendNode(TILE_HEIGHT, node);
      nodes.push([index, node]);
    } else {
      const leaf = await tiles.leaf(range.size);
      if (leaf?.length !== HASH_BYTES) return undefined;
      range.append(leaf.slice());
    }
  }
  return toHex(range.root()) === head.root ? nodes : undefined;
}

/** Gathers the bodies of an unproven range, which are intact if they lead to what was sealed. */
export class UnprovenRangeCheck {
  readonly unproven: UnprovenRange;
  readonly #leaves: Uint8Array | undefined;
  readonly #hasher: ChainHasher;
  /** How many positions have a body, have none by policy, and have none. */
  present = 0;
  expired = 0;
  missing = 0;
  /** Of the bodies: counts once they are proven. */
  readonly found: EntryFinding[] = [];
  /** Positions whose body is not what the tiles say. */
  #first: number | undefined;
  #last = -1;
  /** The tiles say nothing of some position. */
  #unknown = false;

  constructor(unproven: UnprovenRange) {
    this.unproven = unproven;
    const { from, link } = unproven.sealedRange;
    this.#leaves = unproven.node && new Uint8Array(TILE_WIDTH * HASH_BYTES);
    this.#hasher = new ChainHasher({ size: from, link, range: undefined });
  }

  /** Bodies of positions from `position` on, one after the other, and what the tiles say of them. */
  take(
    position: number,
    bodies: Uint8Array,
    expected: Uint8Array | undefined,
    found: readonly EntryFinding[] = [],
  ): void {
    this.found.push(...found);
    const count = bodies.length / HASH_BYTES;
    this.present += count;
    if (expected === undefined) this.#unknown = true;
    else if (!equalBytes(bodies, expected)) {
      this.#first ??= position;
      this.#last = position + count - 1;
    }
    if (this.#leaves !== undefined) this.#leaves.set(bodies, (position - this.unproven.from) * HASH_BYTES);
    else this.#hasher.append(bodies);
  }

  skip(expired: boolean): void {
    if (expired) this.expired++;
    else this.missing++;
  }

  /** The bodies are those that were sealed, whatever the tiles say. */
  get bodiesProven(): boolean {
    if (this.expired + this.missing > 0) return false;
    const { node, sealedRange } = this.unproven;
    return node === undefined
      ? this.#hasher.hasLink(sealedRange.head.link)
      : equalBytes(subtreeRoot(this.#leaves!), node);
  }

  /** Where bodies and tiles differ; undefined where they do not, or where the tiles say nothing. */
  get difference(): { readonly first: number; readonly last: number } | undefined {
    return this.#first === undefined ? undefined : { first: this.#first, last: this.#last };
  }

  get tilesAbsent(): boolean {
    return this.#unknown;
  }

  get expected(): string {
    const { node, sealedRange } = this.unproven;
    return node === undefined
      ? `entries that lead to link ${sealedRange.head.link}`
      : `entries under node ${toHex(node)}`;
  }
}
