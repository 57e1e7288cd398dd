import { setTimeout as sleep } from 'node:timers/promises';
import { reach } from '../endpoints.ts';
import { CommandError, EXIT } from '../exit.ts';

/** A deployment that is busy or being deployed answers again within this many attempts, each a second longer apart. */
const MAX_ATTEMPTS = 6;

/** GET requests with one token, repeated where that helps. */
export class ApiClient {
  readonly #api: URL;
  readonly #token: string;
  readonly #pauseMs: number;

  constructor(api: URL, token: string, pauseMs = 1_000) {
    this.#api = api;
    this.#token = token;
    this.#pauseMs = pauseMs;
  }

  /** An answer of 200, whole; undefined for 404. Every other answer ends the command. */
  async get(path: string): Promise<{ readonly headers: Headers; readonly bytes: Uint8Array } | undefined> {
    const url = new URL(path, this.#api);
    for (let attempt = 1; ; attempt++) {
      const response = await reach(url, { headers: { authorization: `Bearer ${this.#token}` } });
      const bytes = await wholeBody(response);
      if (response.status === 200 && bytes !== undefined) return { headers: response.headers, bytes };
      if (response.status === 404) return undefined;
      const passes = response.status === 429 || response.status >= 500 || response.status === 200;
      if (!passes || attempt === MAX_ATTEMPTS) throw failure(url, response.status, bytes);
      await sleep(this.#pauseMs * attempt);
    }
  }

  async demand(path: string): Promise<Uint8Array> {
    const found = await this.get(path);
    if (found !== undefined) return found.bytes;
    throw new CommandError(
      EXIT.unreachable,
      `the API has nothing at ${path}; is ${this.#api.origin} a deployment of it?`,
    );
  }
}

/** Undefined when the connection ended before the answer did. */
async function wholeBody(response: Response): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    // What fetch throws for a connection that is cut; anything else is a defect.
    if ((error as Error).name === 'TypeError') return undefined;
    throw error;
  }
}

function failure(url: URL, status: number, bytes: Uint8Array | undefined): CommandError {
  if (bytes === undefined) return new CommandError(EXIT.unreachable, `the answer of ${url.pathname} was cut short`);
  const remedy = status === 401 || status === 403 ? '; pass a token of the role compliance with --token' : '';
  const reason = `the API answered ${status}: ${reasonOf(bytes)}${remedy}`;
  return new CommandError(EXIT.unreachable, reason);
}

function reasonOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  try {
    const { detail, title, message } = JSON.parse(text) as { detail?: string; title?: string; message?: string };
    return detail ?? title ?? message ?? text;
  } catch {
    // A proxy in between may answer HTML or plain text; its words are still the best reason there is.
    return text;
  }
}
