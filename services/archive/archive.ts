// Archives one delivery of the ledger's stream, chain by chain.
import { parseChainName } from '../../core/chain.ts';
import { EvidenceRecorder } from '../object-lock/evidence-recorder.ts';
import { inParallel } from '../object-lock/parallel.ts';
import type { LedgerChange } from '../stream/change.ts';
import { ChainArchive } from './chain.ts';
import { type ArchivePorts, ArchiveSummary, CHAINS_AT_ONCE } from './context.ts';
import { isPermanent } from './permanent-failure.ts';

export interface ArchiveOutcome {
  readonly summary: ArchiveSummary;
  /** Sequence number of the first change that is not settled: deliver again from there. Undefined: all are. */
  readonly failedFrom: string | undefined;
  /** Why, for each chain that failed. */
  readonly failures: readonly Failure[];
  /** Chains that can't be archived however often it is tried: what is left of them is kept as evidence, and settled. */
  readonly putAside: readonly Failure[];
}

interface Failure {
  readonly chain: string;
  readonly error: unknown;
}

interface Indexed {
  readonly index: number;
  readonly change: LedgerChange;
}

/**
 * Archives one delivery of the ledger's stream: docs/archive.md has the protocol and its proof.
 *
 * Never throws for what a change holds. What fails, fails for its chain only; the other chains' changes are settled, and
 * delivering them again does no harm. A chain that would fail again, for what somebody put into it, does not hold up the
 * shard: its changes are kept as evidence, its row stays where it is. Deliveries may overlap, repeat and run at the same time.
 */
export async function archive(changes: readonly LedgerChange[], ports: ArchivePorts): Promise<ArchiveOutcome> {
  const summary = new ArchiveSummary();
  const recorder = new EvidenceRecorder(ports.store, summary.findings, ports.now);
  const chains = Map.groupBy(
    changes.map((change, index): Indexed => ({ change, index })),
    ({ change }) => change.chain,
  );
  const failures: (Failure & { readonly index: number })[] = [];
  const putAside: Failure[] = [];
  await inParallel([...chains], CHAINS_AT_ONCE, async ([chain, ofChain]) => {
    const progress = { settled: 0 };
    try {
      await archiveChain(chain, ofChain, progress, ports, recorder, summary);
    } catch (error) {
      const kept = isPermanent(error) ? await keepAll(ofChain.slice(progress.settled), recorder) : error;
      if (kept === undefined) putAside.push({ chain, error });
      else failures.push({ chain, error: kept, index: ofChain[progress.settled]!.index });
    }
  });
  const first = failures.length === 0 ? undefined : Math.min(...failures.map(({ index }) => index));
  return {
    summary,
    putAside,
    failures: failures.map(({ chain, error }) => ({ chain, error })),
    failedFrom: first === undefined ? undefined : changes[first]!.sequenceNumber,
  };
}

/** Returns why not, where keeping them fails too: then they have to be delivered again after all. */
async function keepAll(changes: readonly Indexed[], recorder: EvidenceRecorder): Promise<unknown> {
  try {
    for (const { change } of changes) await recorder.change(change, 'put-aside');
    return undefined;
  } catch (error) {
    return error;
  }
}

async function archiveChain(
  chain: string,
  changes: readonly Indexed[],
  progress: { settled: number },
  ports: ArchivePorts,
  recorder: EvidenceRecorder,
  summary: ArchiveSummary,
): Promise<void> {
  if (!isChainName(chain)) {
    for (const { change } of changes) await recorder.change(change, 'malformed');
    return;
  }
  if (changes.every(({ change }) => change.kind === 'expire')) return;
  const archiving = await ChainArchive.open(chain, ports, recorder, summary);
  for (const [i, { change }] of changes.entries()) {
    if (await archiving.take(change)) progress.settled = i + 1;
  }
  await archiving.close();
}

function isChainName(name: string): boolean {
  try {
    parseChainName(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
