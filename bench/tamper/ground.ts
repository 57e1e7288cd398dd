import type { Bundles } from './bundles.ts';
import type { History } from './history.ts';

/** What mutations are tried on. */
export interface Ground {
  readonly history: History;
  readonly bundles: Bundles;
  /** What is sealed when nobody tampers. */
  readonly undisturbed: string;
}
