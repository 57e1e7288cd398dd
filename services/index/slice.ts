// Reads the next slice of a chain.
import { Follower, type IndexFinding } from './follow.ts';
import { Gathering } from './gather.ts';
import type { IndexPorts, IndexRow, IndexTally, Progress } from './port.ts';

/**
 * What is indexed in one go, whichever comes first; a block more at most. Each keeps the work to a few seconds of one core, and
 * to half a minute where a new table takes four thousand writes a second and four chains are at it: a slice that takes
 * longer than a run has would be begun again for ever. It is also what a run that dies has done for nothing.
 */
const SLICE_ENTRIES = 20_000;
const SLICE_BYTES = 64_000_000;
const SLICE_ROWS = 30_000;

/** A stretch of a chain, read and not written yet. */
export interface Slice {
  readonly rows: readonly IndexRow[];
  readonly tallies: readonly IndexTally[];
  /** Where it ends; undefined when the chain has no blocks. */
  readonly progress: Progress | undefined;
  readonly entries: number;
  /** Epoch milliseconds: when its first block was recorded. */
  readonly oldest: number | undefined;
  /** Nothing that can be indexed follows, for now. */
  readonly end: boolean;
  readonly findings: readonly IndexFinding[];
}

/**
 * The next slice of a chain from `start` on: from where it is indexed, or from its oldest block. Blocks leave the hot
 * window by and by, so that the first may be well after `start`.
 */
export async function readSlice(ports: IndexPorts, chain: string, start: Progress | undefined): Promise<Slice> {
  const { facets, compression, hotWindowSeconds, sliceEntries = SLICE_ENTRIES } = ports;
  const follower = new Follower(chain, start, compression, ports.now().getTime() - hotWindowSeconds * 1_000);
  const gathering = new Gathering(chain, facets, start?.tally);
  const strange: number[] = [];
  let oldest: number | undefined;
  let end = true;
  for await (const item of ports.ledger.from(chain, start?.through ?? 0)) {
    if (gathering.entries >= sliceEntries || gathering.bytes >= SLICE_BYTES || gathering.lists >= SLICE_ROWS) {
      end = false;
      break;
    }
    const step = follower.take(item);
    if (step.kind === 'stop') break;
    if (step.kind === 'pass') continue;
    strange.push(...gathering.add(step.block, step.entries));
    oldest ??= step.block.recordedAt;
  }
  const { tally } = gathering;
  return {
    rows: gathering.rows(hotWindowSeconds),
    tallies: gathering.tallies(hotWindowSeconds),
    progress: follower.progress && { ...follower.progress, ...(tally === undefined ? {} : { tally }) },
    entries: gathering.entries,
    oldest,
    end,
    findings: [...follower.findings, ...strange.map((position) => ({ chain, position, reason: 'entry' as const }))],
  };
}
