// Posts entries to the API.
import { createHash } from 'node:crypto';
import { type Answer, ask, objectOf, reasonOf } from '../ask.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { Line } from './lines.ts';
import type { Outcome } from './outcome.ts';

/** With Retry-After that is minutes, not hours. */
const MAX_ATTEMPTS = 12;

const NEW_TOKEN = 'the token has expired or is not of its issuer: pass another with --token or INDELIBLE_TOKEN';

const LATER = 'send the same file again later, nothing is duplicated';

/** What the API says of entries themselves; any other refusal is about the request, and would be the same for each line. */
const ABOUT_ENTRIES = new Set([400, 413, 422]);

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
    const answer = await this.#post(lines);
    const { status } = answer;
    if (status === 201) return this.#outcome.accept(lines.length);
    if (!ABOUT_ENTRIES.has(status)) {
      const remedy = status === 401 ? `; ${NEW_TOKEN}` : isLater(status) ? `; ${LATER}` : '';
      throw new CommandError(EXIT.unreachable, `the API answered ${status}: ${reasonOf(answer)}${remedy}`);
    }
    if (status === 413 && lines.length > 1) return this.#sendHalves(lines);
    const faults = faultsByLine(answer, lines.length);
    if (faults.size === 0) return this.#refuseOneByOne(lines, answer);
    for (const [index, reason] of faults) this.#outcome.refuse(lines[index]!, reason);
    await this.send(lines.filter((_, index) => !faults.has(index)));
  }

  async #sendHalves(lines: readonly Line[]): Promise<void> {
    const middle = Math.ceil(lines.length / 2);
    await this.send(lines.slice(0, middle));
    await this.send(lines.slice(middle));
  }

  /** The problem names no line (malformed JSON points into the whole body): find the culprit by halving. */
  async #refuseOneByOne(lines: readonly Line[], answer: Answer): Promise<void> {
    if (lines.length > 1) return this.#sendHalves(lines);
    this.#outcome.refuse(lines[0]!, `${answer.status} ${reasonOf(answer)}`);
  }

  /** What was answered is repeated under the same key: if only the answer was lost, nothing is recorded twice. */
  #post(lines: readonly Line[]): Promise<Answer> {
    const body = `{"entries":[${lines.map((line) => line.text).join(',')}]}`;
    const headers = {
      authorization: `Bearer ${this.#token}`,
      'content-type': 'application/json',
      'idempotency-key': createHash('sha256').update(body).digest('hex'),
    };
    return ask(this.#url, { method: 'POST', headers, body }, { attempts: MAX_ATTEMPTS });
  }
}

const isLater = (status: number) => status === 429 || status >= 500;

/** The faults of a problem by index into the batch, from pointers such as `/entries/3/actor/id`. */
function faultsByLine(answer: Answer, count: number): Map<number, string> {
  const { errors } = objectOf(answer) ?? {};
  const faults = new Map<number, string>();
  for (const { pointer, detail } of Array.isArray(errors) ? (errors as readonly Partial<Fault>[]) : []) {
    const match = /^\/entries\/(\d+)(\/.*)?$/.exec(typeof pointer === 'string' ? pointer : '');
    const index = match === null ? Number.NaN : Number(match[1]);
    if (index < count && !faults.has(index)) {
      const why = typeof detail === 'string' ? detail : reasonOf(answer);
      faults.set(index, `${match?.[2] ?? ''} ${why}`.trim());
    }
  }
  return faults;
}

interface Fault {
  readonly pointer: unknown;
  readonly detail: unknown;
}
