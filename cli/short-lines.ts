// What a seal could not sign, for whoever started it.
import type { Published } from '../services/seal/steps.ts';

/** A line for each chain that the seal ends early, and one that says where to read on; none when there is no such chain. */
export function shortLines({ short = [], shortChains = short.length }: Partial<Published>): readonly string[] {
  if (short.length === 0) return [];
  const lines = short.map(
    ({ tenant, chain, size, reason }) =>
      `NOT SEALED: chain ${tenant}#${chain} from position ${size} on (${reason === GAP ? 'missing' : 'disputed'}: ${reason})`,
  );
  const more = shortChains > short.length ? [`and ${shortChains - short.length} chains more`] : [];
  return [...lines, ...more, 'See "Seal disputed" and "Seal short" in docs/runbook.md.'];
}

/** Neither ledger nor archive has the next position. */
const GAP = 'gap';
