// Records in the trail that somebody has read.
import type { Reader } from '../../core/access/reader.ts';
import { prepareEntry } from '../../core/entry/prepare.ts';
import type { EntryInput } from '../../core/entry/schema.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { DEFAULT_LIMITS } from '../../core/limits.ts';
import { LedgerUnavailable } from '../append/errors.ts';
import type { Ledger } from '../append/ledger.ts';
import { ReadNotRecorded } from './error.ts';
import type { Recording } from './record.ts';

/** What recording a read takes. */
export interface ReadRecording extends Recording {
  readonly ledger: Pick<Ledger, 'append' | 'prepare'>;
  readonly newId: () => string;
}

/** Of a reader, what the entry says. */
export type Who = Pick<Reader, 'tenant' | 'subject' | 'role' | 'recorder'>;

/** What was read, or done to read it later. */
export interface Read {
  /** An action of the catalog, of category `audit_access`. */
  readonly action: string;
  /** As it was asked, in the search language; shortened where it is long. */
  readonly query?: string;
  /** Epoch milliseconds: recorded from the first on, before the last. */
  readonly period?: { readonly from: number; readonly to: number };
  /** How many entries are handed out. */
  readonly rows?: number;
  readonly target?: EntryInput['target'];
  /** Whatever else says what was read. Some hundred bytes. */
  readonly details?: JsonObject;
}

/** Code points. A query may be longer; what is left of it shows what was sought, and the entry stays small. */
const MAX_QUERY = 4_000;

/** When the ledger does not say. */
const RETRY_AFTER_SECONDS = 1;

/** Begins what recording needs, while the read itself is still under way. Never fails: `recordRead` will. */
export function expectRead({ ledger }: ReadRecording, { tenant }: Pick<Reader, 'tenant'>): void {
  ledger.prepare(tenant);
}

/**
 * Appends the entry that says who read what, with one plain write. To be awaited before anything is handed out: throws
 * ReadNotRecorded when the entry is not certainly durable. It may be there all the same, of a read that was refused then.
 */
export async function recordRead(recording: ReadRecording, reader: Who, read: Read): Promise<void> {
  const { tenant, recorder } = reader;
  const now = recording.now();
  const entry = prepareEntry(inputOf(reader, read, now) as unknown as JsonObject, {
    ...{ tenant, recorder, strict: true, now, newId: recording.newId },
    // A deployment's lower limits are for clients.
    ...{ redaction: recording.redaction, limits: DEFAULT_LIMITS },
  });
  try {
    await recording.ledger.append({ tenant, entries: [entry] });
  } catch (cause) {
    const known = cause instanceof LedgerUnavailable ? cause.retryAfterSeconds : RETRY_AFTER_SECONDS;
    throw new ReadNotRecorded(known, cause);
  }
}

function inputOf({ subject, role }: Who, { action, target, ...read }: Read, now: Date): EntryInput {
  return {
    action,
    actor: { type: 'user', id: subject, ...(role === '' ? {} : { role }) },
    occurredAt: now.toISOString(),
    context: { channel: 'api' },
    ...(target === undefined ? {} : { target }),
    metadata: {
      ...read.details,
      ...(read.query === undefined ? {} : queryOf(read.query)),
      ...(read.period === undefined ? {} : { from: timeOf(read.period.from), to: timeOf(read.period.to) }),
      ...(read.rows === undefined ? {} : { rows: read.rows }),
    },
  };
}

function queryOf(query: string): JsonObject {
  const points = [...query];
  if (points.length <= MAX_QUERY) return { query };
  return { query: `${points.slice(0, MAX_QUERY).join('')}…`, queryLength: points.length };
}

const LAST_TIME = 8_640_000_000_000_000;

/** Bounds may be beyond what a date holds, where none was asked for. */
function timeOf(milliseconds: number): string | null {
  return Math.abs(milliseconds) <= LAST_TIME ? new Date(milliseconds).toISOString() : null;
}
