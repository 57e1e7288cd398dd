/** Entries as the API gives them. */
import type { Entry, FoundEntry } from '../../console/api/operations.ts';

export function foundEntry(over: Partial<Entry> = {}, position = 0): FoundEntry {
  const time = new Date(Date.UTC(2026, 10, 20, 9, 30, position)).toISOString();
  return {
    entry: {
      ...{ id: `0195-${position}`, v: 1, tenant: 'north', action: 'case.viewed', category: 'case', outcome: 'success' },
      ...{ severity: 'info', description: `Ida viewed case WB-${position}`, occurredAt: time, recordedAt: time },
      actor: { type: 'user', id: 'ida', name: 'Ida' },
      target: { type: 'case', id: `WB-${position}` },
      recorder: { type: 'token', id: 'portal' },
      ...over,
    },
    ...{ chain: 0, position, leafHash: '0'.repeat(64), link: '1'.repeat(64) },
  };
}
