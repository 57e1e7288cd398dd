// Requests to the API.
import { type Answer, ask, reasonOf } from '../ask.ts';
import { CommandError, EXIT } from '../exit.ts';

/** Requests with one token, repeated where that helps. */
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
    const answer = await this.#ask(path, {});
    if (answer.status === 200) return answer;
    if (answer.status === 404) return undefined;
    throw refusal(answer);
  }

  /** The answer to what is begun under an idempotency key, so that it may be asked again. */
  async post(path: string, body: object, key: string): Promise<Uint8Array> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const answer = await this.#ask(path, { method: 'POST', body: JSON.stringify(body) }, headers);
    if (answer.status >= 200 && answer.status < 300) return answer.bytes;
    if (answer.status === 422) throw new CommandError(EXIT.refused, reasonOf(answer));
    throw refusal(answer);
  }

  #ask(path: string, init: RequestInit, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const headers = { ...more, authorization: `Bearer ${this.#token}` };
    const asking = this.#pauseMs === undefined ? {} : { pauseMs: this.#pauseMs };
    return ask(new URL(path, this.#api), { ...init, headers, signal: this.#closing.signal }, asking);
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

function refusal(answer: Answer): CommandError {
  const { status } = answer;
  const remedy = status === 401 || status === 403 ? '; pass a token of the role compliance with --token' : '';
  return new CommandError(EXIT.unreachable, `the API answered ${status}: ${reasonOf(answer)}${remedy}`);
}
