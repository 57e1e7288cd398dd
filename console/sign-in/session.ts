// The session: tokens in memory alone, renewed before they end, and which of its roles somebody acts in.
import type { AccessRole } from '../../core/access/policy.ts';
import type { ConsoleConfig } from '../../names/console.ts';
import { type Identity, identityIn, payloadOf } from './claims.ts';
import {
  authorizationUrl,
  type Endpoints,
  endpointsOf,
  SignInError,
  signOutUrl,
  type Tokens,
  tokensForCode,
  tokensForRefresh,
} from './issuer.ts';
import { challengeOf, unguessable } from './pkce.ts';

export type SessionState =
  | { readonly kind: 'starting' }
  /** `expired`: it could not be renewed. `failed`: a sign-in was begun and came to nothing. */
  | { readonly kind: 'out'; readonly why: 'left' | 'expired' | 'failed'; readonly fault?: SignInError }
  | { readonly kind: 'in'; readonly identity: Identity; readonly role: AccessRole | undefined };

/** What the session needs of a browser. */
export interface Surroundings {
  readonly fetch: typeof globalThis.fetch;
  /** Lives as long as the tab: what a sign-in in progress has to remember, and never a token. */
  readonly storage: Kept;
  /** Of this page, such as `https://audit.example.com/?code=…#/entries`. */
  readonly address: () => URL;
  /** Leaves the page. */
  readonly leave: (url: string) => void;
  /** Puts another address in the place of this one, without leaving. */
  readonly rewrite: (address: string) => void;
  readonly now: () => number;
}

/** As a browser's session storage. */
interface Kept {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** What a sign-in remembers while the browser is at the issuer. */
interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Where to go on, as the part of an address behind `#`. */
  readonly back: string;
}

const PENDING = 'indelible.sign-in';
/** That somebody was signed in here: a reload goes to the issuer at once, which knows them by its own cookie. */
const WAS_IN = 'indelible.was-signed-in';
const ROLE = 'indelible.role';
/** A token that ends within this time is renewed before it is used: clocks differ, and requests take time. */
const RENEW_BEFORE_SECONDS = 60;

/** One page's session. */
export class Session {
  readonly #config: ConsoleConfig;
  readonly #around: Surroundings;
  readonly #listeners = new Set<() => void>();
  #state: SessionState = { kind: 'starting' };
  #tokens: Tokens | undefined;
  #endpoints: Promise<Endpoints> | undefined;
  #renewal: Promise<void> | undefined;

