// When the entries of a block were recorded.

/** Epoch milliseconds by offset in the block; undefined of entries that say nothing. */
export class Times {
  readonly all: readonly (number | undefined)[];
  /** Of those that say something; undefined when none does. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  /** Every entry says something. */
  readonly isComplete: boolean;

  constructor(all: readonly (number | undefined)[]) {
    const known = all.filter((time) => time !== undefined);
    this.all = all;
    this.oldest = known.length === 0 ? undefined : Math.min(...known);
    this.newest = known.length === 0 ? undefined : Math.max(...known);
    this.isComplete = known.length === all.length;
  }
}
