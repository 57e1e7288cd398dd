// What the steps of a bundle take.
import type { Deflating, Slicing } from '../../core/zip/port.ts';
import type { JobStore } from '../job-store/port.ts';
import type { BundleFiles } from './port.ts';
import type { StoredPorts } from './stored-source.ts';

export interface BundlePorts extends StoredPorts {
  readonly jobs: JobStore;
  readonly files: BundleFiles;
  readonly deflating: Deflating & Slicing;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Unlike every other. */
  readonly newId: () => string;
  /** How large slices are, and the parts of a chain's entries that they are made of; the defaults are for real ones. */
  readonly sizes?: { readonly sliceBytes: number; readonly partBytes: number };
}
