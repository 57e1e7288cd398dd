// Blocks that wait in memory to become segments.
import type { Block } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import { parseChainName } from '../../core/chain.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { BlockReader } from '../append/port.ts';
import type { EvidenceRecorder } from '../object-lock/evidence-recorder.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { ArchivedSegments, type RowsFound } from './archived-segments.ts';
import { type ChainRow, frontierOf } from './chain-row.ts';
import {
  type ArchiveLimits,
  type ArchivePorts,
  type ArchiveSummary,
  DEFAULT_ARCHIVE_LIMITS,
  SEGMENTS_AT_ONCE,
} from './context.ts';
import { sameRow } from './match-segment.ts';
import type { ArchiveRow, SegmentRow } from './port.ts';
import { putSegment } from './put-segment.ts';
import { rowsOrFault } from './rows.ts';

/** Where a chain goes on: the next position, and the link that it builds on. */
export interface Cursor {
  readonly position: number;
  readonly link: Uint8Array;
}

/**
 * The verified blocks between what is archived and the cursor, in memory until there are enough of them for good
 * segments, or the invocation ends.
 */
export class Window {
  readonly #chain: string;
  readonly #row: ChainRow;
  readonly #ports: ArchivePorts;
  readonly #recorder: EvidenceRecorder;
  readonly #summary: ArchiveSummary;
  readonly #limits: ArchiveLimits;
  readonly #archivedSegments: ArchivedSegments;
  #rows: ArchiveRow[] = [];
  #bytes = 0;
  #newest: Block | undefined;
  #oldestMs = Number.POSITIVE_INFINITY;
  /** Positions below it may be in the archive already, wherever segments end. */
  #lookUpBelow = 0;

  constructor(chain: string, row: ChainRow, ports: ArchivePorts, recorder: EvidenceRecorder, summary: ArchiveSummary) {
    this.#chain = chain;
    this.#row = row;
    this.#ports = ports;
    this.#recorder = recorder;
    this.#summary = summary;
    this.#limits = { ...DEFAULT_ARCHIVE_LIMITS, ...ports.limits };
    this.#archivedSegments = new ArchivedSegments(chain, ports);
  }

  /** From now on, what is added below the position is looked up before it is written: what the row says of it is not relied on. */
  lookUpBelow(below: number): void {
    this.#lookUpBelow = Math.max(this.#lookUpBelow, below);
  }

  add(block: Block, rows: readonly ArchiveRow[]): void {
    for (const row of rows) {
      this.#rows.push(row);
      this.#bytes += row.bytes.length;
    }
    this.#newest = block;
    this.#oldestMs = Math.min(this.#oldestMs, block.recordedAt);
  }

  get full(): boolean {
    return this.#rows.length >= this.#limits.windowEntries || this.#bytes >= this.#limits.windowBytes;
  }

