/**
 * Keeps web pages out. Signatures aren't checked, so that a page of any site could otherwise post a form to this port, or
 * reach it by a name that resolves to loopback.
 */

/** Undefined when the request is fine, else what is wrong with it. */
export function loopbackFault(headers: Readonly<Record<string, string>>): string | undefined {
  const { host = '', origin } = headers;
  if (!isLoopback(host)) return `The host '${host}' is not this machine's loopback address.`;
  if (origin !== undefined && !isLoopback(origin.replace(/^https?:\/\//, '')))
    return 'Requests from web pages of other sites are refused.';
  if (headers['sec-fetch-site'] === 'cross-site') return 'Requests from web pages of other sites are refused.';
  return undefined;
}

/** Buckets may be named in front (virtual-host style). */
function isLoopback(authority: string): boolean {
  return /^(?:(?:[a-z0-9.-]+\.)?(?:localhost|127\.0\.0\.1)|\[::1\])(?::\d+)?$/i.test(authority);
}
