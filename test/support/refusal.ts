/** The code that `act` is refused with; a crash of any other kind fails the test, and so does acceptance. */
export function refusal(
  kinds: readonly (abstract new (...parameters: never[]) => Error)[],
  act: () => unknown,
): string {
  try {
    act();
  } catch (error) {
    if (kinds.some((kind) => error instanceof kind)) return (error as Error & { code: string }).code;
    throw error;
  }
  return 'accepted';
}
