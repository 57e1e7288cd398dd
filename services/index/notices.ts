// Indexes the chains that notices name.
import { chainName } from '../../core/chain.ts';
import { inParallel } from '../object-lock/parallel.ts';
import type { BlockNotice } from '../relay/port.ts';
import { IndexSummary, indexChain } from './chain.ts';
import type { IndexPorts } from './port.ts';

/** Chains that are indexed at the same time, each with a slice in memory. */
const CHAINS_AT_ONCE = 4;

/** A message of the queue, and what it says; undefined when it says nothing that can be understood. */
export interface Wake {
  readonly id: string;
  readonly notice: BlockNotice | undefined;
}

export interface IndexedNotices {
  readonly summary: IndexSummary;
  /** Messages that have to come again: their chains could not be indexed, or not as far as they say. */
  readonly failed: readonly string[];
  readonly failures: readonly { readonly chain: string; readonly error: unknown }[];
}

interface Woken {
  readonly chain: string;
  /** Where the furthest of the announced blocks ends. */
  readonly wanted: number;
  readonly ids: readonly string[];
}

/**
 * Indexes the chains that notices name. A notice says no more than that there is something to do: chains are indexed from where
 * they are, without holes, so that notices may be lost, repeated, and in any order. Every chain is tried, whatever
 * becomes of the others.
 */
export async function indexNotices(
  wakes: readonly Wake[],
  ports: IndexPorts,
  timeLeft: () => number,
): Promise<IndexedNotices> {
  const summary = new IndexSummary();
  const failed = wakes.filter(({ notice }) => notice === undefined).map(({ id }) => id);
  const failures: { chain: string; error: unknown }[] = [];
  await inParallel(wokenBy(wakes), CHAINS_AT_ONCE, async ({ chain, wanted, ids }) => {
    try {
      if (!(await indexChain(ports, chain, wanted, timeLeft, summary))) failed.push(...ids);
    } catch (error) {
      failures.push({ chain, error });
      failed.push(...ids);
    }
  });
  return { summary, failed, failures };
}

function wokenBy(wakes: readonly Wake[]): Woken[] {
  const woken = new Map<string, { chain: string; wanted: number; ids: string[] }>();
  for (const { id, notice } of wakes) {
    if (notice === undefined) continue;
    const chain = chainName(notice.tenant, notice.chain);
    const one = woken.get(chain) ?? { chain, wanted: 0, ids: [] };
    one.wanted = Math.max(one.wanted, notice.position + notice.count);
    one.ids.push(id);
    woken.set(chain, one);
  }
  return [...woken.values()];
}
