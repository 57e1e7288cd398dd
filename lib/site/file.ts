// What a part of the site hands over to be served.

export interface SiteFile {
  /** Under which it is served, such as `/verify`; a route of the API has to lead there (names/site.ts). */
  readonly path: string;
  /** Media type, with its charset. */
  readonly type: string;
  readonly bytes: Uint8Array;
  /** Its name changes with its bytes, so that nobody has to ask for it twice. */
  readonly immutable?: true;
  /** For a page: what it may do (`policyText`). Everything else may do nothing. */
  readonly policy?: Policy;
}

/** Directives of a Content-Security-Policy beside those that every page has, with their sources. */
export type Policy = Readonly<Record<string, readonly string[]>>;

/** What no page may do, whatever it says: nothing is allowed that a directive does not name. */
const CLOSED: Policy = { 'default-src': ["'none'"], 'base-uri': ["'none'"], 'form-action': ["'none'"] };

/** What a header can forbid and a page's own policy can't. */
const FRAMED: Policy = { 'frame-ancestors': ["'none'"] };

/** Sources that make a policy worth little: what is injected into a page would run. */
const UNSAFE: readonly string[] = ["'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", '*', 'http:', 'https:'];

/** The policy as a page's own `meta` element says it, and as a header does. Throws for a source that undoes it. */
export function policyText(policy: Policy, where: 'meta' | 'header'): string {
  const all = { ...CLOSED, ...policy, ...(where === 'header' ? FRAMED : {}) };
  const unsafe = Object.values(all)
    .flat()
    .filter((source) => UNSAFE.includes(source));
  if (unsafe.length > 0)
    throw new Error(`got a Content-Security-Policy with ${unsafe.join(' ')}, want hashes or 'self'`);
  return Object.entries(all)
    .map(([directive, sources]) => [directive, ...sources].join(' '))
    .join('; ');
}
