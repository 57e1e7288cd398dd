/** What the steps of a bundle are given and answer. */

export interface BundleTask {
  readonly tenant: string;
  readonly id: string;
}

export interface BundlePlanned extends BundleTask {
  /** Numbers of the slices that have to be made. */
  readonly slices: readonly number[];
}

export interface BundleStep {
  readonly done: true;
}
