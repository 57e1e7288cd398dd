// Rows for formats of exports, and what a format writes of them.
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { leafHash } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import type { Entry } from '../../core/entry/schema.ts';
import type { JsonValue } from '../../core/json/value.ts';
import type { ExportFormat, ExportHeader } from '../../services/export/format.ts';
import type { Found } from '../../services/search/port.ts';

export const HEADER: ExportHeader = {
  ...{ tenant: 'acme', exportId: 'e-1', createdAt: '2026-03-02T00:00:00.000Z', createdBy: 'clara', query: 'case' },
  ...{ from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z', order: 'asc' },
};

const BASE = {
  ...{ id: 'e0', v: 1, tenant: 'acme', action: 'case.viewed', category: 'case', outcome: 'success', severity: 'low' },
  ...{ description: 'u1 viewed c1', occurredAt: '2026-03-01T09:30:00.000Z', recordedAt: '2026-03-01T09:30:00.123Z' },
  actor: { type: 'user', id: 'u1' },
  recorder: { type: 'token', id: 'app' },
};

/** A row as the search finds it. */
export function rowOf(position: number, members: object = {}): Found {
  const entry = { ...BASE, id: `e${position}`, ...members } as unknown as Entry;
  const bytes = canonicalBytes(entry as unknown as JsonValue);
  const leaf = toHex(leafHash(bytes));
  return { entry, bytes, chain: 0, position, recordedAt: Date.parse(entry.recordedAt), leafHash: leaf, link: leaf };
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}

export async function written(format: ExportFormat, rows: readonly Found[], header = HEADER): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of format.write(header, each(rows))) chunks.push(chunk);
  return Buffer.concat(chunks);
}
