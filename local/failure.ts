/** The runtime can't start, and the person at the keyboard can do something about it: one sentence, shown without a stack. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
