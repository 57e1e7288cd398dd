/** Authorization codes: each is good once, for a minute, for the client, address and challenge that it was made for. */
import { createHash, randomBytes } from 'node:crypto';

/** RFC 6749 recommends at most ten minutes; a browser on this machine needs no more than seconds. */
const CODE_LIFETIME_MS = 60_000;

export interface Grant {
  readonly clientId: string;
  readonly redirectUri: string;
  /** RFC 7636, method S256. */
  readonly challenge: string;
  readonly nonce?: string;
  readonly scope: string;
  readonly tenant: string;
  readonly role: string;
  readonly subject: string;
  readonly cases?: string;
  /** The browser's sign-in, whose end ends what comes of the code. */
  readonly browser?: string;
}

export class AuthorizationCodes {
  readonly #now: () => number;
  readonly #grants = new Map<string, Grant & { readonly expires: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(grant: Grant): string {
    for (const [code, { expires }] of this.#grants) if (expires <= this.#now()) this.#grants.delete(code);
    const code = randomBytes(32).toString('base64url');
    this.#grants.set(code, { ...grant, expires: this.#now() + CODE_LIFETIME_MS });
    return code;
  }

  /** Undefined when anything does not fit; the code is spent in any case. */
  redeem(code: string, clientId: string, redirectUri: string, verifier: string): Grant | undefined {
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    if (!grant || grant.expires <= this.#now()) return undefined;
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const fits = grant.clientId === clientId && grant.redirectUri === redirectUri && grant.challenge === challenge;
    return fits ? grant : undefined;
  }
}
