/**
 * An OpenID Connect issuer for one machine, at the origin of PORT: discovery, keys, the authorization code flow with PKCE, and
 * a direct grant for the command line:
 *
 *   POST /_oidc/token   content-type: application/x-www-form-urlencoded
 *   grant_type=urn:indelible:grant-type:local&tenant=acme&role=writer&subject=me[&cases=c1 c2][&expires_in=60]
 *   → {"access_token":"…","id_token":"…","token_type":"Bearer","expires_in":3600}
 *
 * Clients find the endpoint in /.well-known/openid-configuration.
 */
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { GatewayResponse } from '../http/event.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { Handles } from '../http/server.ts';
import { AuthorizationCodes } from './codes.ts';
import {
  authorizationFault,
  DEFAULT_LIFETIME_SECONDS,
  GrantError,
  type Identity,
  identityOf,
  isLoopback,
  lifetimeOf,
} from './grant.ts';
import { ALGORITHM, type SigningKey } from './key.ts';
import { signInPage } from './page.ts';

/** No route of an API begins so; a template that declares one all the same is refused at the start. */
export const ISSUER_PATHS = ['/_oidc/', '/.well-known/openid-configuration'] as const;

export const LOCAL_GRANT = 'urn:indelible:grant-type:local';
const PATHS = { authorize: '/_oidc/authorize', token: '/_oidc/token', keys: '/_oidc/keys' } as const;
const AUTHORIZATION_PARAMETERS = [
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
];

export interface IssuerOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly key: SigningKey;
  readonly now: () => number;
  /** Asked when a token is made, since the names come from the template. */
  readonly claims: () => { readonly tenant: string; readonly role: string; readonly cases: string };
}

export class Issuer implements Handles {
  readonly #options: IssuerOptions;
  readonly #codes: AuthorizationCodes;

  constructor(options: IssuerOptions) {
    this.#options = options;
    this.#codes = new AuthorizationCodes(options.now);
  }

