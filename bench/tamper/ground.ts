// What mutations are tried on.
import type { Bundles } from './bundles.ts';
import type { Exports } from './exports.ts';
import type { History } from './history.ts';

/** What mutations are tried on. */
export interface Ground {
  readonly history: History;
  readonly bundles: Bundles;
  readonly exports: Exports;
  /** What is sealed when nobody tampers. */
  readonly undisturbed: string;
}
