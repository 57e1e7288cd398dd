// Calls the API's operations, typed by its description.
import type { AccessRole } from '../../core/access/policy.ts';
import { type Operations, ROUTES } from './operations.ts';
import { ApiFault, faultOf } from './problem.ts';

/** What the client needs of a session: see sign-in/session.ts. */
export interface Bearer {
  token(): Promise<string | undefined>;
  renew(): Promise<void>;
  expire(): void;
}

type Operation = keyof Operations;
type Without<T> = keyof T extends never ? { readonly [K in never]: K } : T;

/** What a call of an operation says; `role` is added to it. */
export type Asked<O extends Operation> = {
  readonly path?: Without<Operations[O]['path']>;
  readonly query?: Omit<Operations[O]['query'], 'role'>;
  readonly headers?: Operations[O]['headers'];
  readonly body?: Operations[O]['body'];
  readonly signal?: AbortSignal;
};

export type Answer<O extends Operation> = Operations[O]['answer'];

/** Calls made in one role with one session. */
export class Api {
  readonly #bearer: Bearer;
  readonly #role: AccessRole;
  readonly #fetch: typeof globalThis.fetch;

  constructor(bearer: Bearer, role: AccessRole, fetch: typeof globalThis.fetch) {
    this.#bearer = bearer;
    this.#role = role;
    this.#fetch = fetch;
  }

  /** Throws ApiFault, and the signal's reason when it was given up. */
  async call<O extends Operation>(operation: O, asked: Asked<O> = {}): Promise<Answer<O>> {
    const [method, template] = ROUTES[operation];
    const url = addressOf(template, asked.path, { ...asked.query, role: this.#role });
    const init: RequestInit = {
      method,
      cache: 'no-store',
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
      ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
    };
    const headers = {
      ...(asked.headers as Readonly<Record<string, string>> | undefined),
      ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    let response = await this.#send(url, init, headers);
    // The token may have ended while it was under way, or another server's clock be ahead.
    if (response.status === 401) {
      await this.#bearer.renew();
      response = await this.#send(url, init, headers);
    }
    if (response.status === 401) this.#bearer.expire();
    if (!response.ok) throw await faultOf(response);
    if (response.status === 204) return undefined as Answer<O>;
    return (await this.#read(response, asked.signal)) as Answer<O>;
  }

  async #send(url: string, init: RequestInit, headers: Readonly<Record<string, string>>): Promise<Response> {
    const token = await this.#bearer.token();
    if (token === undefined) throw new ApiFault('expired-session', 401);
    try {
      return await this.#fetch(url, { ...init, headers: { ...headers, authorization: `Bearer ${token}` } });
    } catch (error) {
      throw this.#lost(error, init.signal ?? undefined);
    }
  }

  async #read(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
    try {
      return await response.json();
    } catch (error) {
      throw this.#lost(error, signal);
    }
  }

  #lost(error: unknown, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return signal.reason;
    return new ApiFault('unreachable', 0, undefined, undefined, { cause: error });
  }
}

/** The path with its parameters, each as one segment, and the query. */
export function addressOf(template: string, path: object = {}, query: object = {}): string {
  const filled = Object.entries(path).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, () => encodeURIComponent(String(value))),
    template,
  );
  const parameters = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(
    Object.fromEntries(parameters.map(([name, value]) => [name, String(value)])),
  ).toString();
  return text === '' ? filled : `${filled}?${text}`;
}
