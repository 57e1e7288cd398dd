// Puts findings in order, and joins those of neighbouring positions.
import { compareText } from '../../names/order.ts';
import type { LiveFinding } from './finding.ts';

/** In the order of places, however many shards found them: the log, then tenants, chains and positions; what is found in neighbouring positions is one finding. */
export function merged(findings: readonly LiveFinding[]): LiveFinding[] {
  const list: LiveFinding[] = [];
  for (const found of findings.toSorted(byPlace)) {
    const before = list.at(-1);
    if (before !== undefined && continues(before, found)) list[list.length - 1] = { ...before, last: found.last! };
    else list.push(found);
  }
  return list;
}

/** Slices and blocks end where they end; that the same thing goes on behind is for the reader to see at once. */
function continues(before: LiveFinding, found: LiveFinding): boolean {
  const same = (['code', 'tenant', 'chain', 'seal', 'digest', 'object', 'found'] as const).every(
    (member) => before[member] === found[member],
  );
  return same && before.last !== undefined && found.last !== undefined && found.first === before.last + 1;
}

function byPlace(a: LiveFinding, b: LiveFinding): number {
  return (
    compareText(a.tenant ?? '', b.tenant ?? '') ||
    (a.chain ?? -1) - (b.chain ?? -1) ||
    compareText(a.code, b.code) ||
    (a.first ?? -1) - (b.first ?? -1) ||
    compareText(a.object ?? '', b.object ?? '') ||
    (a.last ?? -1) - (b.last ?? -1) ||
    (a.seal ?? -1) - (b.seal ?? -1) ||
    (a.digest ?? -1) - (b.digest ?? -1) ||
    compareText(a.expected + a.found, b.expected + b.found)
  );
}
