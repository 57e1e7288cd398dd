import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { reach } from '../endpoints.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { Line } from './lines.ts';
import type { Outcome } from './outcome.ts';

/** How often a batch is offered again while the service says "later"; with Retry-After that is minutes, not hours. */
const MAX_ATTEMPTS = 12;
const DEFAULT_RETRY_SECONDS = 1;

const NEW_TOKEN = 'the token has expired or is not of its issuer: pass another with --token or INDELIBLE_TOKEN';

/** What the API says of entries themselves; any other refusal is about the request, and would be the same for each line. */
const ABOUT_ENTRIES = new Set([400, 413, 422]);

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  /** API Gateway's own answers (401, 404, 413, 429) have nothing else. */
  readonly message?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail?: string }[];
}

/**
 * Posts lines as one batch. The idempotency key is derived from the lines themselves, so that sending a file again,
 * after a crash or by mistake, adds nothing. A batch is all or nothing: when some lines are refused, the rest are
 * posted again without them.
 */
export class EntrySender {
  readonly #url: URL;
  readonly #token: string;
  readonly #outcome: Outcome;

  constructor(api: URL, token: string, outcome: Outcome) {
    this.#url = new URL('/v1/entries', api);
    this.#token = token;
    this.#outcome = outcome;
  }

  async send(lines: readonly Line[]): Promise<void> {
    if (lines.length === 0) return;
    const response = await this.#post(lines);
    if (response.status === 201) {
      await response.arrayBuffer();
      this.#outcome.accept(lines.length);
      return;
    }
    const problem = await readProblem(response);
    if (!ABOUT_ENTRIES.has(response.status)) {
      const remedy = response.status === 401 ? `; ${NEW_TOKEN}` : '';
      throw new CommandError(EXIT.unreachable, `the API answered ${response.status}: ${reasonOf(problem)}${remedy}`);
    }
    if (response.status === 413 && lines.length > 1) return this.#sendHalves(lines);
    const faults = faultsByLine(problem, lines.length);
    if (faults.size === 0) return this.#refuseOneByOne(lines, problem, response.status);
    for (const [index, reason] of faults) this.#outcome.refuse(lines[index]!, reason);
    await this.send(lines.filter((_, index) => !faults.has(index)));
  }

  async #sendHalves(lines: readonly Line[]): Promise<void> {
    const middle = Math.ceil(lines.length / 2);
    await this.send(lines.slice(0, middle));
    await this.send(lines.slice(middle));
  }

  /** The problem names no line (malformed JSON points into the whole body): find the culprit by halving. */
  async #refuseOneByOne(lines: readonly Line[], problem: Problem, status: number): Promise<void> {
    if (lines.length > 1) return this.#sendHalves(lines);
    this.#outcome.refuse(lines[0]!, `${status} ${reasonOf(problem)}`);
  }

  async #post(lines: readonly Line[]): Promise<Response> {
    const body = `{"entries":[${lines.map((line) => line.text).join(',')}]}`;
    const headers = {
      authorization: `Bearer ${this.#token}`,
      'content-type': 'application/json',
      'idempotency-key': createHash('sha256').update(body).digest('hex'),
    };
    for (let attempt = 1; ; attempt++) {
      const response = await reach(this.#url, { method: 'POST', headers, body });
      const retryable = response.status === 429 || response.status >= 500;
      if (!retryable) return response;
      await response.arrayBuffer();
      if (attempt === MAX_ATTEMPTS) {
        throw new CommandError(
          EXIT.unreachable,
          `the API answered ${response.status} ${attempt} times; send the same file again later, nothing is duplicated`,
        );
      }
      await sleep(retryAfter(response) * 1000);
    }
  }
}

function reasonOf({ detail, title, message }: Problem): string {
  return detail ?? title ?? message ?? 'refused without a reason';
}

function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? DEFAULT_RETRY_SECONDS);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : DEFAULT_RETRY_SECONDS;
}

async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Problem) : { detail: text };
  } catch {
    // A proxy in between may answer HTML or plain text; its words are still the best reason there is.
    return { detail: text };
  }
}

/** The faults of a problem by index into the batch, from pointers such as `/entries/3/actor/id`. */
function faultsByLine(problem: Problem, count: number): Map<number, string> {
  const faults = new Map<number, string>();
  for (const { pointer, detail } of problem.errors ?? []) {
    const match = /^\/entries\/(\d+)(\/.*)?$/.exec(pointer);
    const index = match === null ? Number.NaN : Number(match[1]);
    if (index < count && !faults.has(index))
      faults.set(index, `${match?.[2] ?? ''} ${detail ?? problem.detail}`.trim());
  }
  return faults;
}
