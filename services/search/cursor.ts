// The cursor of a page of search results.
import { sha256, toHex } from '../../core/crypto.ts';
import type { EntryPlace, Order } from './port.ts';

/** What a page belongs to: a cursor of one is none of another. */
export interface CursorScope {
  readonly tenant: string;
  readonly operation: string;
  /** The query with everything that is ANDed into it, as text. */
  readonly query: string;
  readonly order: Order;
  /** Which time the order is by. */
  readonly sort: string;
}

/** What is fixed by the first page. */
export interface CursorState {
  readonly after: EntryPlace;
  /** Epoch milliseconds. */
  readonly from: number;
  /** Absent: without an end. */
  readonly to?: number;
}

/** The cursor belongs to another request, or is none. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
  readonly code = 'cursor';
}

const VERSION = 1;
const SCOPE_HEX = 32;

/**
 * Where a page ended, for whoever asks for the next. It is not secret and gives no rights: what may be seen is decided again
 * for every request, and one that was made up shows its maker another part of what they may see.
 */
export function writeCursor(scope: CursorScope, { after, from, to }: CursorState): string {
  const { recordedAt, chain, position } = after;
  const fields = [VERSION, digestOf(scope), recordedAt, chain, position, from, ...(to === undefined ? [] : [to])];
  return Buffer.from(fields.join('.')).toString('base64url');
}

const CURSOR = /^1\.([0-9a-f]{32})\.(-?\d{1,16})\.(\d{1,2})\.(\d{1,16})\.(\d{1,16})(?:\.(\d{1,16}))?$/;

/** Throws CursorError. */
export function readCursor(scope: CursorScope, cursor: string): CursorState {
  const match = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match === null) throw new CursorError('the text is no cursor');
  const [, digest, ...numbers] = match;
  if (digest !== digestOf(scope)) throw new CursorError('the cursor is of another tenant, query, role or order');
  const [recordedAt, chain, position, from, to] = numbers.map((text) =>
    text === undefined ? undefined : Number(text),
  );
  if (![recordedAt, chain, position, from].every((one) => Number.isSafeInteger(one))) {
    throw new CursorError('the text is no cursor');
  }
  return {
    after: { recordedAt: recordedAt!, chain: chain!, position: position! },
    from: from!,
    ...(to === undefined ? {} : { to }),
  };
}

function digestOf({ tenant, operation, query, order, sort }: CursorScope): string {
  return toHex(sha256(new TextEncoder().encode(JSON.stringify([tenant, operation, query, order, sort])))).slice(
    0,
    SCOPE_HEX,
  );
}
