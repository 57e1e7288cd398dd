// What a token says of its bearer. Nothing here decides anything: the API verifies the token, and this is only shown.
import { type AccessRole, ROLE_ORDER } from '../../core/access/policy.ts';
import type { ConsoleConfig } from '../../names/console.ts';

/** Who is signed in, as the token says. */
export interface Identity {
  readonly tenant: string;
  readonly subject: string;
  /** For people: a name or an address where the token has one. */
  readonly name: string;
  /** Of those that there are, in the order in which one is taken for a caller who names none. */
  readonly roles: readonly AccessRole[];
  /** Seconds since 1970. */
  readonly expires: number;
}

/** Undefined when the token can't be read, or says neither tenant nor subject. */
export function identityIn(token: string, names: ConsoleConfig['claims']): Identity | undefined {
  const claims = payloadOf(token);
  if (claims === undefined) return undefined;
  const [tenant, subject, expires] = [claims[names.tenant], claims.sub ?? claims.client_id, claims.exp];
  if (typeof tenant !== 'string' || typeof subject !== 'string' || typeof expires !== 'number') return undefined;
  const called = [claims.name, claims.email, claims.preferred_username, claims.username].find(
    (one): one is string => typeof one === 'string' && one !== '',
  );
  const words = wordsOf(claims[names.role]);
  return {
    tenant,
    subject,
    expires,
    name: called ?? subject,
    roles: ROLE_ORDER.filter((role) => words.includes(role)),
  };
}

/** A list, or words with blanks or commas between them, as functions/api/shared/caller.ts reads the claim. */
function wordsOf(claim: unknown): readonly unknown[] {
  if (Array.isArray(claim)) return claim;
  return typeof claim === 'string' ? claim.replace(/^\[(.*)\]$/, '$1').split(/[\s,]+/) : [];
}

/** The payload of a JWT (RFC 7519); undefined where there is none. */
export function payloadOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const part = token.split('.')[1];
  if (part === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
