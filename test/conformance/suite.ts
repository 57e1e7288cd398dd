/** One folder of vectors that somebody else wrote. */
export interface Suite {
  readonly folder: string;
  /** Yields every case once; a folder that yields none has not been checked. */
  cases(directory: string): Iterable<Case>;
}

export interface Case {
  readonly name: string;
  /** Throws or rejects when the case does not come out as it has to. */
  check(): void | Promise<void>;
}

export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Demands a refusal by name: an accepted case fails, and so does one that crashes or is refused for another reason. */
export function demandRefusal<C extends string>(
  kind: abstract new (...parameters: never[]) => Error & { readonly code: C },
  code: C | undefined,
  act: () => unknown,
): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
    demand(code === undefined || error.code === code, `refused as ${error.code}, want ${code}`);
    return;
  }
  demand(false, 'got accepted, want refused');
}
