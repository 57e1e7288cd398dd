// Makes a WebAssembly module where the process can: the slow ways beside it serve everywhere.

/**
 * Makes what it is given when it is first asked for, and once. Undefined for good where that can't be made: an engine without
 * WebAssembly (`node --jitless`, some browsers' strict modes), a policy that forbids compiling, or no memory for the module.
 */
export function madeOnce<M>(make: () => M): () => M | undefined {
  let made: M | undefined;
  let isTried = false;
  return () => {
    if (isTried) return made;
    isTried = true;
    try {
      made = make();
    } catch {
      // Whatever is missing, nothing is wrong with what was to be computed, and it can be computed without.
      made = undefined;
    }
    return made;
  };
}
