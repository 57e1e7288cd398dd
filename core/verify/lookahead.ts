// Bodies that have been read ahead and have no position yet.
import { HASH_BYTES } from '../crypto.ts';
import { type EntryFinding, entryFindings } from './entries.ts';
import type { SealWindow } from './entry-rules.ts';
import type { LeafBatch } from './evidence.ts';

/** Leaf hashes of bodies that have been read and not yet been given a position. */
export class Lookahead {
  readonly #source: AsyncIterator<LeafBatch>;
  readonly #onBytes: (bytes: number) => void;
  #batches: LeafBatch[] = [];
  /** In the first batch. */
  #offset = 0;
  #available = 0;
  #ended = false;

  constructor(source: AsyncIterable<LeafBatch>, onBytes: (bytes: number) => void) {
    this.#source = source[Symbol.asyncIterator]();
    this.#onBytes = onBytes;
  }

  /** Reads on until there are `count`, or no more; returns how many there are. */
  async fill(count: number): Promise<number> {
    while (this.#available < count && !this.#ended) {
      const { value, done } = await this.#source.next();
      if (done === true) {
        this.#ended = true;
      } else if (value.hashes.length > 0) {
        this.#batches.push(value);
        this.#available += value.hashes.length / HASH_BYTES;
        this.#onBytes(value.bytes);
      }
    }
    return this.#available;
  }

  /** The hash of the i-th, which has to be there. */
  at(i: number): Uint8Array {
    const [batch, index] = this.#find(i);
    return batch.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  }

  position(i: number): number | undefined {
    const [batch, index] = this.#find(i);
    return batch.positions?.[index];
  }

  #find(i: number): [LeafBatch, number] {
    let index = this.#offset + i;
    for (const batch of this.#batches) {
      const count = batch.hashes.length / HASH_BYTES;
      if (index < count) return [batch, index];
      index -= count;
    }
    throw new RangeError(`got body ${i}, want one of the ${this.#available} that are there`);
  }

  /** The hashes at the front, as many as lie in one piece. */
  front(): Uint8Array {
    return this.#batches[0]?.hashes.subarray(this.#offset * HASH_BYTES) ?? new Uint8Array();
  }

  /** How many of the first `count`, all in one piece, are said to be of the positions from `position` on. */
  claiming(position: number, count: number): number {
    const positions = this.#batches[0]?.positions;
    if (positions === undefined) return count;
    for (let i = 0; i < count; i++) if (positions[this.#offset + i] !== position + i) return i;
    return count;
  }

  /** What is wrong with the first `count`, all in one piece, as those of the positions from `position` on. */
  check(count: number, position: number, window: SealWindow): readonly EntryFinding[] {
    return entryFindings(this.#batches[0]!, this.#offset, count, position, window);
  }

  drop(count: number): void {
    this.#available -= count;
    this.#offset += count;
    for (let first = this.#batches[0]; first !== undefined; first = this.#batches[0]) {
      const size = first.hashes.length / HASH_BYTES;
      if (this.#offset < size) return;
      this.#offset -= size;
      this.#batches.shift();
    }
  }

  /** Lets go of the source, which may have more. */
  async close(): Promise<void> {
    if (!this.#ended) await this.#source.return?.();
  }
}
