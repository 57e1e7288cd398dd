/** A JWT authorizer as "Control access to HTTP APIs with JWT authorizers" describes it. */
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { messageOf } from '../failure.ts';
import { IssuerKeys, IssuerUnreachable } from './issuer-keys.ts';
import { GatewayError, type GatewayRequest } from './request.ts';

/** Only RSA-based algorithms are supported. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

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

export class JwtAuthorizer {
  readonly #definition: JwtAuthorizerDefinition;
  readonly #now: () => number;
  readonly #keys: IssuerKeys;

  constructor(definition: JwtAuthorizerDefinition, now: () => number) {
    this.#definition = definition;
    this.#now = now;
    this.#keys = new IssuerKeys(definition.issuer, now);
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
      const { payload } = await jwtVerify(token, this.#keys.find, {
        algorithms: ALGORITHMS,
        issuer: this.#definition.issuer,
        requiredClaims: ['exp'],
        currentDate: new Date(this.#now()),
      });
      this.#check(payload);
      return payload;
    } catch (error) {
      // API Gateway answers 401 here, which tells a client that its token is bad; nothing is known about the token.
      if (error instanceof IssuerUnreachable) throw new GatewayError(503, 'Service Unavailable', {}, error.message);
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
}

function scopesOf({ scope, scp }: JWTPayload): readonly string[] {
  const value = scope ?? scp ?? '';
  return Array.isArray(value) ? value.map(String) : String(value).split(' ').filter(Boolean);
}

function explain(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token's ${error.claim} claim is invalid`;
  if (error instanceof errors.JOSEError) return messageOf(error);
  return 'the token can not be verified';
}

function unauthorized(description: string): GatewayError {
  const quoted = description.replaceAll('"', "'");
  const challenge = `Bearer scope="" error="invalid_token" error_description="${quoted}"`;
  return new GatewayError(401, 'Unauthorized', { 'www-authenticate': challenge });
}
