// The issuer, as OpenID Connect has it: where to send people, and what a code or a refresh token is exchanged for.
import type { ConsoleConfig } from '../../names/console.ts';

/** OpenID Connect Discovery 1.0: the members that a sign-in needs. */
export interface Endpoints {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly end_session_endpoint?: string;
}

export interface Tokens {
  readonly access_token: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
}

/** What went wrong at the issuer: its word for it (RFC 6749, section 5.2), or that it can't be reached. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly code: string;

  constructor(code: string, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

type Fetch = typeof globalThis.fetch;

/** Throws SignInError. */
export async function endpointsOf({ issuer }: ConsoleConfig, fetch: Fetch): Promise<Endpoints> {
  const answer = await ask(fetch, `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { authorization_endpoint: authorize, token_endpoint: token } = answer;
  if (typeof authorize !== 'string' || typeof token !== 'string') {
    throw new SignInError('invalid_discovery', 'The issuer names no place to sign in.');
  }
  return answer as unknown as Endpoints;
}

export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly challenge: string;
}

/** Where a browser is sent to sign in (RFC 6749, section 4.1.1; RFC 7636, section 4.3). */
export function authorizationUrl(endpoints: Endpoints, config: ConsoleConfig, request: AuthorizationRequest): string {
  return withQuery(endpoints.authorization_endpoint, {
    response_type: 'code',
    client_id: config.clientId,
    redirect_uri: request.redirectUri,
    scope: config.scope,
    state: request.state,
    nonce: request.nonce,
    code_challenge: request.challenge,
    code_challenge_method: 'S256',
  });
}

/**
 * Where a browser is sent to end the issuer's session; undefined where the issuer has no such place. A user pool's managed login
 * takes `logout_uri`, everybody else what OpenID Connect RP-Initiated Logout 1.0 says.
 */
export function signOutUrl(
  { end_session_endpoint: place }: Endpoints,
  { clientId, logout }: ConsoleConfig,
  back: string,
  idToken: string | undefined,
): string | undefined {
  if (logout !== undefined) return withQuery(logout, { client_id: clientId, logout_uri: back });
  if (place === undefined) return undefined;
  const hint = idToken === undefined ? {} : { id_token_hint: idToken };
  return withQuery(place, { client_id: clientId, post_logout_redirect_uri: back, ...hint });
}

/** Throws SignInError. */
export function tokensForCode(
  endpoints: Endpoints,
  { clientId }: ConsoleConfig,
  { code, redirectUri, verifier }: { readonly code: string; readonly redirectUri: string; readonly verifier: string },
  fetch: Fetch,
): Promise<Tokens> {
  const form = { grant_type: 'authorization_code', client_id: clientId, code, redirect_uri: redirectUri };
  return tokens(fetch, endpoints, { ...form, code_verifier: verifier });
}

/** Throws SignInError. The issuer may hand out another refresh token, which then takes the place of this one. */
export function tokensForRefresh(
  endpoints: Endpoints,
  { clientId }: ConsoleConfig,
  refreshToken: string,
  fetch: Fetch,
): Promise<Tokens> {
  return tokens(fetch, endpoints, { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken });
}

async function tokens(
  fetch: Fetch,
  { token_endpoint: place }: Endpoints,
  form: Record<string, string>,
): Promise<Tokens> {
  const answer = await ask(fetch, place, { method: 'POST', body: new URLSearchParams(form) });
  if (typeof answer.access_token !== 'string') throw new SignInError('invalid_answer', 'The issuer sent no token.');
  return answer as unknown as Tokens;
}

async function ask(fetch: Fetch, place: string, init: RequestInit = {}): Promise<Readonly<Record<string, unknown>>> {
  let answer: Readonly<Record<string, unknown>> | undefined;
  let status = 0;
  try {
    // Nothing of this belongs into a cache, and no cookie of the issuer's into the exchange.
    const response = await fetch(place, { ...init, cache: 'no-store', credentials: 'omit' });
    status = response.status;
    answer = (await response.json()) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new SignInError('unreachable', 'The issuer can not be reached.', { cause: error });
  }
  if (status === 200) return answer;
  const { error: code, error_description: detail } = answer;
  throw new SignInError(
    typeof code === 'string' ? code : 'refused',
    typeof detail === 'string' ? detail : `HTTP ${status}`,
  );
}

function withQuery(place: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(place);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
