/**
 * The public keys of a token issuer, found by its discovery document. All requests that wait for them share one question, its
 * answer is kept as long as API Gateway keeps it, and an issuer that can't be asked later does not take valid keys away.
 */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { messageOf } from '../failure.ts';

/** Quotas: how long the issuer's endpoints may take, and how long API Gateway caches the public keys. */
const ISSUER_TIMEOUT_MS = 1_500;
const KEY_CACHE_MS = 2 * 60 * 60 * 1000;

/** A token that names an unknown key makes the issuer be asked again, at most this often. */
const UNKNOWN_KEY_PAUSE_MS = 30_000;

/** Before the issuer is called unreachable: a machine under load answers late, once. */
const ATTEMPTS = 3;

/** The issuer can't be asked, so nothing can be said about a token. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable';
}

interface Known {
  readonly at: number;
  readonly find: JWTVerifyGetKey;
}

export class IssuerKeys {
  readonly #issuer: string;
  readonly #now: () => number;
  #known: Known | undefined;
  #asking: Promise<Known> | undefined;

  constructor(issuer: string, now: () => number) {
    this.#issuer = issuer.replace(/\/$/, '');
    this.#now = now;
  }

  /** Throws IssuerUnreachable, and what jose throws of a token whose key the issuer does not have. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const known = await this.#current();
    try {
      return await known.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.#now() - known.at < UNKNOWN_KEY_PAUSE_MS) throw error;
      return (await this.#ask()).find(header, token);
    }
  };

  async #current(): Promise<Known> {
    const known = this.#known;
    if (!known) return this.#ask();
    if (this.#now() - known.at < KEY_CACHE_MS) return known;
    return this.#ask().catch(() => known);
  }

  #ask(): Promise<Known> {
    this.#asking ??= this.#discover().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #discover(): Promise<Known> {
    let failure: unknown;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      try {
        const { jwks_uri: uri } = await fetched<{ jwks_uri?: unknown }>(
          `${this.#issuer}/.well-known/openid-configuration`,
        );
        if (typeof uri !== 'string') throw new Error('its OpenID configuration names no keys');
        this.#known = { at: this.#now(), find: createLocalJWKSet(await fetched<JSONWebKeySet>(uri)) };
        return this.#known;
      } catch (error) {
        failure = error;
      }
    }
    throw new IssuerUnreachable(`The issuer ${this.#issuer} can't be asked for its keys: ${messageOf(failure)}.`, {
      cause: failure,
    });
  }
}

async function fetched<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ISSUER_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return (await response.json()) as T;
}
