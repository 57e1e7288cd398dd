/** One folder of vectors that somebody else wrote. */
export interface Suite {
  readonly folder: string;
  /** Yields every case once; a folder that yields none has not been checked. */
  cases(directory: string): Iterable<Case>;
}

export interface Case {
  readonly name: string;
  /** Throws when the case does not come out as it has to. */
  check(): void;
}

export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
