// The order of entries.
import type { EntryPlace, Order } from './port.ts';

/** Below zero when `a` comes first in the order: by the time of recording, then chain, then position. */
export function comparePlaces(a: EntryPlace, b: EntryPlace, order: Order): number {
  const ascending = a.recordedAt - b.recordedAt || a.chain - b.chain || a.position - b.position;
  return order === 'asc' ? ascending : -ascending;
}
