// Checks what the archive promises.
import { expect } from '@jest/globals';
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { genesisLink, leafHash, nextLink } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import type { SegmentRow } from '../../services/archive/port.ts';
import type { MemoryLockedStore } from '../fakes/locked-store.ts';

const KEY = /^entries\/tenant=([^/]+)\/category=([^/]+)\/day=([^/]+)\/(\d\d)-(\d{16})\.parquet$/;

interface ArchivedRow extends SegmentRow {
  readonly key: string;
}

/** Every row of every current segment, by chain, in order of position; of versions that somebody planted, none. */
async function archivedRows(
  store: MemoryLockedStore,
  planted: ReadonlySet<string>,
): Promise<Map<string, ArchivedRow[]>> {
  const chains = new Map<string, ArchivedRow[]>();
  for (const key of store.keys('entries/')) {
    if (planted.has(store.object(key).version)) continue;
    const [, tenant, category, day, number, first] = KEY.exec(key)!;
    const rows = await parquetSegments.decode(store.object(key).bytes);
    expect(rows[0]!.position).toBe(Number(first));
    const chain = `${tenant}#${Number(number)}`;
    for (const row of rows) {
      const entry = JSON.parse(Buffer.from(row.bytes).toString());
      expect(entry).toMatchObject({ tenant, category });
      expect(entry.recordedAt.slice(0, 10)).toBe(day);
      chains.set(chain, [...(chains.get(chain) ?? []), { ...row, key }]);
    }
  }
  for (const rows of chains.values()) rows.sort((a, b) => a.position - b.position);
  return chains;
}

/** The whole promise of the archive: each position of each chain once, its bytes, and links that follow from them. */
export async function expectArchivedOnce(
  store: MemoryLockedStore,
  blocks: readonly Block[],
  planted: ReadonlySet<string> = new Set(),
): Promise<void> {
  const archived = await archivedRows(store, planted);
  for (const [chain, ofChain] of Map.groupBy(blocks, (block) => block.chain)) {
    const entries = ofChain.flatMap((block) => decodeBlock(block, zstd).entries);
    const rows = archived.get(chain) ?? [];
    expect(rows.map(({ position }) => position)).toEqual(entries.map((_, position) => position));
    expect(rows.map(({ bytes }) => toHex(bytes))).toEqual(entries.map((bytes) => toHex(bytes)));
    let link = genesisLink(chain);
    for (const row of rows) {
      link = nextLink(link, leafHash(row.bytes));
      expect(toHex(row.link)).toBe(toHex(link));
    }
  }
  expect([...archived.keys()].sort()).toEqual([...new Set(blocks.map(({ chain }) => chain))].sort());
}
