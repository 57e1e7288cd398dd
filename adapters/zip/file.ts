// Files on disk as archives that are read and written.
import type { FileHandle } from 'node:fs/promises';
import type { ZipSink } from '../../core/zip/output.ts';
import type { ZipSource } from '../../core/zip/source.ts';

/** An open file as an archive to read; the handle stays the caller's to close. */
export async function fileSource(file: FileHandle): Promise<ZipSource> {
  const { size } = await file.stat();
  return {
    size,
    read: async (offset, length) => {
      const bytes = Buffer.allocUnsafeSlow(length);
      let at = 0;
      while (at < length) {
        const { bytesRead } = await file.read(bytes, at, length - at, offset + at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return bytes.subarray(0, at);
    },
  };
}

/** Below 2^31, which no system call goes beyond. */
const MAX_WRITE_BYTES = 2 ** 30;

/** Appends to an open file at its current position. Nothing is synced: that too is the caller's. */
export function fileSink(file: FileHandle): ZipSink {
  return async (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, at, Math.min(bytes.length - at, MAX_WRITE_BYTES));
      at += bytesWritten;
    }
  };
}