  async handle(request: GatewayRequest): Promise<GatewayResponse | undefined> {
    if (!ISSUER_PATHS.some((path) => request.path.startsWith(path))) return undefined;
    // A page elsewhere whose name is made to resolve to this machine (DNS rebinding) must get no token.
    if (!isLoopback(request.host)) return json(421, { error: 'misdirected_request' });
    const answer = await this.#route(request);
    const { origin } = request.headers;
    return origin !== undefined && isLoopback(origin.replace(/^https?:\/\//, ''))
      ? { ...answer, headers: { ...answer.headers, 'access-control-allow-origin': origin, vary: 'Origin' } }
      : answer;
  }

  /** A signed access token; the command line and the start banner use it through the token endpoint or directly. */
  async token(identity: Identity, lifetimeSeconds = DEFAULT_LIFETIME_SECONDS): Promise<string> {
    return this.#sign(
      { ...this.#claimsOf(identity), token_use: 'access', scope: 'openid' },
      identity.subject,
      lifetimeSeconds,
    );
  }

  async #route(request: GatewayRequest): Promise<GatewayResponse> {
    const route = `${request.method} ${request.path}`;
    if (route === `GET ${ISSUER_PATHS[1]}`) return json(200, this.#discovery());
    if (route === `GET ${PATHS.keys}`) return json(200, { keys: [this.#options.key.publicJwk] });
    if (route === `GET ${PATHS.authorize}`) return this.#authorize(new URLSearchParams(request.rawQuery));
    if (route === `POST ${PATHS.authorize}`) return this.#signIn(new URLSearchParams(request.body.toString()), request);
    if (route === `POST ${PATHS.token}`) return this.#grant(new URLSearchParams(request.body.toString()));
    return json(404, { error: 'not_found' });
  }

  #discovery(): unknown {
    const { issuer } = this.#options;
    return {
      issuer,
      authorization_endpoint: issuer + PATHS.authorize,
      token_endpoint: issuer + PATHS.token,
      jwks_uri: issuer + PATHS.keys,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', LOCAL_GRANT],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [ALGORITHM],
      token_endpoint_auth_methods_supported: ['none'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: ['openid'],
    };
  }

  #authorize(query: URLSearchParams, fault?: string): GatewayResponse {
    const problem = authorizationFault(query);
    if (problem) return text(400, problem);
    const parameters = Object.fromEntries([...query].filter(([name]) => AUTHORIZATION_PARAMETERS.includes(name)));
    return html(signInPage({ parameters, action: PATHS.authorize, ...(fault === undefined ? {} : { fault }) }));
  }

  #signIn(form: URLSearchParams, request: GatewayRequest): GatewayResponse {
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `http://${request.host}`) {
      return text(403, 'This form was sent by another site.');
    }
    const problem = authorizationFault(form);
    if (problem) return text(400, problem);
    let identity: Identity;
    try {
      identity = identityOf(form);
    } catch (error) {
      if (error instanceof GrantError) return this.#authorize(form, error.message);
      throw error;
    }
    const nonce = form.get('nonce');
    const redirectUri = form.get('redirect_uri') ?? '';
    const code = this.#codes.issue({
      ...identity,
      clientId: form.get('client_id') ?? '',
      redirectUri,
      challenge: form.get('code_challenge') ?? '',
      scope: form.get('scope') ?? 'openid',
      ...(nonce === null ? {} : { nonce }),
    });
    const location = new URL(redirectUri);
    location.searchParams.set('code', code);
    location.searchParams.set('iss', this.#options.issuer);
    const state = form.get('state');
    if (state !== null) location.searchParams.set('state', state);
    return { status: 303, headers: { location: location.href, 'cache-control': 'no-store' }, body: Buffer.alloc(0) };
  }

  async #grant(form: URLSearchParams): Promise<GatewayResponse> {
    try {
      const kind = form.get('grant_type');
      if (kind === LOCAL_GRANT) return json(200, await this.#tokens(identityOf(form), lifetimeOf(form)));
      if (kind !== 'authorization_code')
        throw new GrantError('unsupported_grant_type', `grant_type ${kind} is not served here`);
      const [code = '', clientId = '', redirectUri = '', verifier = ''] = [
        'code',
        'client_id',
        'redirect_uri',
        'code_verifier',
      ].map((name) => form.get(name) ?? '');
      const grant = this.#codes.redeem(code, clientId, redirectUri, verifier);
      if (!grant)
        throw new GrantError('invalid_grant', 'the code is unknown, used, expired, or was made for something else');
      return json(200, await this.#tokens(grant, DEFAULT_LIFETIME_SECONDS, grant.clientId, grant.nonce));
    } catch (error) {
      if (error instanceof GrantError) return json(400, { error: error.code, error_description: error.message });
      throw error;
    }
  }

  async #tokens(identity: Identity, lifetime: number, clientId?: string, nonce?: string): Promise<unknown> {
    const idClaims = { ...this.#claimsOf(identity), token_use: 'id', ...(nonce === undefined ? {} : { nonce }) };
    return {
      access_token: await this.token(identity, lifetime),
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

function json(status: number, value: unknown): GatewayResponse {
  return respond(status, 'application/json', JSON.stringify(value));
}

function text(status: number, value: string): GatewayResponse {
  return respond(status, 'text/plain;charset=utf-8', `${value}\n`);
}

/** The form's answer is a redirect to the client, which form-action has to allow. */
function html(value: string): GatewayResponse {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
  const answer = respond(200, 'text/html;charset=utf-8', value);
  return { ...answer, headers: { ...answer.headers, 'content-security-policy': policy, 'x-frame-options': 'DENY' } };
}

function respond(status: number, contentType: string, body: string): GatewayResponse {
  const headers = { 'content-type': contentType, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  return { status, headers, body: Buffer.from(body) };
}
