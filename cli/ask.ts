/** HTTP requests of commands, repeated while the answer is "later" (docs/api.md, "Errors"). */
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, EXIT } from './exit.ts';

interface Patience {
  /** How often a request is made at most. */
  readonly attempts: number;
  /** Before the second attempt; twice as much before each that follows, up to the longest. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
}

/** A deployment that is busy or being deployed answers again within a minute or two. */
const PATIENCE: Patience = { attempts: 9, pauseMs: 500, longestPauseMs: 20_000 };

/** Who is told to wait for longer ends instead, and says so. */
const LONGEST_RETRY_AFTER_MS = 300_000;

/** Throttled, or nobody there to answer. */
const LATER: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const PROBLEM = 'application/problem+json';

/** 500 too, unless the service itself says so: it is what API Gateway says of a function that broke off or never began. */
function isLater({ status, headers }: Answer): boolean {
  if (LATER.has(status)) return true;
  return status === 500 && headers.get('content-type')?.startsWith(PROBLEM) !== true;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

export interface Asking extends Partial<Patience> {
  /** Of a POST without an idempotency key: that doing it twice does nothing more than doing it once. */
  readonly harmless?: boolean;
}

/**
 * The answer, whole: the last one where all of them said "later". What could be done twice is asked once. Throws a
 * CommandError where nothing answers, or no answer comes to its end, and an AbortError once the signal of `init` says so.
 */
export async function ask(url: URL, init: RequestInit, asking: Asking = {}): Promise<Answer> {
  const { attempts, pauseMs, longestPauseMs } = { ...PATIENCE, ...asking };
  const most = asking.harmless === true || isRepeatable(init) ? attempts : 1;
  for (let attempt = 1; ; attempt++) {
    const answer = await attemptOf(url, init);
    const last = attempt === most;
    if ('status' in answer && (last || !isLater(answer))) return answer;
    if ('lost' in answer && (last || answer.lost === 'never-answered')) throw lost(url, answer, attempt);
    const backoff = Math.min(longestPauseMs, pauseMs * 2 ** (attempt - 1));
    const wait = 'status' in answer ? (waitOf(url, answer) ?? jittered(backoff)) : jittered(backoff);
    await sleep(wait, undefined, init.signal ? { signal: init.signal } : {});
  }
}

/** By RFC 9110, 9.2.2, or by the key that the service knows a repetition by. */
function isRepeatable({ method = 'GET', headers }: RequestInit): boolean {
  return method === 'GET' || new Headers(headers).has('idempotency-key');
}

/** So that clients that were turned away together do not come back together. */
const jittered = (ms: number) => ms * (0.5 + Math.random() / 2);

type Lost = { readonly lost: 'never-answered' | 'broken'; readonly cause: unknown };

/** Origins that answered once: one that did and is not there now is coming back. */
const answered = new Set<string>();

async function attemptOf(url: URL, init: RequestInit): Promise<Answer | Lost> {
  let response: Response | undefined;
  try {
    response = await fetch(url, init);
    answered.add(url.origin);
    return { status: response.status, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) };
  } catch (cause) {
    // What fetch throws for a connection that fails or is cut; anything else is a signal or a defect.
    if ((cause as Error).name !== 'TypeError') throw cause;
    const never = response === undefined && !answered.has(url.origin) && isAbsent(cause);
    return { lost: never ? 'never-answered' : 'broken', cause };
  }
}

const ABSENT: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Nobody was there to connect to, or the address can't be one. Codes are the system's, and absent for a bad address. */
function isAbsent(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return cause?.code === undefined || ABSENT.includes(cause.code);
}

function lost(url: URL, { lost: how, cause }: Lost, attempts: number): CommandError {
  const times = attempts === 1 ? '' : `, ${attempts} times`;
  const message =
    how === 'never-answered'
      ? `nothing answers at ${url.origin}; start it with 'npm start', or name another address with --url`
      : `the answer of ${url.origin}${url.pathname} was cut short, or none came${times}; try again later`;
  return new CommandError(EXIT.unreachable, message, { cause });
}

/** What Retry-After asks for, in milliseconds: a number of seconds or a date (RFC 9110, 10.2.3). */
function waitOf(url: URL, { headers, status }: Answer): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  if (Number.isNaN(ms)) return undefined;
  if (ms <= LONGEST_RETRY_AFTER_MS) return Math.max(0, ms);
  const seconds = Math.round(ms / 1_000);
  throw new CommandError(
    EXIT.unreachable,
    `${url.origin} answered ${status} and asks to be asked again in ${seconds} s; try again then`,
  );
}

interface Problem {
  readonly title?: unknown;
  readonly detail?: unknown;
  /** API Gateway's own answers (401, 404, 413, 429) have nothing else. */
  readonly message?: unknown;
}

/** Longer reasons are cut: a proxy in between may answer a whole page. */
const MAX_REASON = 500;

/** Why an answer is none that was wanted, in its own words. */
export function reasonOf({ bytes }: Pick<Answer, 'bytes'>): string {
  const text = new TextDecoder().decode(bytes);
  const { detail, title, message } = (parsed(text) ?? {}) as Problem;
  const reason = [detail, title, message].find((one) => typeof one === 'string' && one !== '');
  const words = typeof reason === 'string' ? reason : parsed(text) === undefined ? text.trim() : '';
  if (words === '') return 'refused without a reason';
  return words.length > MAX_REASON ? `${words.slice(0, MAX_REASON)}…` : words;
}

/** The JSON object of an answer; undefined where there is none. */
export function objectOf({ bytes }: Pick<Answer, 'bytes'>): Readonly<Record<string, unknown>> | undefined {
  return parsed(new TextDecoder().decode(bytes));
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    // A proxy in between may answer HTML or plain text; its words are still the best reason there is.
    return undefined;
  }
}
