// Archives one chain's changes of a delivery.
import type { Block } from '../../core/block/block.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { EvidenceRecorder } from '../object-lock/evidence-recorder.ts';
import type { LedgerChange } from '../stream/change.ts';
import { ArchivedSegments } from './archived-segments.ts';
import { ChainRow } from './chain-row.ts';
import type { ArchivePorts, ArchiveSummary } from './context.ts';
import type { ArchiveRow } from './port.ts';
import { type Replayed, Replays } from './replays.ts';
import { rowsOrFault } from './rows.ts';
import { type Cursor, nextBlock, Window } from './window.ts';

/** Blocks that are looked for behind what the row says; each look lists a tenant's days. The others are kept as evidence. */
const MAX_LOOKS = 3;

/**
 * One chain's changes of one invocation, in the order of the stream.
 *
 * A block is archived when it verifies and continues the chain at the cursor. One further on makes the blocks between be
 * read from the ledger. One further back is a repeated delivery if the archive holds it, and is archived if it does not.
 * The cursor begins where the chain's row says, and the row is only a hint: where it and the stream disagree, the archive
 * itself is asked which block comes next. All other blocks are kept as evidence and change nothing: the chain goes on from
 * the last block that was good.
 */
export class ChainArchive {
  readonly #chain: string;
  readonly #row: ChainRow;
  readonly #ports: ArchivePorts;
  readonly #recorder: EvidenceRecorder;
  readonly #summary: ArchiveSummary;
  readonly #window: Window;
  readonly #archivedSegments: ArchivedSegments;
  readonly #replays: Replays;
  #cursor: Cursor;
  /** The cursor is behind a block that this invocation has verified, and no longer where the row says. */
  #verified = false;
  /** The row was found to be untrue, and is kept as evidence. */
  #rowReported = false;
  #looks = 0;
  /** Why the ledger can't fill what is missing at the cursor. Asked once, not for every block that follows. */
  #stuck: string | undefined;

  private constructor(
    chain: string,
    row: ChainRow,
    ports: ArchivePorts,
    recorder: EvidenceRecorder,
    summary: ArchiveSummary,
  ) {
    this.#chain = chain;
    this.#row = row;
    this.#ports = ports;
    this.#recorder = recorder;
    this.#summary = summary;
    this.#window = new Window(chain, row, ports, recorder, summary);
    this.#archivedSegments = new ArchivedSegments(chain, ports);
    this.#replays = new Replays(this.#archivedSegments, ports, recorder);
    this.#cursor = { position: row.state.through, link: row.state.link };
  }

  static async open(
    chain: string,
    ports: ArchivePorts,
    recorder: EvidenceRecorder,
    summary: ArchiveSummary,
  ): Promise<ChainArchive> {
    return new ChainArchive(chain, await ChainRow.open(ports.chains, chain), ports, recorder, summary);
  }

  /** Returns whether everything up to and including this change is settled: archived, kept as evidence, or known. */
  async take(change: LedgerChange): Promise<boolean> {
    if (change.kind === 'modify' || change.kind === 'remove') await this.#recorder.change(change, change.kind);
    if (change.kind === 'insert') await this.#insert(change);
    if (this.#window.full || this.#replays.full) {
      await this.close();
      return true;
    }
    return false;
  }

  /** Settles what was taken. */
  async close(): Promise<void> {
    await this.#settleReplayed();
    await this.#window.flush();
  }

