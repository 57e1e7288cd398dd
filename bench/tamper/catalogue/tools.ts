// Forged blocks, rows and segments.
import { parquetMetadata } from 'hyparquet';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { CELLS } from '../../../adapters/parquet/columns.ts';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { zstd } from '../../../adapters/zstd.ts';
import type { Block } from '../../../core/block/block.ts';
import { decodeBlock } from '../../../core/block/codec.ts';
import { genesisLink, leafHash, nextLink, parseChainName } from '../../../core/chain.ts';
import type { Entry } from '../../../core/entry/schema.ts';
import { parseJson } from '../../../core/json/parse.ts';
import { segmentKey } from '../../../names/archive.ts';
import { SEGMENT_COLUMNS } from '../../../names/segment.ts';
import type { ArchiveRow } from '../../../services/archive/port.ts';
import { blockAtPlace } from '../../../test/support/ledger-stream.ts';
import type { World } from '../world.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Lasting as long as any lock of the service. */
export const LONG = new Date('2100-01-01T00:00:00.000Z');

export function blockAt(world: World, chain: string, position: number): Block {
  const block = world.ledger.blocks(chain).find((one) => one.position === position);
  if (block === undefined) throw new Error(`got no block ${chain}/${position}`);
  return block;
}

/** A block with other entries that is perfect in itself, as somebody makes it who knows the format. */
export function reblocked(
  block: Block,
  change: (bodies: string[]) => readonly string[],
  elsewhere: Partial<Pick<Block, 'position' | 'previousLink'>> = {},
): Block {
  const bodies = decodeBlock(block, zstd).entries.map((bytes) => decoder.decode(bytes));
  const { chain, position, previousLink, recordedAt } = block;
  const entries = change(bodies).map((text) => encoder.encode(text));
  return blockAtPlace({ chain, position, previousLink, ...elsewhere }, entries, recordedAt);
}

export const editFirst = (bodies: string[]): readonly string[] => bodies.with(0, bodies[0]!.replace('Zoë', 'Eve'));

/** What a segment of these rows of the ledger would be called. */
export function keyAt(chain: string, category: string, day: string, first: number): string {
  const { tenant, chain: number } = parseChainName(chain);
  return segmentKey(tenant, category, day, number, first);
}

/** The rows of a category that the ledger has from a position on, as the archive would file them. */
export function ledgerRows(world: World, chain: string, category: string, from: number): ArchiveRow[] {
  const rows: ArchiveRow[] = [];
  for (const block of world.ledger.blocks(chain).filter((one) => one.position >= from)) {
    const { entries, links } = decodeBlock(block, zstd);
    for (const [i, bytes] of entries.entries()) {
      const entry = parseJson(bytes) as unknown as Entry;
      const previousLink = links[i - 1] ?? block.previousLink;
      const hashes = { leafHash: leafHash(bytes), link: links[i]!, previousLink };
      rows.push({ position: block.position + i, bytes, ...hashes, entry, day: entry.recordedAt.slice(0, 10) });
    }
  }
  return rows.filter(({ entry }) => entry.category === category);
}

/** A row whose entry says something else, and whose hash follows. */
export function forgedRow(row: ArchiveRow): ArchiveRow {
  const bytes = encoder.encode(decoder.decode(row.bytes).replace('Zoë', 'Eve'));
  return { ...row, bytes, leafHash: leafHash(bytes), link: nextLink(row.previousLink, leafHash(bytes)) };
}

/** The rows in a file of another make: other compression, other pages, another name of the writer. */
export function otherLayout(chain: number, rows: readonly ArchiveRow[]): Uint8Array {
  const { schema } = parquetMetadata(parquetSegments.encode(chain, rows).slice().buffer as ArrayBuffer);
  const columnData = SEGMENT_COLUMNS.map(({ name }) => ({ name, data: rows.map((row) => CELLS[name]!(row, chain)) }));
  const writer = new ByteWriter();
  parquetWrite({ writer, columnData, schema, codec: 'UNCOMPRESSED', rowGroupSize: rows.length, createdBy: 'somebody' });
  return writer.getBytes();
}

/** The current segment with one entry changed. */
export async function forgedSegment(world: World, key: string, chain: number): Promise<Uint8Array> {
  const rows = await parquetSegments.decode(world.store.object(key).bytes);
  const known = rows.map((row): ArchiveRow => {
    const entry = parseJson(row.bytes) as unknown as Entry;
    return { ...row, entry, previousLink: genesisLink('acme#0'), day: entry.recordedAt.slice(0, 10) };
  });
  return parquetSegments.encode(chain, known.with(0, forgedRow(known[0]!)));
}
