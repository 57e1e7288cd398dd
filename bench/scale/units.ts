// The units of the work that the scale model counts with, and sums of them.
import { combined, requestsOf, scaled, type Use } from '../prices.ts';

/** What AWS is asked for by each unit of the work, as counted. */
export interface Units {
  /** One run of a deployment without tenants. */
  readonly fixed: Use;
  /** Every seal of the log's history that is read again. */
  readonly day: Use;
  readonly tenant: Use;
  /** Every digest of a tenant's history that is read again. */
  readonly digest: Use;
  readonly entry: Use;
  readonly segment: Use;
  readonly block: Use;
}

/** By what is done. `day` and `digest` count in `full` alone: the others read a few, which their tenants' share has. */
export interface Measured {
  readonly archive: Units;
  readonly seal: Units;
  readonly incremental: Units;
  readonly full: Units;
  /** How many requests are under way at the same time, as seen: of a busy chain, and of quiet tenants. */
  readonly overlap: { readonly seal: Overlap; readonly verify: Overlap };
}

export interface Overlap {
  readonly busy: number;
  readonly quiet: number;
}

export const NOTHING: Use = { requests: requestsOf(() => 0), queries: 0, readUnits: 0, cpuMs: 0 };

export const NO_UNITS: Units = {
  ...{
    fixed: NOTHING,
    day: NOTHING,
    tenant: NOTHING,
    digest: NOTHING,
    entry: NOTHING,
    segment: NOTHING,
    block: NOTHING,
  },
};

export const plus = (a: Use, b: Use): Use => combined(a, b, (one, other) => one + other);

/** What one more of `by` takes; what is measured twice differs a little, and nothing takes less than nothing. */
export const slope = (more: Use, less: Use, by: number): Use =>
  combined(more, less, (a, b) => Math.max(0, (a - b) / by));

/** What is left of a measurement without its parts. */
export const without = (whole: Use, ...parts: readonly (readonly [Use, number])[]): Use =>
  parts.reduce((left, [use, times]) => combined(left, scaled(use, times), (a, b) => Math.max(0, a - b)), whole);
