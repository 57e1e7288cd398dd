// Indexes one chain as far as its blocks go.
import type { IndexFinding } from './follow.ts';
import type { IndexPorts, Progress } from './port.ts';
import { readSlice, type Slice } from './slice.ts';

/** What one run did, over all its chains. */
export class IndexSummary {
  entries = 0;
  rows = 0;
  /** Milliseconds from commit to index of the entry that waited longest; undefined when none was indexed. */
  lagMs: number | undefined;
  readonly findings: IndexFinding[] = [];

  add({ entries, rows, tallies, oldest }: Slice, now: Date): void {
    this.entries += entries;
    this.rows += rows.length + tallies.length;
    if (oldest !== undefined) this.lagMs = Math.max(this.lagMs ?? 0, now.getTime() - oldest);
  }
}

/** A slice takes seconds; this is what it takes when DynamoDB is slow, and the run has to end in time. */
const SLICE_RESERVE_MS = 30_000;

/**
 * Indexes a chain from where it is indexed up to its head, in slices. Does nothing when it is indexed up to `wanted` already.
 * False: the time was up before the head was reached.
 *
 * Rows are written before the progress that covers them. A run that dies between the two leaves rows that the next one
 * writes again, so that postings may be there twice and none is missing. Two runs at the same time do the same twice:
 * the one that comes second with its progress reads the other's and goes on from there.
 */
export async function indexChain(
  ports: IndexPorts,
  chain: string,
  wanted: number,
  timeLeft: () => number,
  summary: IndexSummary,
): Promise<boolean> {
  let known = await ports.store.progress(chain);
  if (known !== undefined && known.through >= wanted) return true;
  while (timeLeft() >= SLICE_RESERVE_MS) {
    const slice = await readSlice(ports, chain, known);
    summary.findings.push(...slice.findings);
    await ports.store.write(slice.rows, slice.tallies);
    if (await settle(ports, chain, known, slice.progress)) {
      summary.add(slice, ports.now());
      if (slice.end) return true;
    }
    known = await ports.store.progress(chain);
  }
  return false;
}

/** False: another run has written its progress meanwhile, and rows of its own. */
async function settle(
  { store }: IndexPorts,
  chain: string,
  known: (Progress & { readonly version: number }) | undefined,
  progress: Progress | undefined,
): Promise<boolean> {
  if (progress === undefined || progress.through === known?.through) return true;
  return store.advance(chain, progress, known?.version ?? 0);
}
