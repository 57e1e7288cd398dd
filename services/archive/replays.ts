// Tells repeated deliveries from blocks that are lost, and from blocks that somebody put where the chain already was.
import type { Block } from '../../core/block/block.ts';
import { keptUntil } from '../../core/catalog/retention.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { EvidenceRecorder } from '../object-lock/evidence-recorder.ts';
import type { LedgerChange } from '../stream/change.ts';
import type { ArchivedSegments, RowPresence } from './archived-segments.ts';
import type { ArchivePorts } from './context.ts';
import type { ArchiveRow } from './port.ts';

/** Rows of repeated blocks that wait to be looked up together; as many as a window holds. */
const MAX_ROWS = 20_000;

/** An insert from before the cursor. */
export interface Replayed {
  readonly change: LedgerChange;
  readonly block: Block;
  readonly rows: readonly ArchiveRow[];
}

/**
 * Blocks from before the cursor. One is dismissed only when the archive holds each of its rows, or this invocation has it
 * in its window. One that the archive has nothing of, although it continues what the archive has, is lost: the stream is
 * the last to know it. Any other was put there after the fact.
 */
export class Replays {
  readonly #archivedSegments: ArchivedSegments;
  readonly #ports: Pick<ArchivePorts, 'retention' | 'now'>;
  readonly #recorder: EvidenceRecorder;
  /** Links of the chain by the position that follows, of blocks that this invocation archives. */
  readonly #links = new Map<number, Uint8Array>();
  #waiting: Replayed[] = [];
  #rows = 0;

  constructor(
    archivedSegments: ArchivedSegments,
    ports: Pick<ArchivePorts, 'retention' | 'now'>,
    recorder: EvidenceRecorder,
  ) {
    this.#archivedSegments = archivedSegments;
    this.#ports = ports;
    this.#recorder = recorder;
  }

  get full(): boolean {
    return this.#rows >= MAX_ROWS;
  }

  add(replayed: Replayed): void {
    this.#waiting.push(replayed);
    this.#rows += replayed.rows.length;
  }

  /** The block is archived by this invocation, or will be before any change is reported as settled. */
  know({ position, count, link }: Block): void {
    this.#links.set(position + count, link);
  }

  /**
   * Settles those that wait, but for what is lost: returns it as runs in the order of the chain, to be archived.
   * `mayLook` is asked before each costly look.
   */
  async settle(mayLook: () => boolean): Promise<readonly (readonly Replayed[])[]> {
    const waiting = this.#waiting.filter(({ block }) => !this.#isKnown(block));
    this.#waiting = [];
    this.#rows = 0;
    if (waiting.length === 0) return [];
    const { presence } = await this.#archivedSegments.lookUp(waiting.flatMap(({ rows }) => rows));
    const missing: Replayed[] = [];
    for (const replayed of waiting) {
      const found = classify(replayed.rows, presence, (row) => this.#isPast(row));
      if (found === 'another') await this.#recorder.change(replayed.change, 'replaced');
      if (found === 'lost' && !missing.some((one) => isSame(one, replayed))) missing.push(replayed);
    }
    return this.#anchored(linkedRuns(missing), mayLook);
  }

  async #anchored(runs: readonly (readonly Replayed[])[], mayLook: () => boolean): Promise<(readonly Replayed[])[]> {
    const lost: (readonly Replayed[])[] = [];
    for (const run of runs) {
      const isTaken = lost.some((other) => overlap(other, run));
      const isNext = !isTaken && mayLook() && (await this.#archivedSegments.anchors(run.flatMap(({ rows }) => rows)));
      if (isNext) lost.push(run);
      for (const { change, block } of run) {
        if (isNext) this.know(block);
        else await this.#recorder.change(change, 'replaced');
      }
    }
    return lost;
  }

  #isKnown({ position, count, link }: Block): boolean {
    const known = this.#links.get(position + count);
    return known !== undefined && equalBytes(known, link);
  }

  /** Its retention is over: it may have expired in the archive, and is not to come back. */
  #isPast({ entry, day }: ArchiveRow): boolean {
    const retention = this.#ports.retention(entry.tenant, entry.category);
    return keptUntil(day, entry.recordedAt, retention) <= this.#ports.now().getTime();
  }
}

const isSame = (a: Replayed, b: Replayed) =>
  a.block.position === b.block.position && equalBytes(a.block.link, b.block.link);

const endOf = (run: readonly Replayed[]) => run.at(-1)!.block.position + run.at(-1)!.block.count;

const overlap = (a: readonly Replayed[], b: readonly Replayed[]) =>
  a[0]!.block.position < endOf(b) && b[0]!.block.position < endOf(a);

function classify(
  rows: readonly ArchiveRow[],
  presence: ReadonlyMap<ArchiveRow, RowPresence>,
  isPast: (row: ArchiveRow) => boolean,
): 'there' | 'lost' | 'another' {
  const others = rows.filter((row) => presence.get(row) !== 'same');
  if (others.every((row) => presence.get(row) === 'absent' && isPast(row))) return 'there';
  return others.some((row) => presence.get(row) === 'other') ? 'another' : 'lost';
}

/** Blocks in order, each behind the one that it builds on. */
function linkedRuns(replayed: readonly Replayed[]): readonly (readonly Replayed[])[] {
  const runs: Replayed[][] = [];
  for (const one of replayed.toSorted((a, b) => a.block.position - b.block.position)) {
    const { position, previousLink } = one.block;
    const before = runs.find((run) => endOf(run) === position && equalBytes(run.at(-1)!.block.link, previousLink));
    if (before === undefined) runs.push([one]);
    else before.push(one);
  }
  return runs;
}