  async #insert(change: LedgerChange): Promise<void> {
    const { block } = change;
    if (block === undefined) return this.#recorder.change(change, 'malformed');
    const rows = rowsOrFault(block, this.#ports.compression, this.#ports.now());
    if (typeof rows === 'string') return this.#recorder.change(change, rows);
    if (this.#row.isDamaged) await this.#discardRow(change);
    if (block.position < this.#cursor.position) return this.#replays.add({ change, block, rows });
    await this.#settleReplayed();
    if (block.position > this.#cursor.position) await this.#fillTo(block.position);
    if (this.#continues(block)) return this.#accept(block, rows);
    if (await this.#isNext(rows)) return this.#jump(change, block, rows);
    if (block.position !== this.#cursor.position) return this.#refuse(change, block.position);
    return this.#recorder.change(change, 'unlinked');
  }

  #continues({ position, previousLink }: Block): boolean {
    return position === this.#cursor.position && equalBytes(previousLink, this.#cursor.link);
  }

  #accept(block: Block, rows: readonly ArchiveRow[]): void {
    this.#window.add(block, rows);
    this.#cursor = { position: block.position + block.count, link: block.link };
    this.#replays.know(block);
    this.#verified = true;
    this.#stuck = undefined;
  }

  /** Reads what is missing before `position` from the ledger, as far as it is there. */
  async #fillTo(position: number): Promise<void> {
    // A row that is behind may be anywhere, also in the middle of a segment.
    if (!this.#verified) this.#window.lookUpBelow(Number.POSITIVE_INFINITY);
    while (this.#stuck === undefined && this.#cursor.position < position) {
      const next = await nextBlock(this.#chain, this.#cursor, this.#ports);
      if (typeof next === 'string') {
        this.#stuck = next;
        return;
      }
      this.#accept(next.block, next.rows);
      if (this.#window.full) await this.close();
    }
  }

  /** Whether the archive says of a block that neither the row nor the ledger leads to that it comes next. */
  async #isNext(rows: readonly ArchiveRow[]): Promise<boolean> {
    // Behind a block that was verified just now, another at the same position continues nothing.
    if (this.#verified && rows[0]!.position === this.#cursor.position) return false;
    if (this.#looks >= MAX_LOOKS) return false;
    this.#looks++;
    return this.#archivedSegments.anchors(rows);
  }

  /** Goes on from a block that the archive confirms, since what the row said led elsewhere. */
  async #jump(change: LedgerChange, block: Block, rows: readonly ArchiveRow[]): Promise<void> {
    await this.#window.flush();
    if (!this.#verified) await this.#discardRow(change);
    this.#window.lookUpBelow(Number.POSITIVE_INFINITY);
    this.#accept(block, rows);
  }

  /** Kept, so that whoever looks into it sees what stood there; then the row is written anew from what is known. */
  async #discardRow(change: LedgerChange): Promise<void> {
    if (!this.#rowReported) await this.#recorder.row(this.#chain, this.#row.read, change.at);
    this.#rowReported = true;
    if (!this.#verified) this.#row.discard();
  }

  /**
   * A block that can't be reached from what is archived. Kept whole, as evidence, rather than waited for: the ledger was
   * read with strong consistency and only ever grows, so waiting would stop every chain of the shard for nothing. The
   * chain's row stays where it is; when the ledger can fill the gap after all, the next block makes it do so.
   */
  async #refuse(change: LedgerChange, position: number): Promise<void> {
    const reason = this.#stuck ?? 'unlinked';
    if (reason === 'gap') this.#summary.gaps.push({ chain: this.#chain, from: this.#cursor.position, to: position });
    await this.#recorder.change(change, reason === 'gap' ? 'gap' : 'unlinked');
  }

  /** Archives what was said to be archived and is not. */
  async #settleReplayed(): Promise<void> {
    for (const lost of await this.#replays.settle(() => this.#looks++ < MAX_LOOKS)) await this.#archiveLost(lost);
  }

  async #archiveLost(lost: readonly Replayed[]): Promise<void> {
    const resume = this.#cursor;
    await this.#window.flush();
    await this.#discardRow(lost[0]!.change);
    this.#window.lookUpBelow(resume.position);
    for (const { block, rows } of lost) {
      this.#window.add(block, rows);
      if (this.#window.full) await this.#window.flush();
    }
    await this.#window.flush();
    if (this.#verified) return;
    const { block } = lost.at(-1)!;
    this.#cursor = { position: block.position + block.count, link: block.link };
    this.#verified = true;
  }
}
