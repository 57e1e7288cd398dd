// Where the rows of a chain come from: ledger or archive.
import type { Block } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { ArchiveRow } from '../archive/port.ts';
import { rowsOrFault } from '../archive/rows.ts';
import type { Cursor } from '../archive/window.ts';
import { Backing, type ReadOn } from './backing.ts';
import type { LedgerFault } from './context.ts';
import type { SealPorts } from './port.ts';
import type { SegmentIndex } from './segment-index.ts';
import { ArchivedRows } from './stored.ts';

type SourcePorts = Pick<SealPorts, 'blocks' | 'compression' | 'directory' | 'store' | 'codec' | 'now'>;

/** Rows of blocks that were read ahead are asked for again by the next window: those of one large segment, and a window. */
const KEPT_ROWS = 25_000;

/**
 * Where a chain's rows come from: the ledger, and the archive where the ledger has none that continue the chain, as far as
 * somebody else vouches for them.
 */
export class ChainSource {
  /** Items of the ledger that the archive had to stand in for, each once; those that are gone don't count. */
  readonly faults: LedgerFault[] = [];
  readonly #chain: string;
  readonly #index: SegmentIndex;
  readonly #stored: ArchivedRows;
  readonly #ports: SourcePorts;
  readonly #backing: Backing;
  /** By position of the block, oldest first. */
  readonly #kept = new Map<number, readonly ArchiveRow[]>();
  #keptRows = 0;

  constructor(chain: string, stored: ArchivedRows, index: SegmentIndex, ports: SourcePorts) {
    this.#chain = chain;
    this.#index = index;
    this.#stored = stored;
    this.#ports = ports;
    this.#backing = new Backing(chain, ports);
  }

  /** At least one row from the cursor on, each verified to continue the chain; or why there is none. */
  async next(cursor: Cursor): Promise<readonly ArchiveRow[] | string> {
    const rows = await this.#fromLedger(cursor);
    if (typeof rows !== 'string') return rows;
    const archived = await this.#stored.next(cursor);
    if (typeof archived === 'string') return rows === 'gap' ? archived : rows;
    const through = await this.#backing.through(cursor, this.#walk());
    const vouched = archived.filter(({ position }) => position < through);
    if (vouched.length === 0) {
      const unbacked = this.#backing.ended === 'ambiguous' ? 'ambiguous' : 'unbacked';
      return rows === 'gap' ? unbacked : rows;
    }
    this.#note(cursor.position, rows);
    return vouched;
  }

  /** Reads on whoever vouches, and keeps nothing: it may be a long way to where somebody does. */
  #walk(): ReadOn {
    const stored = new ArchivedRows(this.#chain, this.#index, this.#ports);
    return async (cursor) => {
      stored.forget(cursor.position);
      const rows = await this.#fromLedger(cursor);
      return typeof rows === 'string' ? stored.next(cursor) : rows;
    };
  }

  #note(position: number, reason: string): void {
    if (reason === 'gap' || this.faults.some((fault) => fault.reason === reason)) return;
    this.faults.push({ chain: this.#chain, position, reason });
  }

  async #fromLedger({ position, link }: Cursor): Promise<readonly ArchiveRow[] | string> {
    const kept = this.#kept.get(position);
    if (kept !== undefined && equalBytes(kept[0]!.previousLink, link)) return kept;
    const block = await this.#blockWith(position);
    if (typeof block === 'string') return block;
    const rows = rowsOrFault(block, this.#ports.compression, this.#ports.now());
    if (typeof rows === 'string') return rows;
    const rest = rows.slice(position - block.position);
    if (!equalBytes(rest[0]!.previousLink, link)) return 'unlinked';
    this.#keep(position, rest);
    return rest;
  }

  #keep(position: number, rows: readonly ArchiveRow[]): void {
    this.#keptRows += rows.length - (this.#kept.get(position)?.length ?? 0);
    this.#kept.set(position, rows);
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptRows <= KEPT_ROWS) return;
      this.#kept.delete(oldest);
      this.#keptRows -= length;
    }
  }

  async #blockWith(position: number): Promise<Block | string> {
    try {
      const block = await this.#ports.blocks.blockBefore(this.#chain, position);
      return block === undefined || block.position + block.count <= position ? 'gap' : block;
    } catch (error) {
      if (error instanceof BlockError) return error.code;
      throw error;
    }
  }
}
