// Exports as Parquet.
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer';
import { fromHex } from '../../core/crypto.ts';
import { SEGMENT_COLUMNS } from '../../names/segment.ts';
import type { ExportFormat, ExportHeader } from '../../services/export/format.ts';
import type { Found } from '../../services/search/port.ts';
import { CELLS } from '../parquet/columns.ts';
import { columnElement, compressZstd } from '../parquet/segment.ts';

/** Rows of one group: what is in memory at a time, and what a reader skips or reads together. */
const GROUP_ROWS = 10_000;
const PAGE_BYTES = 16 * 1024 * 1024;

const TEXT = { converted_type: 'UTF8', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED' } as const;
/** In the archive these are in the path. */
const PATH_COLUMNS = ['tenant', 'category'] as const;

const SCHEMA: readonly SchemaElement[] = [
  { name: 'entry', num_children: SEGMENT_COLUMNS.length + PATH_COLUMNS.length },
  ...PATH_COLUMNS.map((name) => ({ name, ...TEXT })),
  ...SEGMENT_COLUMNS.map(columnElement),
];

/** Apache Parquet with ZSTD: the columns of the archive (docs/format.md, "Segments"), and those that its path has. */
export const PARQUET: ExportFormat = {
  name: 'parquet',
  extension: 'parquet',
  contentType: 'application/vnd.apache.parquet',
  maxRows: 2_000_000,
  write: (_header: ExportHeader, rows: AsyncIterable<Found>) => written(rows),
};

async function* written(rows: AsyncIterable<Found>): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = new Draining();
  const parquet = new ParquetWriter({
    ...{ writer: bytes, schema: [...SCHEMA], codec: 'ZSTD', compressors: { ZSTD: compressZstd } },
    createdBy: 'indelible export 1',
  });
  let group: Found[] = [];
  const flush = () => {
    parquet.write({ columnData: columnsOf(group), rowGroupSize: group.length, pageSize: PAGE_BYTES });
    group = [];
    return bytes.drain();
  };
  for await (const row of rows) {
    group.push(row);
    if (group.length === GROUP_ROWS) yield flush();
  }
  if (group.length > 0) yield flush();
  parquet.finish();
  yield bytes.drain();
}

function columnsOf(rows: readonly Found[]): ColumnSource[] {
  const archived = rows.map(({ entry, bytes, chain, position, leafHash, link }) => {
    const day = entry.recordedAt.slice(0, 10);
    const hashes = { leafHash: fromHex(leafHash), link: fromHex(link), previousLink: NO_LINK };
    return { chain, row: { entry, bytes, position, day, ...hashes } };
  });
  return [
    { name: 'tenant', data: rows.map(({ entry }) => entry.tenant) },
    { name: 'category', data: rows.map(({ entry }) => entry.category) },
    ...SEGMENT_COLUMNS.map(({ name }) => ({ name, data: archived.map(({ row, chain }) => CELLS[name]!(row, chain)) })),
  ];
}

/** No column is made of it. */
const NO_LINK = new Uint8Array(0);

/** Hands out what was written since, and goes on counting from the file's beginning. */
class Draining extends ByteWriter {
  drain(): Uint8Array {
    const bytes = this.getBytes().slice();
    this.index = 0;
    return bytes;
  }
}
