/** The tokens that the local issuer signs. */
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Identity } from './grant.ts';
import { ALGORITHM, type SigningKey } from './key.ts';

export interface IssuerOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly key: SigningKey;
  readonly now: () => number;
  /** Asked when a token is made, since the names come from the template. */
  readonly claims: () => { readonly tenant: string; readonly role: string; readonly cases: string };
}

export class Tokens {
  readonly #options: IssuerOptions;

  constructor(options: IssuerOptions) {
    this.#options = options;
  }

  access(identity: Identity, lifetimeSeconds: number): Promise<string> {
    const claims = { ...this.#claimsOf(identity), token_use: 'access', scope: 'openid' };
    return this.#sign(claims, identity.subject, lifetimeSeconds);
  }

  /** The answer of a token endpoint (RFC 6749, section 5.1), with an ID token for the client. */
  async both(
    identity: Identity,
    lifetime: number,
    clientId?: string,
    nonce?: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    const idClaims = { ...this.#claimsOf(identity), token_use: 'id', ...(nonce === undefined ? {} : { nonce }) };
    return {
      access_token: await this.access(identity, lifetime),
      id_token: await this.#sign(idClaims, identity.subject, lifetime, clientId),
      token_type: 'Bearer',
      expires_in: lifetime,
      scope: 'openid',
    };
  }

  #claimsOf({ tenant, role, subject, cases }: Identity): Record<string, string> {
    const names = this.#options.claims();
    return {
      ...{ [names.tenant]: tenant, [names.role]: role, username: subject },
      ...(cases === undefined ? {} : { [names.cases]: cases }),
    };
  }

  #sign(
    claims: Record<string, string>,
    subject: string,
    lifetime: number,
    audience = this.#options.audience,
  ): Promise<string> {
    const { key, issuer, now } = this.#options;
    const at = Math.floor(now() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt(at)
      .setExpirationTime(at + lifetime)
      .setJti(randomUUID())
      .sign(key.privateKey);
  }
}
