import type { Block } from '../../core/block/block.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { LedgerChange } from '../stream/change.ts';
import type { ArchivePorts, Tally } from './context.ts';
import type { ArchiveRow } from './port.ts';
import { rowsOrFault } from './rows.ts';
import { ChainRow } from './state.ts';
import { blockAt, type Cursor, nextBlock, Window } from './window.ts';
import type { Witness } from './witness.ts';

interface Replayed {
  readonly change: LedgerChange;
  readonly block: Block;
}

/**
 * One chain's changes of one invocation, in the order of the stream.
 *
 * A block is archived when it verifies and continues the chain at the cursor. One further on makes the blocks between be
 * read from the ledger. One further back is a repeated delivery, if what follows it in the chain says so. All others
 * are kept as evidence and change nothing: the chain goes on from the last block that was good.
 */
export class ChainArchive {
  readonly #chain: string;
  readonly #ports: ArchivePorts;
  readonly #witness: Witness;
  readonly #tally: Tally;
  readonly #window: Window;
  #cursor: Cursor;
  /** Links of the chain by the position that follows, as far as they are known to be true. */
  readonly #links = new Map<number, Uint8Array>();
  #replayed: Replayed[] = [];
  /** Why the ledger can't fill what is missing at the cursor. Asked once, not for every block that follows. */
  #stuck: string | undefined;

  private constructor(chain: string, row: ChainRow, ports: ArchivePorts, witness: Witness, tally: Tally) {
    this.#chain = chain;
    this.#ports = ports;
    this.#witness = witness;
    this.#tally = tally;
    this.#window = new Window(chain, row, ports, witness, tally);
    this.#cursor = { position: row.state.through, link: row.state.link };
    this.#links.set(this.#cursor.position, this.#cursor.link);
  }

  static async open(chain: string, ports: ArchivePorts, witness: Witness, tally: Tally): Promise<ChainArchive> {
    return new ChainArchive(chain, await ChainRow.open(ports.chains, chain), ports, witness, tally);
  }

  /** Returns whether everything up to and including this change is settled: archived, kept as evidence, or known. */
  async take(change: LedgerChange): Promise<boolean> {
    if (change.kind === 'modify' || change.kind === 'remove') await this.#witness.change(change, change.kind);
    if (change.kind === 'insert') await this.#insert(change);
    if (this.#window.full) {
      await this.close();
      return true;
    }
    return false;
  }

  /** Settles what was taken. */
  async close(): Promise<void> {
    await this.#judgeReplayed();
    await this.#window.flush();
  }

  async #insert(change: LedgerChange): Promise<void> {
    const { block } = change;
    if (block === undefined) return this.#witness.change(change, 'malformed');
    const rows = rowsOrFault(block, this.#ports.compression);
    if (typeof rows === 'string') return this.#witness.change(change, rows);
    if (block.position < this.#cursor.position) {
      this.#replayed.push({ change, block });
      return;
    }
    if (block.position > this.#cursor.position) await this.#fillTo(block.position);
    if (block.position !== this.#cursor.position) return this.#refuse(change, block.position);
    if (!equalBytes(block.previousLink, this.#cursor.link)) return this.#witness.change(change, 'unlinked');
    this.#accept(block, rows);
  }

  #accept(block: Block, rows: readonly ArchiveRow[]): void {
    this.#window.add(block, rows);
    this.#cursor = { position: block.position + block.count, link: block.link };
    this.#links.set(this.#cursor.position, this.#cursor.link);
    this.#stuck = undefined;
  }

  /** Reads what is missing before `position` from the ledger, as far as it is there. */
  async #fillTo(position: number): Promise<void> {
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

  /**
   * A block that can't be reached from what is archived. Kept whole, as evidence, rather than waited for: the ledger was
   * read with strong consistency and only ever grows, so waiting would stop every chain of the shard for nothing. The
   * chain's row stays where it is; when the ledger can fill the gap after all, the next block makes it do so.
   */
  async #refuse(change: LedgerChange, position: number): Promise<void> {
    const reason = this.#stuck ?? 'unlinked';
    if (reason === 'gap') this.#tally.gaps.push({ chain: this.#chain, from: this.#cursor.position, to: position });
    await this.#witness.change(change, reason === 'gap' ? 'gap' : 'unlinked');
  }

  /**
   * A block from before the cursor is authentic if its end has the link that the chain is known to have there; for one
   * that is no longer in memory, the block that follows it in the ledger knows. Latest first, so that a run of blocks
   * that are delivered again needs one look at most. One that nobody vouches for was put there after the fact.
   */
  async #judgeReplayed(): Promise<void> {
    const latestFirst = this.#replayed.toSorted((a, b) => b.block.position - a.block.position);
    for (const { change, block } of latestFirst) {
      const end = block.position + block.count;
      const link = this.#links.get(end) ?? (await this.#previousLinkAt(end));
      if (link !== undefined && equalBytes(link, block.link)) this.#links.set(block.position, block.previousLink);
      else await this.#witness.change(change, 'replaced');
    }
    this.#replayed = [];
  }

  async #previousLinkAt(position: number): Promise<Uint8Array | undefined> {
    const next = await blockAt(this.#chain, position, this.#ports.blocks);
    return typeof next === 'object' ? next.previousLink : undefined;
  }
}
