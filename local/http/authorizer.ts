/** A JWT authorizer as "Control access to HTTP APIs with JWT authorizers" describes it. */
import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { messageOf } from '../failure.ts';
import { GatewayError, type GatewayRequest } from './request.ts';

/** Only RSA-based algorithms are supported. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

/** Quotas: how long the issuer's endpoints may take, and how long API Gateway caches the public keys. */
const ISSUER_TIMEOUT_MS = 1_500;
const KEY_CACHE_MS = 2 * 60 * 60 * 1000;

export interface JwtAuthorizerDefinition {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** For example `$request.header.Authorization`. */
  readonly identitySource: string;
}

export interface AuthorizedToken {
  readonly claims: JWTPayload;
  /** null for a route that wants no scope. */
  readonly scopes: readonly string[] | null;
}

type KeySet = ReturnType<typeof createRemoteJWKSet>;

export class JwtAuthorizer {
  readonly #definition: JwtAuthorizerDefinition;
  readonly #now: () => number;
  #keys: KeySet | undefined;

  constructor(definition: JwtAuthorizerDefinition, now: () => number) {
    this.#definition = definition;
    this.#now = now;
  }

  async authorize(request: GatewayRequest, routeScopes: readonly string[]): Promise<AuthorizedToken> {
    const token = this.#token(request);
    if (token === undefined) throw new GatewayError(401, 'Unauthorized', { 'www-authenticate': 'Bearer' });
    const claims = await this.#verify(token);
    const scopes = scopesOf(claims);
    if (routeScopes.length === 0) return { claims, scopes: null };
    if (!routeScopes.some((scope) => scopes.includes(scope))) {
      const challenge = `Bearer scope="${routeScopes.join(' ')}" error="insufficient_scope" error_description="the token lacks the scope of the route"`;
      throw new GatewayError(403, 'Forbidden', { 'www-authenticate': challenge });
    }
    return { claims, scopes };
  }

  /** The identity source may hold the bare token, or the token after `Bearer`. */
  #token(request: GatewayRequest): string | undefined {
    const [, kind, name = ''] = /^\$request\.(header|querystring)\.(.+)$/.exec(this.#definition.identitySource) ?? [];
    const source =
      kind === 'header' ? request.headers[name.toLowerCase()] : new URLSearchParams(request.rawQuery).get(name);
    return source?.replace(/^Bearer\s+/i, '').trim() || undefined;
  }

  async #verify(token: string): Promise<JWTPayload> {
    try {
      if (decodeProtectedHeader(token).kid === undefined) throw new errors.JWTInvalid('the token names no key');
      const { payload } = await jwtVerify(token, await this.#keySet(), {
        algorithms: ALGORITHMS,
        issuer: this.#definition.issuer,
        requiredClaims: ['exp'],
        currentDate: new Date(this.#now()),
      });
      this.#check(payload);
      return payload;
    } catch (error) {
      throw unauthorized(explain(error));
    }
  }

  #check({ aud, client_id: clientId, iat }: JWTPayload): void {
    // client_id counts only where there is no aud.
    const audiences = aud === undefined ? [clientId] : [aud].flat();
    if (!audiences.some((audience) => this.#definition.audience.includes(String(audience)))) {
      throw new errors.JWTInvalid('the token does not have a valid audience');
    }
    if (iat !== undefined && iat > Math.floor(this.#now() / 1000))
      throw new errors.JWTInvalid('the token is used before issued');
  }

  async #keySet(): Promise<KeySet> {
    this.#keys ??= await this.#discover();
    return this.#keys;
  }

  async #discover(): Promise<KeySet> {
    const url = `${this.#definition.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(url, { signal: AbortSignal.timeout(ISSUER_TIMEOUT_MS) });
    const { jwks_uri: keys } = (await response.json()) as { jwks_uri?: unknown };
    if (!response.ok || typeof keys !== 'string') throw new Error(`${url} is no OpenID configuration`);
    return createRemoteJWKSet(new URL(keys), { timeoutDuration: ISSUER_TIMEOUT_MS, cacheMaxAge: KEY_CACHE_MS });
  }
}

function scopesOf({ scope, scp }: JWTPayload): readonly string[] {
  const value = scope ?? scp ?? '';
  return Array.isArray(value) ? value.map(String) : String(value).split(' ').filter(Boolean);
}

function explain(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token's ${error.claim} claim is invalid`;
  if (error instanceof errors.JOSEError) return messageOf(error);
  return 'OIDC discovery endpoint communication error';
}

function unauthorized(description: string): GatewayError {
  const quoted = description.replaceAll('"', "'");
  const challenge = `Bearer scope="" error="invalid_token" error_description="${quoted}"`;
  return new GatewayError(401, 'Unauthorized', { 'www-authenticate': challenge });
}
