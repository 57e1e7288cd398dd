// Finds which position each body of a chain belongs to.
import { equalBytes, HASH_BYTES, toHex } from '../crypto.ts';
import { TILE_WIDTH } from '../tiles/shape.ts';
import type { ChainTiles } from './chain-tiles.ts';
import type { Lookahead } from './lookahead.ts';
import type { Excuse } from './tombstones.ts';

/** What the next body is to the next position. */
type Alignment =
  /** Its body, altered or not. */
  | { readonly kind: 'here' }
  /** Stands there, but is the entry of another position. */
  | { readonly kind: 'misplaced'; readonly of: number }
  /** The position has no body, or it stood at `elsewhere`; the next body is of a later position. */
  | { readonly kind: 'absent'; readonly elsewhere?: number }
  /** Of no position, or once more the entry of one. */
  | { readonly kind: 'extra'; readonly of: number | undefined };

export type Align = (
  position: number,
  expected: Uint8Array | undefined,
  expired: () => Promise<Excuse | undefined>,
) => Promise<Alignment>;

/** Entries that were moved, removed or put in are told apart from altered ones within so many positions. */
const WINDOW = 1_024;

/** Bodies that are looked for beyond the window; one of them may be altered itself. */
const PROBES = 8;

/** However many bodies fit nowhere, the tiles are read through only a few times. */
const SCANS = 4;

/** Aligns the bodies of a chain with its positions that ends before `through`, one call for each position or body that is not as it should be. */
export function alignerOf(bodies: Lookahead, tiles: ChainTiles, through: number): Align {
  const aligner = new Aligner(bodies, tiles, through);
  return (position, expected, expired) => aligner.align(position, expected, expired);
}

class Aligner {
  readonly #bodies: Lookahead;
  readonly #tiles: ChainTiles;
  readonly #through: number;
  /** Hashes of bodies that stood in another's place, and where. */
  readonly #strays = new Map<string, number>();
  /** Positions before it are known to have no body. */
  #absentUntil = 0;
  /** So many of the next bodies are known to be extra. */
  #extras = 0;
  #scansLeft: number;

  constructor(bodies: Lookahead, tiles: ChainTiles, through: number) {
    this.#bodies = bodies;
    this.#tiles = tiles;
    this.#through = through;
    this.#scansLeft = SCANS * through;
  }

  async align(
    position: number,
    expected: Uint8Array | undefined,
    expired: () => Promise<Excuse | undefined>,
  ): Promise<Alignment> {
    const claimed = this.#bodies.position(0);
    if (claimed !== undefined) return this.#alignClaimed(position, claimed);
    if (position < this.#absentUntil) return this.#absent(expected);
    if (this.#extras > 0 || position >= this.#through) return this.#extra(position);
    if (expected !== undefined && equalBytes(expected, this.#bodies.at(0))) return { kind: 'here' };
    // Without a hash, what policy says is all that tells.
    if ((await expired()) !== undefined) return { kind: 'absent' };
    if (expected === undefined) return { kind: 'here' };
    return this.#resolve(position, expected);
  }

  #alignClaimed(position: number, claimed: number): Alignment {
    if (claimed > position) return { kind: 'absent' };
    return claimed === position ? { kind: 'here' } : { kind: 'extra', of: claimed };
  }

  #absent(expected: Uint8Array | undefined): Alignment {
    const elsewhere = expected && this.#strays.get(toHex(expected));
    return elsewhere === undefined ? { kind: 'absent' } : { kind: 'absent', elsewhere };
  }

  async #extra(position: number): Promise<Alignment> {
    this.#extras = Math.max(0, this.#extras - 1);
    return { kind: 'extra', of: await this.#positionNear(this.#bodies.at(0), position) };
  }

  async #resolve(position: number, expected: Uint8Array): Promise<Alignment> {
    const count = await this.#bodies.fill(WINDOW);
    const body = this.#bodies.at(0);
    if (await this.#nextFits(position, count)) return this.#misplaced(body, position);
    const belongs = await this.#find([body], position + 1, position + 1 + WINDOW);
    const comes = this.#indexOf(expected, count);
    if (belongs !== undefined && comes !== undefined) return this.#misplaced(body, position);
    if (belongs !== undefined) {
      this.#absentUntil = belongs.position;
      return this.#absent(expected);
    }
    if (comes !== undefined) {
      this.#extras = comes;
      return this.#extra(position);
    }
    return this.#probe(position, expected, count);
  }

  /** The next body is that of the next position, so this one is this position's, whatever it is. */
  async #nextFits(position: number, count: number): Promise<boolean> {
    if (position + 1 >= this.#through) return count === 1;
    const next = await this.#tiles.leaf(position + 1);
    return count > 1 && next?.length === HASH_BYTES && equalBytes(next, this.#bodies.at(1));
  }

  async #misplaced(body: Uint8Array, position: number): Promise<Alignment> {
    const of = await this.#positionNear(body, position);
    if (of === undefined) return { kind: 'here' };
    if (this.#strays.size < WINDOW) this.#strays.set(toHex(body), position);
    return { kind: 'misplaced', of };
  }

  /** Neither fits: the body is altered, unless so many are gone that the next ones are beyond the window. */
  async #probe(position: number, expected: Uint8Array, count: number): Promise<Alignment> {
    const probes = Array.from({ length: Math.min(PROBES, count) }, (_, i) => this.#bodies.at(i).slice());
    const near = await this.#find(probes.slice(1), position + 1, position + 1 + WINDOW);
    if (near !== undefined) return this.#misplaced(probes[0]!, position);
    const from = position + 1 + WINDOW;
    const to = Math.min(this.#through, from + Math.max(0, this.#scansLeft));
    this.#scansLeft -= Math.max(0, to - from);
    const far = await this.#find(probes, from, to);
    if (far?.probe !== 0) return { kind: 'here' };
    this.#absentUntil = far.position;
    return this.#absent(expected);
  }

  #indexOf(hash: Uint8Array, count: number): number | undefined {
    for (let i = 1; i < count; i++) if (equalBytes(this.#bodies.at(i), hash)) return i;
    return undefined;
  }

  async #positionNear(hash: Uint8Array, position: number): Promise<number | undefined> {
    return (await this.#find([hash], Math.max(0, position - WINDOW), position + 1 + WINDOW))?.position;
  }

  /** The first position in the range whose leaf hash is one of the probes. */
  async #find(probes: readonly Uint8Array[], from: number, to: number) {
    const end = Math.min(to, this.#through);
    for (let at = from; at < end; ) {
      const tileEnd = Math.min(end, (Math.floor(at / TILE_WIDTH) + 1) * TILE_WIDTH);
      const leaves = (await this.#tiles.leaves(at, tileEnd)) ?? new Uint8Array();
      for (let i = 0; i < leaves.length; i += HASH_BYTES) {
        const probe = probes.findIndex((hash) => leaves[i] === hash[0] && hasAt(leaves, i, hash));
        if (probe >= 0) return { position: at + i / HASH_BYTES, probe };
      }
      at = tileEnd;
    }
    return undefined;
  }
}

function hasAt(bytes: Uint8Array, offset: number, hash: Uint8Array): boolean {
  return equalBytes(bytes.subarray(offset, offset + HASH_BYTES), hash);
}
