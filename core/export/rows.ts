// Which positions an export's evidence holds, by chain.
import { MAX_CHAINS } from '../chain.ts';
import { HASH_BYTES } from '../crypto.ts';

/** Rows of one chain, by rising position. */
export interface ChainRows {
  readonly chain: number;
  readonly positions: Float64Array;
  leafAt(i: number): Uint8Array;
}

/** A row is there twice, or names no place. */
export class RowError extends Error {
  override readonly name = 'RowError';
  readonly code = 'row';
}

/** Rows that a chain's memory grows by. */
const FIRST = 1_024;

/** The places and leaf hashes of an export's rows, in any order: forty bytes a row, and the rows themselves are not kept. */
export class ExportedRows {
  readonly #chains = new Map<number, Growing>();

  /** Throws RowError. */
  add(chain: number, position: number, leaf: Uint8Array): void {
    if (
      !Number.isInteger(chain) ||
      chain < 0 ||
      chain >= MAX_CHAINS ||
      !Number.isSafeInteger(position) ||
      position < 0
    ) {
      throw new RowError(`got a row of chain ${chain} at ${position}, which is no place`);
    }
    const rows = this.#chains.get(chain) ?? new Growing();
    this.#chains.set(chain, rows);
    rows.add(position, leaf);
  }

  /** By number. Throws RowError for a place that came twice. */
  chains(): ChainRows[] {
    return [...this.#chains].sort(([a], [b]) => a - b).map(([chain, rows]) => ({ chain, ...rows.sorted(chain) }));
  }
}

class Growing {
  #positions = new Float64Array(FIRST);
  #leaves = new Uint8Array(FIRST * HASH_BYTES);
  #count = 0;

  add(position: number, leaf: Uint8Array): void {
    if (this.#count === this.#positions.length) this.#grow();
    this.#positions[this.#count] = position;
    this.#leaves.set(leaf, this.#count * HASH_BYTES);
    this.#count++;
  }

  sorted(chain: number): Omit<ChainRows, 'chain'> {
    const found = this.#positions.subarray(0, this.#count);
    const order = new Uint32Array(this.#count).map((_, i) => i).sort((a, b) => found[a]! - found[b]!);
    const positions = new Float64Array(this.#count).map((_, i) => found[order[i]!]!);
    for (let i = 1; i < positions.length; i++) {
      if (positions[i] === positions[i - 1]) throw new RowError(`got chain ${chain} at ${positions[i]} twice`);
    }
    const leaves = this.#leaves;
    return {
      positions,
      leafAt: (i) => leaves.subarray(order[i]! * HASH_BYTES, (order[i]! + 1) * HASH_BYTES),
    };
  }

  #grow(): void {
    const [positions, leaves] = [this.#positions, this.#leaves];
    this.#positions = new Float64Array(positions.length * 2);
    this.#positions.set(positions);
    this.#leaves = new Uint8Array(leaves.length * 2);
    this.#leaves.set(leaves);
  }
}

/** How many of the rows are below a size: those that the tree of that size has. */
export function rowsBelow({ positions }: Pick<ChainRows, 'positions'>, size: number): number {
  let [low, high] = [0, positions.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (positions[middle]! < size) low = middle + 1;
    else high = middle;
  }
  return low;
}
