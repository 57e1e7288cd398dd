// GET requests to the API.
import { type Answer, ask, reasonOf } from '../ask.ts';
import { CommandError, EXIT } from '../exit.ts';

/** GET requests with one token, repeated where that helps. */
export class ApiClient {
  readonly #api: URL;
  readonly #token: string;
  readonly #pauseMs: number | undefined;
  readonly #closing = new AbortController();

  constructor(api: URL, token: string, pauseMs?: number) {
    this.#api = api;
    this.#token = token;
    this.#pauseMs = pauseMs;
  }

  /** An answer of 200, whole; undefined for 404. Every other answer ends the command. */
  async get(path: string): Promise<Pick<Answer, 'headers' | 'bytes'> | undefined> {
    const url = new URL(path, this.#api);
    const init = { headers: { authorization: `Bearer ${this.#token}` }, signal: this.#closing.signal };
    const answer = await ask(url, init, this.#pauseMs === undefined ? {} : { pauseMs: this.#pauseMs });
    if (answer.status === 200) return answer;
    if (answer.status === 404) return undefined;
    const remedy =
      answer.status === 401 || answer.status === 403 ? '; pass a token of the role compliance with --token' : '';
    throw new CommandError(EXIT.unreachable, `the API answered ${answer.status}: ${reasonOf(answer)}${remedy}`);
  }

  /** Whatever is under way is let go, and not asked again: what was asked for before its turn may not be wanted any more. */
  close(): void {
    this.#closing.abort();
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
