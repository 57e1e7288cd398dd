// Compression of blocks by zlib's Zstandard.
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Compression } from '../core/block/block.ts';

/**
 * Entries repeat themselves, so the fastest level already gives most of what can be saved; a write is rounded up to
 * whole kilobytes, and the processor time of higher levels costs more than the units that they save (bench/ledger.ts).
 */
const LEVEL = 1;

/** 4 MiB: a block's content is no larger, so a frame that demands more memory is not one of ours. */
const WINDOW_LOG_MAX = 22;

/** zstd by node:zlib: no native module in a bundle. Given the whole input at once, it declares the content size. */
export const zstd: Compression = {
  compress: (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } }),
  decompress: (bytes, maxBytes) =>
    zstdDecompressSync(bytes, {
      maxOutputLength: Math.max(1, maxBytes),
      params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX },
    }),
};