  /** Archives what the window holds; only when all of it is under lock does the chain's row advance. */
  async flush(): Promise<void> {
    const newest = this.#newest;
    if (newest === undefined) return;
    const end = { position: newest.position + newest.count, link: newest.link };
    const categories = Map.groupBy(this.#rows, (row) => row.entry.category);
    const ahead: Record<string, number> = {};
    await inParallel([...categories.keys()], SEGMENTS_AT_ONCE, async (category) => {
      ahead[category] = await this.#putCategory(category, categories.get(category)!, end);
    });
    const { position, count, link } = newest;
    await this.#row.advance({ through: end.position, ahead, position, count, link });
    this.#summary.lag(this.#ports.now().getTime() - this.#oldestMs);
    this.#rows = [];
    this.#bytes = 0;
    this.#newest = undefined;
    this.#oldestMs = Number.POSITIVE_INFINITY;
  }

  /**
   * Cuts the category's rows into runs and writes them, each where the one before ends: a segment that is found in place
   * may end elsewhere than ours would, even beyond the window. Returns where the category's segments end.
   */
  async #putCategory(category: string, rows: readonly ArchiveRow[], end: Cursor): Promise<number> {
    const { tenant, chain: number } = parseChainName(this.#chain);
    const target = {
      ...{ chain: this.#chain, tenant, number, category },
      rowsTo: (from: number, last: number) => this.#rowsTo(category, rows, end, from, last),
    };
    const { presence, behind } = await this.#archived(category, rows);
    const isArchived = (row: ArchiveRow) => presence.get(row) === 'same';
    let frontier = 0;
    for (let i = 0; i < rows.length; ) {
      if (rows[i]!.position < frontier || isArchived(rows[i]!)) {
        i++;
        continue;
      }
      const run = runFrom(rows, i, isArchived);
      frontier = (await putSegment(target, run, this.#ports, this.#recorder, this.#summary)).last + 1;
    }
    const reached = await this.#reachOf(category, behind, end);
    return Math.max(frontier, reached, frontierOf(this.#row.state, category));
  }

  /**
   * Which rows are archived, if the chain's row says so of one of them or can't be relied on: no row is left out that was not looked up.
   * All of the window are looked up then, since a segment that holds one may hold what follows.
   */
  async #archived(category: string, rows: readonly ArchiveRow[]): Promise<RowsFound> {
    const claimed = Math.max(this.#lookUpBelow, frontierOf(this.#row.state, category));
    if (!rows.some(({ position }) => position < claimed)) return { presence: new Map(), behind: [] };
    const found = await this.#archivedSegments.lookUp(rows);
    const ahead = this.#row.state.ahead[category] ?? 0;
    const untrue = rows.find((row) => row.position < ahead && found.presence.get(row) !== 'same');
    if (untrue === undefined) return found;
    await this.#recorder.row(this.#chain, this.#row.read, new Date(untrue.entry.recordedAt));
    this.#row.discardAhead(category);
    return found;
  }

  /** How far segments that hold rows of the window go on behind it, as far as the ledger says the same; 0: nowhere. */
  async #reachOf(category: string, behind: readonly SegmentRow[], end: Cursor): Promise<number> {
    const claimed = Map.groupBy(
      behind.filter(({ position }) => position >= end.position),
      ({ position }) => position,
    );
    if (claimed.size === 0) return 0;
    const known = await this.#rowsTo(category, [], end, end.position, Math.max(...claimed.keys()));
    let reached = 0;
    for (const row of known ?? []) {
      if (claimed.get(row.position)?.some((one) => sameRow(one, row)) !== true) break;
      reached = row.position + 1;
    }
    return reached;
  }

  /** The window's rows, and if `last` is beyond it, those of the blocks that follow in the ledger, verified alike. */
  async #rowsTo(
    category: string,
    rows: readonly ArchiveRow[],
    end: Cursor,
    from: number,
    last: number,
  ): Promise<readonly ArchiveRow[] | undefined> {
    const within = rows.filter((row) => row.position >= from && row.position <= last);
    for (let cursor = end; cursor.position <= last; ) {
      const next = await nextBlock(this.#chain, cursor, this.#ports);
      if (typeof next === 'string') return undefined;
      within.push(...next.rows.filter((row) => row.entry.category === category && row.position <= last));
      cursor = { position: next.block.position + next.block.count, link: next.block.link };
    }
    return within;
  }
}

/** The rows from `start` on that belong in one segment: those of one day, up to what is in another. */
function runFrom(
  rows: readonly ArchiveRow[],
  start: number,
  isArchived: (row: ArchiveRow) => boolean,
): readonly ArchiveRow[] {
  const day = rows[start]!.day;
  let end = start + 1;
  while (end < rows.length && rows[end]!.day === day && !isArchived(rows[end]!)) end++;
  return rows.slice(start, end);
}

/**
 * The ledger's block at the cursor, verified and linked to what is before. 'gap': the ledger doesn't have it. Another
 * code: what it has there is not the chain's.
 */
export async function nextBlock(
  chain: string,
  cursor: Cursor,
  { blocks, compression, now }: Pick<ArchivePorts, 'blocks' | 'compression' | 'now'>,
): Promise<{ readonly block: Block; readonly rows: readonly ArchiveRow[] } | string> {
  const block = await blockAt(chain, cursor.position, blocks);
  if (typeof block === 'string') return block;
  if (block === undefined) return 'gap';
  const rows = rowsOrFault(block, compression, now());
  if (typeof rows === 'string') return rows;
  return equalBytes(block.previousLink, cursor.link) ? { block, rows } : 'unlinked';
}

/** The ledger's block that begins at the position; the code of what is wrong when an item there is no block. */
async function blockAt(chain: string, position: number, blocks: BlockReader): Promise<Block | string | undefined> {
  try {
    const block = await blocks.blockBefore(chain, position);
    return block?.position === position ? block : undefined;
  } catch (error) {
    if (error instanceof BlockError) return error.code;
    throw error;
  }
}
