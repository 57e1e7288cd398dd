// Leaf hashes of the entries of a bundle's file, and what is wrong with them.
import { searchable } from '../bytes.ts';
import { HASH_BYTES, sha256Into } from '../crypto.ts';
import { MAX_ENTRY_BYTES } from '../limits.ts';
import { EntryRules } from '../verify/entry-rules.ts';
import type { LeafBatch, LeafFault } from '../verify/evidence.ts';
import { BundleError } from './error.ts';
import { demandLength } from './ndjson.ts';

const LF = 0x0a;

/** First byte of a leaf's input (core/chain.ts). */
const LEAF = 0x00;

/** Leaf hashes of a tenant's entries in a file, in its order, each checked; a batch for each piece that ends some. */
export async function* entryLeaves(
  content: AsyncIterable<Uint8Array>,
  path: string,
  tenant: string,
): AsyncGenerator<LeafBatch> {
  const lines = new EntryLines(path, tenant);
  for await (const piece of content) {
    const batch = lines.hash(piece);
    if (batch.hashes.length > 0) yield batch;
  }
  lines.end();
}

/**
 * Hashes and checks lines where they lie: a leaf's input is the line with one byte in front of it, and in front of each line is the
 * end of the one before, which is not needed any more.
 */
class EntryLines {
  readonly #path: string;
  readonly #rules: EntryRules;
  /** Behind its first byte: the begun line, then the piece. */
  #buffer = new Uint8Array(1);
  #begun = 0;
  #hashes = new Uint8Array();
  #times = new Float64Array();

  constructor(path: string, tenant: string) {
    this.#path = path;
    this.#rules = new EntryRules(tenant);
  }

  hash(piece: Uint8Array): LeafBatch {
    const end = 1 + this.#begun + piece.length;
    this.#makeRoom(end);
    const buffer = this.#buffer;
    buffer.set(piece, 1 + this.#begun);
    let begin = 1;
    let count = 0;
    let bytes = 0;
    const faults: LeafFault[] = [];
    // A plain array's search would cost a third of a line's hash; cut, since what an earlier piece left behind the end is no
    // line of this one.
    const text = searchable(buffer, end);
    for (let at = text.indexOf(LF, begin); at >= 0; at = text.indexOf(LF, begin)) {
      demandLength(at - begin, MAX_ENTRY_BYTES, this.#path);
      buffer[begin - 1] = LEAF;
      this.#hashTo(buffer.subarray(begin - 1, at), count);
      const fault = this.#rules.check(buffer, begin, at);
      if (fault !== undefined) faults.push({ at: count, fault });
      this.#times[count++] = this.#rules.recordedAt;
      bytes += at - begin;
      begin = at + 1;
    }
    this.#begun = end - begin;
    demandLength(this.#begun, MAX_ENTRY_BYTES, this.#path);
    buffer.copyWithin(1, begin, end);
    return { hashes: this.#hashes.slice(0, count * HASH_BYTES), bytes, times: this.#times.slice(0, count), faults };
  }

  #makeRoom(length: number): void {
    if (length <= this.#buffer.length) return;
    const larger = new Uint8Array(2 * length);
    larger.set(this.#buffer.subarray(0, 1 + this.#begun));
    this.#buffer = larger;
  }

  #hashTo(input: Uint8Array, index: number): void {
    if ((index + 1) * HASH_BYTES > this.#hashes.length) {
      const larger = new Uint8Array(2 * (index + 1) * HASH_BYTES);
      larger.set(this.#hashes);
      this.#hashes = larger;
      const longer = new Float64Array(2 * (index + 1));
      longer.set(this.#times);
      this.#times = longer;
    }
    sha256Into(input, this.#hashes, index * HASH_BYTES);
  }

  end(): void {
    if (this.#begun > 0) throw new BundleError('line', 'got a last line that does not end', this.#path);
  }
}
