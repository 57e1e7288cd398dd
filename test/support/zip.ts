// ZIP archives in memory.
import { zlibZip } from '../../adapters/zip/zlib.ts';
import { openZip, type ZipArchive } from '../../core/zip/archive.ts';
import { ZipError } from '../../core/zip/error.ts';
import type { ZipLayout } from '../../core/zip/layout.ts';
import type { ZipSource } from '../../core/zip/source.ts';
import { ZipWriter } from '../../core/zip/writer.ts';

/** Bytes as a source that fails the test where a reader asks for what is not there. */
export function memorySource(archive: Uint8Array): ZipSource {
  return {
    size: archive.length,
    read: async (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > archive.length) {
        throw new Error(`got a read of ${length} at ${offset} in ${archive.length} bytes`);
      }
      return archive.slice(offset, offset + length);
    },
  };
}

export function openBytes(archive: Uint8Array): Promise<ZipArchive> {
  return openZip(memorySource(archive), zlibZip);
}

/** Everything that an archive holds, read to the end and so checked to the last byte. */
export async function contents(archive: Uint8Array): Promise<Record<string, string>> {
  const zip = await openBytes(archive);
  const found: Record<string, string> = {};
  for (const entry of zip.entries) {
    found[entry.path] = Buffer.from(await zip.read(entry, 10_000_000)).toString('latin1');
  }
  return found;
}

/** The code that the whole archive is refused with; any other failure fails the test, and so does acceptance. */
export async function zipRefusal(archive: Uint8Array): Promise<string> {
  try {
    await contents(archive);
  } catch (error) {
    if (error instanceof ZipError) return error.code;
    throw error;
  }
  return 'accepted';
}

/** What `write` makes of a writer, finished. What is appended past the writer goes into `pieces`. */
export async function written(
  write: (zip: ZipWriter) => Promise<void>,
  layout?: ZipLayout,
  pieces: Uint8Array[] = [],
): Promise<Buffer> {
  const zip = new ZipWriter(
    async (bytes) => {
      pieces.push(bytes);
    },
    zlibZip,
    layout,
  );
  await write(zip);
  await zip.finish();
  return Buffer.concat(pieces);
}
