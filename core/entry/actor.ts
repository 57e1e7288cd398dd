// Which actors have to say who they are.

/** Those that are somebody in particular; the system may stay nameless, and the anonymous have to. */
const IDENTIFIED: ReadonlySet<unknown> = new Set(['user', 'service', 'external']);

export function isIdentified(actorType: unknown): boolean {
  return IDENTIFIED.has(actorType);
}
