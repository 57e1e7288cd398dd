/** Who signed in here, as browsers and clients prove it later: by a cookie, and by refresh tokens. Gone after a restart. */
import { randomBytes } from 'node:crypto';
import type { Identity } from './grant.ts';

/** As long as a user pool's session with the client of this template. */
const LIFETIME_MS = 12 * 3_600_000;
/** More than any person signs in within that time; programs that do it for ever forget the oldest. */
const MOST = 1_000;

interface SignIn {
  readonly identity: Identity;
  readonly expires: number;
}

export interface Refreshed {
  readonly identity: Identity;
  readonly clientId: string;
}

export class SignIns {
  readonly #now: () => number;
  readonly #browsers = new Map<string, SignIn>();
  readonly #refreshTokens = new Map<string, SignIn & { readonly clientId: string; readonly browser?: string }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A value for the browser's cookie. */
  remember(identity: Identity): string {
    return this.#keep(this.#browsers, { identity, expires: this.#now() + LIFETIME_MS });
  }

  /** Who a browser with this cookie signed in as. */
  of(browser: string | undefined): Identity | undefined {
    const found = browser === undefined ? undefined : this.#browsers.get(browser);
    return found !== undefined && found.expires > this.#now() ? found.identity : undefined;
  }

  /** `browser`: whose end takes the token along. */
  refreshToken(identity: Identity, clientId: string, browser?: string): string {
    const expires = this.#now() + LIFETIME_MS;
    return this.#keep(this.#refreshTokens, {
      identity,
      clientId,
      expires,
      ...(browser === undefined ? {} : { browser }),
    });
  }

  /** Undefined when the token is unknown, expired, or another client's. It can be used again. */
  refresh(token: string, clientId: string): Refreshed | undefined {
    const found = this.#refreshTokens.get(token);
    return found !== undefined && found.expires > this.#now() && found.clientId === clientId ? found : undefined;
  }

  /** Ends a browser's session, and what clients were given in it. */
  forget(browser: string | undefined): void {
    if (browser === undefined) return;
    this.#browsers.delete(browser);
    for (const [token, one] of this.#refreshTokens) if (one.browser === browser) this.#refreshTokens.delete(token);
  }

  #keep<T extends SignIn>(map: Map<string, T>, value: T): string {
    for (const [key, { expires }] of map) if (expires <= this.#now() || map.size >= MOST) map.delete(key);
    const key = randomBytes(32).toString('base64url');
    map.set(key, value);
    return key;
  }
}
