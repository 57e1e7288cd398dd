/** Formats of exports that the command as one file writes: all but PDF, whose fonts are ten times as large as the rest of it. */
import * as zlib from 'node:zlib';
import { PARQUET } from '../adapters/export/parquet.ts';
import { XLSX } from '../adapters/export/xlsx.ts';
import type { ExportFormat } from '../services/export/format.ts';
import { TEXT_FORMATS } from './text-formats.ts';

/** Node has ZSTD since 22.15. */
const hasZstd = (zlib.zstdCompressSync as unknown) !== undefined;

/** By their names in the API. */
export const EXPORT_FORMATS: ReadonlyMap<string, ExportFormat> = new Map([
  ...TEXT_FORMATS,
  ...[XLSX, ...(hasZstd ? [PARQUET] : [])].map((format) => [format.name, format] as const),
]);
