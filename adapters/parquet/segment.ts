// The file format of segments: Parquet.
import * as zlib from 'node:zlib';
import { type FileMetaData, parquetMetadata, parquetRead, type SchemaElement } from 'hyparquet';
import { ByteWriter, type ColumnSource, parquetWrite } from 'hyparquet-writer';
import { leafHash } from '../../core/chain.ts';
import { equalBytes, HASH_BYTES } from '../../core/crypto.ts';
import { SEGMENT_COLUMNS, type SegmentColumn } from '../../names/segment.ts';
import { type ArchiveRow, type SegmentCodec, SegmentFault, type SegmentRow } from '../../services/archive/port.ts';
import { CELLS } from './columns.ts';
import { saysTheSame } from './faithful.ts';

// Not by their names: a Node before 22.15, which has no ZSTD, can load this all the same.
const { constants, zstdCompressSync, zstdDecompressSync } = zlib;

/** Named in the file, so that a reader knows the layout: docs/format.md, "Segments". */
const CREATED_BY = 'indelible segment 1';

/** Measured on 5,000 entries: level 9 takes 3 % off at half the speed, level 1 is no faster. Hashes don't shrink. */
const LEVEL = 3;

/** One row group and one page a column chunk: segments are small, and readers skip by file. */
const PAGE_BYTES = 256 * 1024 * 1024;

/** More rows, or larger pages, were not written here; bounds what a planted file can make a reader allocate. */
const MAX_ROWS = 1_000_000;
const MAX_PAGE_BYTES = 256 * 1024 * 1024;

/** Columns whose values are all different: a dictionary of them is a waste of time to build. */
const DISTINCT = new Set(['position', 'id', 'entry', 'leaf_hash', 'link']);

/** Bounds by which a reader could skip a file; of hashes and whole entries there are none worth keeping. */
const WITHOUT_STATISTICS = new Set(['entry', 'leaf_hash', 'link']);

const SCHEMA: readonly SchemaElement[] = [
  { name: 'entry', num_children: SEGMENT_COLUMNS.length },
  ...SEGMENT_COLUMNS.map(columnElement),
];

export function columnElement({ name, parquet, required }: SegmentColumn): SchemaElement {
  const repetition_type = required ? 'REQUIRED' : 'OPTIONAL';
  if (parquet === 'STRING') return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type };
  if (parquet === 'TIMESTAMP') return { name, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type };
  return { name, type: parquet, repetition_type };
}

export const compressZstd = (bytes: Uint8Array): Uint8Array =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });

function decompress(bytes: Uint8Array, size: number): Uint8Array {
  if (size > MAX_PAGE_BYTES) throw new SegmentFault(`a page of ${size} bytes is larger than ${MAX_PAGE_BYTES}`);
  return zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, size) });
}

function encode(chain: number, rows: readonly ArchiveRow[]): Uint8Array {
  const columnData = SEGMENT_COLUMNS.map(({ name }): ColumnSource => {
    const cell = CELLS[name]!;
    return {
      name,
      data: rows.map((row) => cell(row, chain)),
      ...(DISTINCT.has(name) ? { encoding: 'PLAIN' as const } : {}),
      ...(WITHOUT_STATISTICS.has(name) ? { statistics: false } : {}),
    };
  });
  const writer = new ByteWriter();
  parquetWrite({
    ...{ writer, columnData, schema: [...SCHEMA], codec: 'ZSTD', compressors: { ZSTD: compressZstd } },
    ...{ rowGroupSize: Math.max(1, rows.length), pageSize: PAGE_BYTES, createdBy: CREATED_BY },
  });
  return writer.getBytes();
}

/** What is needed to verify; the other columns follow from `entry`. */
const READ = ['position', 'entry', 'leaf_hash', 'link'];

/**
 * A segment's rows, from bytes that may be hostile. Throws SegmentFault for anything but a whole file of this format
 * whose positions rise and whose leaf hashes are those of its entries.
 */
export async function readSegment(bytes: Uint8Array): Promise<SegmentRow[]> {
  let columns: unknown[][];
  try {
    columns = await readColumns(bytes);
  } catch (cause) {
    if (cause instanceof SegmentFault) throw cause;
    // The library fails in many ways on bytes that are no Parquet, none of which says more than that.
    throw new SegmentFault('the bytes are no Parquet file of this format', { cause });
  }
  return columns.map(row);
}

async function readColumns(bytes: Uint8Array): Promise<unknown[][]> {
  const buffer = bytes.slice().buffer;
  const metadata = parquetMetadata(buffer);
  checkLayout(metadata);
  let rows: unknown[][] = [];
  await parquetRead({
    ...{ file: buffer, metadata, columns: READ, utf8: false, compressors: { ZSTD: decompress } },
    // A column of type STRING as the bytes that it is.
    parsers: { stringFromBytes: (text: Uint8Array) => text },
    onComplete: (all) => {
      rows = all;
    },
  });
  if (BigInt(rows.length) !== metadata.num_rows) throw new SegmentFault('rows are missing');
  return rows;
}

function checkLayout({ num_rows, row_groups, schema }: FileMetaData): void {
  if (num_rows < 1n || num_rows > MAX_ROWS) throw new SegmentFault(`got ${num_rows} rows, want 1 to ${MAX_ROWS}`);
  if (row_groups.length !== 1) throw new SegmentFault(`got ${row_groups.length} row groups, want 1`);
  const same = schema.length === SCHEMA.length && SCHEMA.every((want, i) => sameElement(want, schema[i]!));
  if (!same) throw new SegmentFault('the columns are not those of a segment');
}

function sameElement(want: SchemaElement, got: SchemaElement): boolean {
  return (
    want.name === got.name &&
    want.type === got.type &&
    want.converted_type === got.converted_type &&
    want.repetition_type === got.repetition_type &&
    want.num_children === got.num_children
  );
}

function row(cells: readonly unknown[], i: number, all: readonly (readonly unknown[])[]): SegmentRow {
  const [position, entry, leaf, link] = cells;
  if (typeof position !== 'bigint' || position < 0n || position > Number.MAX_SAFE_INTEGER) {
    throw new SegmentFault(`row ${i} has no position`);
  }
  if (!(entry instanceof Uint8Array && leaf instanceof Uint8Array && link instanceof Uint8Array)) {
    throw new SegmentFault(`row ${i} is incomplete`);
  }
  const before = all[i - 1]?.[0];
  if (before !== undefined && position <= (before as bigint)) throw new SegmentFault(`row ${i} is out of order`);
  if (link.length !== HASH_BYTES || !equalBytes(leaf, leafHash(entry))) {
    throw new SegmentFault(`row ${i} has not the hash of its entry`);
  }
  return { position: Number(position), bytes: entry, leafHash: leaf, link };
}

/** The same code makes the same bytes; another version of it, or of zstd, may have packed them otherwise. */
async function isFaithful(bytes: Uint8Array, chain: number, rows: readonly ArchiveRow[]): Promise<boolean> {
  const ours = encode(chain, rows);
  if (equalBytes(ours, bytes)) return true;
  try {
    return await saysTheSame(ours, bytes, decompress);
  } catch {
    // Columns that `decode` has no use for may be no Parquet at all, on which the library fails in many ways.
    return false;
  }
}

export const parquetSegments: SegmentCodec = { encode, decode: readSegment, isFaithful };
