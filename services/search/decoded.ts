// Blocks that were decoded once, for whoever reads the same bytes again.
import type { Block, Compression } from '../../core/block/block.ts';
import { type DecodedBlock, decodeBlock } from '../../core/block/codec.ts';
import { parseChainName } from '../../core/chain.ts';
import { equalBytes } from '../../core/crypto.ts';
import { EntryRules } from '../../core/verify/entry-rules.ts';
import { recordedAtOf } from './recorded-at.ts';
import { Times } from './times.ts';

/** Of a process: some hundred thousand entries, beside what a request holds while it works. */
const MOST_BYTES = 128_000_000;

/** What a block takes beside its bytes: views, hashes and times. */
const BYTES_AN_ENTRY = 400;

/** Of an entry that nobody asked for yet; no time is endless. */
const UNKNOWN = Number.POSITIVE_INFINITY;

/** A block whose hashes follow from its entries, and what is found out of its entries when it is first asked. */
export class CheckedBlock {
  readonly block: Block;
  readonly decoded: DecodedBlock;
  /** In memory, about. */
  readonly size: number;
  #times: Times | undefined;
  readonly #recorded: Float64Array;
  #rules: EntryRules | undefined;

  /** Throws BlockError. */
  constructor(block: Block, compression: Compression) {
    this.block = block;
    this.decoded = decodeBlock(block, compression);
    const { entries } = this.decoded;
    this.#recorded = new Float64Array(entries.length).fill(UNKNOWN);
    const content = entries.reduce((sum, { length }) => sum + length, 0);
    this.size = content + block.payload.length + entries.length * BYTES_AN_ENTRY;
  }

  /** When each entry says that it was recorded, whether or not it is one of the format. */
  get times(): Times {
    this.#times ??= new Times(this.decoded.entries.map(recordedAtOf));
    return this.#times;
  }

  /** When the entry at an offset was recorded, in epoch milliseconds; not a number for what is no entry of the chain's tenant. */
  recordedAt(offset: number): number {
    const known = this.#recorded[offset];
    if (known !== UNKNOWN) return known ?? Number.NaN;
    this.#rules ??= new EntryRules(parseChainName(this.block.chain).tenant);
    const fault = this.#rules.check(this.decoded.entries[offset]!);
    const recordedAt = fault === undefined ? this.#rules.recordedAt : Number.NaN;
    this.#recorded[offset] = recordedAt;
    return recordedAt;
  }
}

/**
 * Decoding is a function of what an item holds, so that its result stands for every item that holds the same: what was read is
 * compared byte by byte with what was decoded before, and an item that was changed since is decoded anew. Nothing is kept
 * of blocks that do not verify.
 */
export class DecodedBlocks {
  readonly #most: number;
  readonly #kept = new Map<string, CheckedBlock>();
  #bytes = 0;

  constructor(most = MOST_BYTES) {
    this.#most = most;
  }

  /** Throws BlockError. */
  of(block: Block, compression: Compression): CheckedBlock {
    const key = `${block.chain}/${block.position}`;
    const known = this.#kept.get(key);
    if (known !== undefined) this.#drop(key, known);
    const checked = known !== undefined && isSame(known.block, block) ? known : new CheckedBlock(block, compression);
    this.#keep(key, checked);
    return checked;
  }

  #keep(key: string, checked: CheckedBlock): void {
    this.#kept.set(key, checked);
    this.#bytes += checked.size;
    for (const [oldest, one] of this.#kept) {
      if (this.#bytes <= this.#most) return;
      this.#drop(oldest, one);
    }
  }

  #drop(key: string, checked: CheckedBlock): void {
    this.#kept.delete(key);
    this.#bytes -= checked.size;
  }
}

/** In everything that decoding looks at. */
function isSame(a: Block, b: Block): boolean {
  return (
    a.chain === b.chain &&
    a.position === b.position &&
    a.count === b.count &&
    a.v === b.v &&
    equalBytes(a.previousLink, b.previousLink) &&
    equalBytes(a.link, b.link) &&
    sameBytes(a.payload, b.payload)
  );
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
