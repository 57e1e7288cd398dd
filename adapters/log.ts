/**
 * Structured logs: one JSON object a line on standard output, which Lambda forwards as it is.
 *
 * `console` is avoided because the Lambda runtime prefixes its lines, which breaks JSON parsers downstream.
 * Fields are names, ids, counts and codes. Never an entry or a request body: the log has neither the retention
 * nor the access control of the ledger.
 */
import { visible } from '../core/visible.ts';

/** Lambda's JSON log format knows lines by these two keys, `timestamp` and `level`. */
type Level = 'INFO' | 'WARN' | 'ERROR';
type LogFields = Readonly<Record<string, unknown>>;

/** Causes are followed this far; deeper chains repeat themselves, and a cycle must not hang the logger. */
const CAUSE_DEPTH = 4;

interface DescribedError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** Where it was thrown: frames alone, since the first line of a stack repeats the message. */
  readonly stack?: readonly string[];
  readonly cause?: DescribedError;
}

const FRAMES = 10;

/** JSON.parse quotes what it could not read. */
const QUOTES_INPUT: ReadonlySet<string> = new Set(['SyntaxError']);

/**
 * What a log line keeps of an error: name, code, message, stack, causes. Other members are left out, since SDK errors
 * carry whole items (`Item`, `CancellationReasons`) and ours carry evidence.
 */
function describeError(error: unknown, depth = CAUSE_DEPTH): DescribedError {
  if (!(error instanceof Error)) return { name: typeof error, message: 'a value that is not an Error was thrown' };
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: QUOTES_INPUT.has(error.name) ? 'withheld, since it may quote the input' : error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: frames(error.stack) }),
    ...(error.cause !== undefined && depth > 0 ? { cause: describeError(error.cause, depth - 1) } : {}),
  };
}

function frames(stack: string): string[] {
  const lines = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return lines.slice(0, FRAMES).map((line) => line.trim());
}

export function logLine(time: Date, level: Level, message: string, fields: LogFields): string {
  const line: Record<string, unknown> = { timestamp: time.toISOString(), level, message };
  for (const [key, value] of Object.entries(fields)) {
    line[key] = value instanceof Error || key === 'error' ? describeError(value) : value;
  }
  const safe = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);
  // JSON leaves some as they are that a terminal obeys; spelled out they are read back as they were.
  return `${visible(JSON.stringify(line, safe))}\n`;
}

function write(level: Level, message: string, fields: LogFields): void {
  process.stdout.write(logLine(new Date(), level, message, fields));
}

export const log = {
  info: (message: string, fields: LogFields = {}): void => write('INFO', message, fields),
  warn: (message: string, fields: LogFields = {}): void => write('WARN', message, fields),
  error: (message: string, fields: LogFields = {}): void => write('ERROR', message, fields),
};