  constructor(config: ConsoleConfig, around: Surroundings) {
    this.#config = config;
    this.#around = around;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): SessionState => this.#state;

  /** Finishes the sign-in that this page was opened by, or goes on with a session that a reload interrupted. */
  async start(): Promise<void> {
    const { searchParams, origin, hash } = this.#around.address();
    const answered = searchParams.has('state') && (searchParams.has('code') || searchParams.has('error'));
    if (!answered) {
      if (this.#around.storage.getItem(WAS_IN) !== null) return this.signIn();
      return this.#set({ kind: 'out', why: 'left' });
    }
    const pending = this.#takePending();
    // The code is spent, or never will be: it has no business in the history.
    this.#around.rewrite(`${origin}/${pending?.back ?? hash}`);
    try {
      await this.#finish(searchParams, pending, `${origin}/`);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Leaves the page for the issuer's; what is behind `#` is there again afterwards. */
  async signIn(): Promise<void> {
    const { origin, hash } = this.#around.address();
    const pending: Pending = { state: unguessable(), nonce: unguessable(), verifier: unguessable(), back: hash };
    try {
      const endpoints = await this.#discover();
      this.#around.storage.setItem(PENDING, JSON.stringify(pending));
      const challenge = await challengeOf(pending.verifier);
      const { state, nonce } = pending;
      this.#around.leave(
        authorizationUrl(endpoints, this.#config, { redirectUri: `${origin}/`, state, nonce, challenge }),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Forgets the tokens, and ends the issuer's session where it has a way to. */
  async signOut(): Promise<void> {
    const idToken = this.#tokens?.id_token;
    this.#forget();
    this.#set({ kind: 'out', why: 'left' });
    const endpoints = await this.#discover().catch(() => undefined);
    const place = endpoints && signOutUrl(endpoints, this.#config, `${this.#around.address().origin}/`, idToken);
    if (place !== undefined) this.#around.leave(place);
  }

  /** From now on requests are made in this role. */
  choose(role: AccessRole): void {
    if (this.#state.kind !== 'in' || !this.#state.identity.roles.includes(role)) return;
    this.#around.storage.setItem(ROLE, role);
    this.#set({ ...this.#state, role });
  }

  /** The token for a request; renewed first where it is about to end. Undefined when nobody is signed in any more. */
  async token(): Promise<string | undefined> {
    if (this.#state.kind !== 'in') return undefined;
    const left = this.#state.identity.expires - this.#around.now() / 1000;
    if (left < RENEW_BEFORE_SECONDS) await this.renew();
    return this.#bearer();
  }

  /** Requests that find the token ended share one renewal. Without one the session has expired. */
  renew(): Promise<void> {
    this.#renewal ??= this.#renewOnce().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** The API takes the token no longer. */
  expire(): void {
    if (this.#state.kind !== 'in') return;
    this.#forget();
    this.#set({ kind: 'out', why: 'expired' });
  }

  async #renewOnce(): Promise<void> {
    const before = this.#tokens;
    if (before?.refresh_token === undefined) return this.expire();
    try {
      const renewed = await tokensForRefresh(
        await this.#discover(),
        this.#config,
        before.refresh_token,
        this.#around.fetch,
      );
      // Somebody signed out, or in again, while it was asked.
      if (this.#tokens !== before) return;
      this.#take({ ...before, ...renewed });
    } catch (error) {
      // An issuer that can't be reached has refused nothing: the request fails, and the next one asks again.
      if (error instanceof SignInError && error.code === 'unreachable') return;
      if (this.#tokens === before) this.expire();
    }
  }

  async #finish(answer: URLSearchParams, pending: Pending | undefined, redirectUri: string): Promise<void> {
    if (pending === undefined || answer.get('state') !== pending.state) {
      throw new SignInError('state_mismatch', 'The answer belongs to no sign-in that was begun in this tab.');
    }
    const refused = answer.get('error');
    if (refused !== null) throw new SignInError(refused, answer.get('error_description') ?? refused);
    const exchange = { code: answer.get('code') ?? '', redirectUri, verifier: pending.verifier };
    const tokens = await tokensForCode(await this.#discover(), this.#config, exchange, this.#around.fetch);
    if (tokens.id_token !== undefined && payloadOf(tokens.id_token)?.nonce !== pending.nonce) {
      throw new SignInError('nonce_mismatch', 'The token was made for another sign-in.');
    }
    this.#take(tokens);
  }

  #take(tokens: Tokens): void {
    this.#tokens = tokens;
    const identity = identityIn(this.#bearer() ?? '', this.#config.claims);
    if (identity === undefined) {
      this.#forget();
      throw new SignInError('incomplete_token', 'The token does not say who acts for which tenant.');
    }
    this.#around.storage.setItem(WAS_IN, '1');
    const wanted = this.#state.kind === 'in' ? this.#state.role : this.#around.storage.getItem(ROLE);
    const role =
      identity.roles.find((one) => one === wanted) ?? (identity.roles.length === 1 ? identity.roles[0] : undefined);
    this.#set({ kind: 'in', identity, role });
  }

  #bearer(): string | undefined {
    return this.#config.token === 'id' ? this.#tokens?.id_token : this.#tokens?.access_token;
  }

  #takePending(): Pending | undefined {
    const text = this.#around.storage.getItem(PENDING);
    this.#around.storage.removeItem(PENDING);
    return text === null ? undefined : (JSON.parse(text) as Pending);
  }

  #discover(): Promise<Endpoints> {
    this.#endpoints ??= endpointsOf(this.#config, this.#around.fetch).catch((error: unknown) => {
      this.#endpoints = undefined;
      throw error;
    });
    return this.#endpoints;
  }

  #fail(error: unknown): void {
    const fault = error instanceof SignInError ? error : new SignInError('unexpected', String(error), { cause: error });
    this.#forget();
    this.#set({ kind: 'out', why: 'failed', fault });
  }

  #forget(): void {
    this.#tokens = undefined;
    this.#around.storage.removeItem(WAS_IN);
    this.#around.storage.removeItem(ROLE);
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
