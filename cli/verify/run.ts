// Verifies the bundle in a file or a folder.
import { availableParallelism } from 'node:os';
import { type BundleOptions, type BundleReport, verifyContainer } from '../../core/bundle/verify.ts';
import { openPath } from './container.ts';
import { LeafThreads } from './leaf-thread.ts';

/** A thread takes a tenth of a second to start, in which this much is verified here. */
const WORTH_A_THREAD_BYTES = 64 * 1024 * 1024;

export interface RunOptions extends BundleOptions {
  /** Whether entries are hashed beside the rest; by default where it pays. */
  readonly parallel?: boolean;
}

/** Verifies the bundle in a file or a folder. Throws a BundleError as verifyContainer does, and what openPath throws. */
export async function verifyPath(path: string, options: RunOptions): Promise<BundleReport> {
  const { container, bytes, close } = await openPath(path);
  const threads = new LeafThreads(path);
  try {
    const { parallel = bytes > WORTH_A_THREAD_BYTES && availableParallelism() > 1, ...rest } = options;
    return await verifyContainer(container, parallel ? { ...rest, leaves: threads.leaves } : rest);
  } finally {
    await threads.stop();
    await close();
  }
}
