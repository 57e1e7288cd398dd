/**
 * The tokens by which a transaction is found in the database file.
 *
 * DynamoDB Local writes the ClientRequestToken of each transaction into its table `tr`, in the same SQLite transaction as the
 * items: the row is there exactly when the items are.
 */
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { CallKind } from './commits.ts';

/** A repeat within this time writes nothing: the row is that of the first call. */
const TOKEN_LIFE_MS = 10 * 60_000;

/** TransactWriteItems or ExecuteTransaction with a token, its own or a new one. */
export interface TransactionCall {
  /** A read when it only has SELECT statements: it has nothing to commit. */
  readonly kind: CallKind;
  readonly body: Buffer;
}

interface Input {
  readonly ClientRequestToken?: unknown;
  readonly TransactStatements?: unknown;
}

/** `body`: the request's JSON object. */
export function withToken(body: Buffer): TransactionCall {
  const input = JSON.parse(body.toString('utf8')) as Input;
  if (onlySelects(input.TransactStatements)) return { kind: 'read', body };
  const given = input.ClientRequestToken;
  if (given !== undefined && given !== null) return { kind: { token: String(given) }, body };
  const token = randomUUID();
  return { kind: { token }, body: Buffer.from(JSON.stringify({ ...input, ClientRequestToken: token })) };
}

/** The emulator refuses SELECT beside a statement that writes. */
function onlySelects(statements: unknown): boolean {
  if (!Array.isArray(statements)) return false;
  return statements.every((one: { Statement?: unknown } | null) => SELECT.test(String(one?.Statement)));
}

/** After white space and comments. */
const SELECT = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*select\b/i;

/**
 * Whether the file holds a row for each token, written within a token's life before `now` (epoch milliseconds).
 *
 * Call it while no transaction is open. It takes no lock, because SQLite's COMMIT fails while a reader holds one; a page that
 * changes while it reads can therefore make it answer false for rows that are there, so ask again.
 */
export function areRecorded(file: string, tokens: readonly string[], now: number): boolean {
  const url = pathToFileURL(file);
  url.searchParams.set('immutable', '1');
  const database = new DatabaseSync(url, { readOnly: true });
  try {
    const row = database.prepare('SELECT 1 FROM tr WHERE TransactionId = ? AND CreationDateTime >= ?');
    return tokens.every((token) => row.get(token, now - TOKEN_LIFE_MS) !== undefined);
  } catch {
    return false;
  } finally {
    database.close();
  }
}
