// Posts a file's entries, each once however often the file is sent, and however it has grown.
import { createHash } from 'node:crypto';
import { PATHS } from '../../names/api.ts';
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
const MISMATCH = 'urn:indelible:problem:idempotency-mismatch';

/**
 * Lines that were refused and are corrected leave a hole in what is recorded. Behind where a repeat ends so many lines are
 * sent one by one, until one of them is where recorded ones begin again. Where more in a row are corrected, or the file's first
 * entry is, what follows is recorded again: so the summary tells to send corrected lines as a file of their own (outcome.ts).
 */
const CORRECTED_IN_A_ROW = 4;

/** Files that begin alike and differ later are told apart by their first 1, 2, 4, 8 … entries, up to what a part holds. */
const MAX_VARIANTS = 10;

export interface Sending {
  readonly api: URL;
  readonly token: string;
  readonly outcome: Outcome;
  /** Entries in one request. */
  readonly batchSize: number;
}

/**
 * Sends the lines of one file. The idempotency key of a request is made of the file's first entry, and of the place and the entry that
 * the request begins at, so that it is found again whatever was appended to the file since. A key whose request had other lines
 * is refused, with how many it recorded: these are sent again, as they are recorded already, and what follows them behind.
 */
export class EntrySender {
  readonly #url: URL;
  readonly #sending: Sending;
  readonly #identity: string;

  /** `first` is the text of the file's first entry. */
  constructor(sending: Sending, first: string) {
    this.#url = new URL(PATHS.entries, sending.api);
    this.#sending = sending;
    this.#identity = first;
  }

  /**
   * Sends lines in their order, one request after the other. Other lines of the file may be sent at the same time, as long
   * as they are always parted at the same places.
   */
  async send(lines: readonly Line[]): Promise<void> {
    const faults = new Map<Line, string>();
    let single = 0;
    for (let at = 0; at < lines.length; ) {
      const line = lines[at]!;
      const fault = faults.get(line);
      if (fault !== undefined) {
        this.#sending.outcome.refuse(line, fault);
        at++;
        continue;
      }
      const run = runFrom(lines, at, faults);
      const batch = run.slice(0, single > 0 ? 1 : this.#sending.batchSize);
      const { done, repeat } = await this.#request(batch, run, faults);
      at += done;
      if (repeat === 'short') single = CORRECTED_IN_A_ROW;
      else if (repeat === 'whole') single = 0;
      else if (done > 0) single = Math.max(0, single - 1);
    }
  }

  /** One request for the batch, or for as many of the run as were recorded under its key before. */
  async #request(batch: readonly Line[], run: readonly Line[], faults: Map<Line, string>): Promise<Requested> {
    const [first] = batch as readonly [Line];
    const place = [this.#identity, String(first.index), first.text];
    for (let variant = 0; variant <= MAX_VARIANTS; variant++) {
      const key = keyOf(...place, ...(variant === 0 ? [] : [textOf(run.slice(0, 2 ** (variant - 1)))]));
      const answer = await this.#post(batch, key);
      const recorded = recordedOf(answer);
      if (recorded === undefined) return this.#settle(answer, batch, run, faults);
      const before = run.slice(0, recorded);
      // Otherwise it was another file's, which begins with the same entry.
      if (recorded === 0 || before.length < recorded) continue;
      const again = await this.#post(before, key);
      if (recordedOf(again) !== undefined) continue;
      if (again.status !== 201) return this.#settle(again, before, run, faults);
      this.#count(again, before.length);
      return { done: before.length, repeat: before.length < this.#usual(run) ? 'short' : 'whole' };
    }
    return this.#settle(await this.#post(batch, keyOf(...place, textOf(batch), 'whole')), batch, run, faults);
  }

  #settle(
    answer: Answer,
    batch: readonly Line[],
    run: readonly Line[],
    faults: Map<Line, string>,
  ): Requested | Promise<Requested> {
    const { status } = answer;
    if (status === 201) {
      const repeated = this.#count(answer, batch.length);
      const repeat = batch.length < this.#usual(run) ? 'short' : 'whole';
      return { done: batch.length, repeat: repeated ? repeat : 'none' };
    }
    if (!ABOUT_ENTRIES.has(status)) {
      const remedy = status === 401 ? `; ${NEW_TOKEN}` : isLater(status) ? `; ${LATER}` : '';
      throw new CommandError(EXIT.unreachable, `the API answered ${status}: ${reasonOf(answer)}${remedy}`);
    }
    const found = status === 413 ? new Map<number, string>() : faultsByLine(answer, batch.length);
    if (found.size === 0 && batch.length > 1) {
      // Too large, or the problem names no line (malformed JSON points into the whole body): half of it tells more.
      return this.#request(batch.slice(0, Math.ceil(batch.length / 2)), run, faults);
    }
    if (found.size === 0) found.set(0, faultsByLine(answer, 1).get(0) ?? `${status} ${reasonOf(answer)}`);
    for (const [index, reason] of found) faults.set(batch[index]!, reason);
    return { done: 0, repeat: 'none' };
  }

  #usual(run: readonly Line[]): number {
    return Math.min(this.#sending.batchSize, run.length);
  }

  /** Whether they were recorded before. */
  #count(answer: Answer, count: number): boolean {
    const repeated = answer.headers.get('idempotent-replayed') === 'true';
    if (repeated) this.#sending.outcome.repeat(count);
    else this.#sending.outcome.accept(count);
    return repeated;
  }

  /** What was answered is repeated under the same key: if only the answer was lost, nothing is recorded twice. */
  #post(lines: readonly Line[], key: string): Promise<Answer> {
    const body = `{"entries":[${lines.map((line) => line.text).join(',')}]}`;
    const headers = {
      authorization: `Bearer ${this.#sending.token}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    };
    return ask(this.#url, { method: 'POST', headers, body }, { attempts: MAX_ATTEMPTS });
  }
}

interface Requested {
  /** How many lines need nothing more. */
  readonly done: number;
  /** Whether they were recorded before, and if so whether by a request that was smaller than usual. */
  readonly repeat: 'none' | 'short' | 'whole';
}

const keyOf = (...parts: readonly string[]) =>
  `send-${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;

const textOf = (lines: readonly Line[]) => lines.map(({ text }) => text).join('\n');

/** Lines that follow each other in the file without one between that is refused, or of another kind. */
function runFrom(lines: readonly Line[], start: number, faults: ReadonlyMap<Line, string>): readonly Line[] {
  let end = start + 1;
  while (end < lines.length && lines[end]!.index === lines[end - 1]!.index + 1 && !faults.has(lines[end]!)) end++;
  return lines.slice(start, end);
}

/** How many entries the key recorded, where the API says that it was used for others. */
function recordedOf(answer: Answer): number | undefined {
  if (answer.status !== 422) return undefined;
  const { type, recorded } = objectOf(answer) ?? {};
  if (type !== MISMATCH) return undefined;
  return typeof recorded === 'number' && Number.isInteger(recorded) && recorded > 0 ? recorded : 0;
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
