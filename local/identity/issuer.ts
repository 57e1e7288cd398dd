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
import type { GatewayResponse } from '../http/event.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { Handles } from '../http/server.ts';
import { html, json, redirect, text } from './answers.ts';
import { AuthorizationCodes, type Grant } from './codes.ts';
import {
  authorizationFault,
  DEFAULT_LIFETIME_SECONDS,
  GrantError,
  type Identity,
  identityOf,
  isLoopback,
  lifetimeOf,
} from './grant.ts';
import { ALGORITHM } from './key.ts';
import { signInPage } from './page.ts';
import { SignIns } from './sign-ins.ts';
import { type IssuerOptions, Tokens } from './tokens.ts';

/** No route of an API begins so; a template that declares one all the same is refused at the start. */
export const ISSUER_PATHS = ['/_oidc/', '/.well-known/openid-configuration'] as const;

export const LOCAL_GRANT = 'urn:indelible:grant-type:local';
const PATHS = {
  authorize: '/_oidc/authorize',
  token: '/_oidc/token',
  keys: '/_oidc/keys',
  endSession: '/_oidc/end-session',
} as const;
/** Knows a browser again, so that a page that is loaded anew finds its session. */
const COOKIE = 'indelible_sign_in';
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

export class Issuer implements Handles {
  readonly #options: IssuerOptions;
  readonly #codes: AuthorizationCodes;
  readonly #signIns: SignIns;
  readonly #tokens: Tokens;

  constructor(options: IssuerOptions) {
    this.#options = options;
    this.#codes = new AuthorizationCodes(options.now);
    this.#signIns = new SignIns(options.now);
    this.#tokens = new Tokens(options);
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
  token(identity: Identity, lifetimeSeconds = DEFAULT_LIFETIME_SECONDS): Promise<string> {
    return this.#tokens.access(identity, lifetimeSeconds);
  }

  async #route(request: GatewayRequest): Promise<GatewayResponse> {
    const route = `${request.method} ${request.path}`;
    if (route === `GET ${ISSUER_PATHS[1]}`) return json(200, this.#discovery());
    if (route === `GET ${PATHS.keys}`) return json(200, { keys: [this.#options.key.publicJwk] });
    if (route === `GET ${PATHS.authorize}`) return this.#authorize(new URLSearchParams(request.rawQuery), request);
    if (route === `GET ${PATHS.endSession}`) return this.#endSession(new URLSearchParams(request.rawQuery), request);
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
      end_session_endpoint: issuer + PATHS.endSession,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token', LOCAL_GRANT],
      prompt_values_supported: ['none', 'login'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [ALGORITHM],
      token_endpoint_auth_methods_supported: ['none'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: ['openid'],
    };
  }

  /** A browser that signed in before is sent back at once, unless the client wants to see somebody sign in. */
  #authorize(query: URLSearchParams, request: GatewayRequest): GatewayResponse {
    const problem = authorizationFault(query);
    if (problem) return text(400, problem);
    const prompt = query.get('prompt');
    const browser = browserOf(request);
    const known = prompt === 'login' ? undefined : this.#signIns.of(browser);
    if (known !== undefined) return redirect(this.#answer(query, known, browser));
    if (prompt !== 'none') return this.#page(query);
    return redirect(this.#back(query, { error: 'login_required' }));
  }

  #page(query: URLSearchParams, fault?: string): GatewayResponse {
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
      if (error instanceof GrantError) return this.#page(form, error.message);
      throw error;
    }
    const browser = this.#signIns.remember(identity);
    return redirect(this.#answer(form, identity, browser), `${COOKIE}=${browser}; ${COOKIE_KIND}`);
  }

  /** OpenID Connect RP-Initiated Logout 1.0; somewhere else than this machine nobody is sent. */
  #endSession(query: URLSearchParams, request: GatewayRequest): GatewayResponse {
    this.#signIns.forget(browserOf(request));
    const gone = `${COOKIE}=; ${COOKIE_KIND}; Max-Age=0`;
    const back = query.get('post_logout_redirect_uri') ?? '';
    if (URL.canParse(back) && isLoopback(new URL(back).host)) return redirect(new URL(back), gone);
    const answer = text(200, 'You are signed out.');
    return { ...answer, headers: { ...answer.headers, 'set-cookie': [gone] } };
  }

  /** Where the client waits, with a code. */
  #answer(asked: URLSearchParams, identity: Identity, browser: string | undefined): URL {
    const nonce = asked.get('nonce');
    const code = this.#codes.issue({
      ...identity,
      clientId: asked.get('client_id') ?? '',
      redirectUri: asked.get('redirect_uri') ?? '',
      challenge: asked.get('code_challenge') ?? '',
      scope: asked.get('scope') ?? 'openid',
      ...(nonce === null ? {} : { nonce }),
      ...(browser === undefined ? {} : { browser }),
    });
    return this.#back(asked, { code });
  }

  #back(asked: URLSearchParams, answer: Readonly<Record<string, string>>): URL {
    const location = new URL(asked.get('redirect_uri') ?? '');
    for (const [name, value] of Object.entries(answer)) location.searchParams.set(name, value);
    location.searchParams.set('iss', this.#options.issuer);
    const state = asked.get('state');
    if (state !== null) location.searchParams.set('state', state);
    return location;
  }

  async #grant(form: URLSearchParams): Promise<GatewayResponse> {
    try {
      const kind = form.get('grant_type');
      if (kind === LOCAL_GRANT) return json(200, await this.#tokens.both(identityOf(form), lifetimeOf(form)));
      if (kind === 'refresh_token') return json(200, await this.#refresh(form));
      if (kind !== 'authorization_code')
        throw new GrantError('unsupported_grant_type', `grant_type ${kind} is not served here`);
      return json(200, await this.#redeem(form));
    } catch (error) {
      if (error instanceof GrantError) return json(400, { error: error.code, error_description: error.message });
      throw error;
    }
  }

  async #redeem(form: URLSearchParams): Promise<unknown> {
    const [code = '', clientId = '', redirectUri = '', verifier = ''] = [
      'code',
      'client_id',
      'redirect_uri',
      'code_verifier',
    ].map((name) => form.get(name) ?? '');
    const grant: Grant | undefined = this.#codes.redeem(code, clientId, redirectUri, verifier);
    if (!grant)
      throw new GrantError('invalid_grant', 'the code is unknown, used, expired, or was made for something else');
    const refresh = this.#signIns.refreshToken(grant, clientId, grant.browser);
    const tokens = await this.#tokens.both(grant, DEFAULT_LIFETIME_SECONDS, clientId, grant.nonce);
    return { ...tokens, refresh_token: refresh };
  }

  /** The token stays good, as a user pool's does. */
  async #refresh(form: URLSearchParams): Promise<unknown> {
    const clientId = form.get('client_id') ?? '';
    const refreshed = this.#signIns.refresh(form.get('refresh_token') ?? '', clientId);
    if (!refreshed) throw new GrantError('invalid_grant', 'the refresh token is unknown, expired, or another client’s');
    return this.#tokens.both(refreshed.identity, DEFAULT_LIFETIME_SECONDS, clientId);
  }
}

/** Scripts can't read it, and no other site's page sends it along but by leading here. */
const COOKIE_KIND = 'Path=/_oidc/; HttpOnly; SameSite=Lax';

function browserOf({ cookies }: GatewayRequest): string | undefined {
  return cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}
