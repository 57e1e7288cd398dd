// Whether two Parquet files say the same.
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';

/** Where things lie in the file and how long they came out depends on the compressor; nothing that is read does. */
const PLACES = new Set([
  'data_page_offset',
  'dictionary_page_offset',
  'file_offset',
  'metadata_length',
  'total_byte_size',
  'total_compressed_size',
  'total_uncompressed_size',
]);

type Decompress = (bytes: Uint8Array, size: number) => Uint8Array;

/**
 * Whether two files say the same in every column, in their bounds and in whatever else steers a reader: they then differ
 * in how well they are packed and in nothing that a query could see. Throws what the library throws on bytes that are no
 * Parquet.
 */
export async function saysTheSame(a: Uint8Array, b: Uint8Array, decompress: Decompress): Promise<boolean> {
  const [one, other] = [metadataOf(a), metadataOf(b)];
  if (plain(one.metadata) !== plain(other.metadata)) return false;
  return plain(await cells(one, decompress)) === plain(await cells(other, decompress));
}

interface Opened {
  readonly file: ArrayBuffer;
  readonly metadata: FileMetaData;
}

function metadataOf(bytes: Uint8Array): Opened {
  const file = bytes.slice().buffer;
  return { file, metadata: parquetMetadata(file) };
}

function cells({ file, metadata }: Opened, decompress: Decompress): Promise<unknown> {
  return parquetReadObjects({
    ...{ file, metadata, utf8: false, compressors: { ZSTD: decompress } },
    parsers: { stringFromBytes: (text: Uint8Array) => text },
  });
}

function plain(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name, shown) {
    if (PLACES.has(name)) return undefined;
    const item = this[name];
    if (typeof item === 'bigint') return `${item}n`;
    if (item instanceof Uint8Array) return Buffer.from(item).toString('base64');
    return shown;
  });
}
