import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileSource } from '../../adapters/zip/file.ts';
import { zlibZip } from '../../adapters/zip/zlib.ts';
import { type BundleOptions, type BundleReport, verifyBundle } from '../../core/bundle/verify.ts';
import { LeafThreads } from './leaf-thread.ts';

/** A thread takes a tenth of a second to start, in which this much is verified here. */
const WORTH_A_THREAD_BYTES = 8 * 1024 * 1024;

export interface RunOptions extends BundleOptions {
  /** Whether entries are hashed beside the rest; by default where it pays. */
  readonly parallel?: boolean;
}

/** Verifies the bundle in a file. Throws a BundleError as verifyBundle does, and what opening the file throws. */
export async function verifyPath(path: string, options: RunOptions): Promise<BundleReport> {
  const file = await open(path, 'r');
  const threads = new LeafThreads(path);
  try {
    const source = await fileSource(file);
    const { parallel = source.size > WORTH_A_THREAD_BYTES && availableParallelism() > 1, ...rest } = options;
    return await verifyBundle(source, zlibZip, parallel ? { ...rest, leaves: threads.leaves } : rest);
  } finally {
    await threads.stop();
    await file.close();
  }
}
