/** Reads what clients ask for: who to be, for how long, and where to be sent back. */
import { ROLES } from '../../names/api.ts';
import { TENANT_PATTERN } from '../../names/patterns.ts';

export const DEFAULT_LIFETIME_SECONDS = 3_600;
const LONGEST_LIFETIME_SECONDS = 86_400;
const TENANT = new RegExp(TENANT_PATTERN);

export interface Identity {
  readonly tenant: string;
  /** Or several, with blanks between them. */
  readonly role: string;
  readonly subject: string;
  /** An investigator's cases, separated by blanks. */
  readonly cases?: string;
}

/** RFC 6749, section 5.2. */
export class GrantError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function identityOf(form: URLSearchParams): Identity {
  const tenant = form.get('tenant') ?? '';
  const roles = form
    .getAll('role')
    .flatMap((words) => words.split(/[\s,]+/))
    .filter((word) => word !== '');
  const subject = form.get('subject') || 'me';
  const cases = form.get('cases')?.trim();
  if (!TENANT.test(tenant)) {
    throw new GrantError('invalid_request', 'tenant must be 1 to 128 letters, digits, dots, dashes or underscores');
  }
  if (roles.length === 0 || !roles.every((role) => (ROLES as readonly string[]).includes(role))) {
    throw new GrantError('invalid_request', `role must be one of ${ROLES.join(', ')}, or several`);
  }
  return { tenant, role: [...new Set(roles)].join(' '), subject, ...(cases ? { cases } : {}) };
}

export function lifetimeOf(form: URLSearchParams): number {
  const wanted = form.get('expires_in');
  if (wanted === null) return DEFAULT_LIFETIME_SECONDS;
  const seconds = Number(wanted);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_LIFETIME_SECONDS) {
    throw new GrantError('invalid_request', `expires_in must be a number of seconds up to ${LONGEST_LIFETIME_SECONDS}`);
  }
  return seconds;
}

/** What is wrong with an authorization request, in a sentence; such a request is never redirected (RFC 6749, 4.1.2.1). */
export function authorizationFault(query: URLSearchParams): string | undefined {
  const redirect = query.get('redirect_uri') ?? '';
  if (!URL.canParse(redirect) || !isLoopback(new URL(redirect).host) || !/^https?:/.test(redirect)) {
    return 'redirect_uri must be an address on this machine.';
  }
  if (query.get('response_type') !== 'code') return 'response_type must be code.';
  if (!query.get('client_id')) return 'client_id is missing.';
  if (query.get('code_challenge_method') !== 'S256' || !query.get('code_challenge'))
    return 'PKCE with S256 is required.';
  return undefined;
}

export function isLoopback(host: string): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
}
