// Goes along a chain and says which positions can be indexed.
import type { Block, Compression } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { BlockError } from '../../core/block/error.ts';
import { equalBytes } from '../../core/crypto.ts';
import { MAX_BLOCK_ENTRIES } from '../../core/limits.ts';
import type { LedgerItem, Progress } from './port.ts';

/** What of a chain is not as it should be. The archive and the verification say what it means; here it is passed over. */
export interface IndexFinding {
  readonly chain: string;
  readonly position: number;
  /**
   * - unreadable: no block, or one whose entries do not give its link. Not indexed.
   * - link: a block that does not continue the one before. Indexed: one of the two is forged, and whoever reads them sees which.
   * - overlap: a block at positions that another has. Not indexed.
   * - gap: blocks are missing that can't have expired. The chain is not indexed beyond until they are back or would have expired.
   * - entry: an entry that is none. Not indexed.
   */
  readonly reason: 'unreadable' | 'link' | 'overlap' | 'gap' | 'entry';
}

export type Step =
  | { readonly kind: 'index'; readonly block: Block; readonly entries: readonly Uint8Array[] }
  | { readonly kind: 'pass' }
  | { readonly kind: 'stop' };

/**
 * Goes along one chain, item by item, and says what of it can be indexed. `progress` never passes positions of which it is
 * not known what they hold: below it there is no entry that the index lacks. (A block that is unreadable has none.)
 */
export class Follower {
  readonly findings: IndexFinding[] = [];
  readonly #chain: string;
  readonly #compression: Compression;
  /** Epoch milliseconds: what was recorded before may have left the hot window. */
  readonly #expired: number;
  #progress: Progress | undefined;
  /** An unreadable item whose count is unknown: whatever comes next is after it. */
  #open = false;

  constructor(chain: string, progress: Progress | undefined, compression: Compression, expired: number) {
    this.#chain = chain;
    this.#progress = progress;
    this.#compression = compression;
    this.#expired = expired;
  }

  /** Undefined until the first block of a chain that was never indexed. */
  get progress(): Progress | undefined {
    return this.#progress;
  }

  take({ position, block }: LedgerItem): Step {
    const before = this.#progress;
    if (!Number.isSafeInteger(position) || (before !== undefined && position < before.through)) {
      return this.#find('overlap', position, 'pass');
    }
    if (before !== undefined && position > before.through && !this.#open && before.recordedAt > this.#expired) {
      return this.#find('gap', position, 'stop');
    }
    this.#open = false;
    const entries = block && this.#decode(block);
    if (entries === undefined) return this.#passOver(position, block);
    const continues = position === before?.through && before.link !== undefined;
    if (continues && !equalBytes(before.link!, block!.previousLink)) this.#find('link', position, 'pass');
    const { link, recordedAt } = block!;
    this.#progress = { through: position + entries.length, link, recordedAt };
    return { kind: 'index', block: block!, entries };
  }

  #decode(block: Block): readonly Uint8Array[] | undefined {
    try {
      return decodeBlock(block, this.#compression).entries;
    } catch (error) {
      if (error instanceof BlockError) return undefined;
      throw error;
    }
  }

  /**
   * Its positions are taken, so that nothing can be appended there any more. Where the next begins is known by its count, if
   * that can be one, or else when the next is there.
   */
  #passOver(position: number, block: Block | undefined): Step {
    const { count = 0, recordedAt = 0 } = block ?? {};
    const counted = Number.isInteger(count) && count >= 1 && count <= MAX_BLOCK_ENTRIES;
    this.#open = !counted;
    const known = Math.max(this.#progress?.recordedAt ?? 0, Number.isSafeInteger(recordedAt) ? recordedAt : 0);
    this.#progress = { through: counted ? position + count : position, link: undefined, recordedAt: known };
    return this.#find('unreadable', position, 'pass');
  }

  #find(reason: IndexFinding['reason'], position: number, kind: 'pass' | 'stop'): Step {
    this.findings.push({ chain: this.#chain, position, reason });
    return { kind };
  }
}
