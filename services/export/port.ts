// Where an export reads from and writes to.
import type { Query } from '../../core/query/ast.ts';
import type { Gaps } from '../search/gaps.ts';
import type { EntryPlace, ExpiredDays, Found, Order, Period } from '../search/port.ts';

/** What an export reads: everything that matches, from wherever it is, in order, each once. */
export interface EntrySource {
  /** What it came to that is not as it should be it adds to `gaps`. */
  rows(request: RowsRequest, gaps: Gaps): AsyncIterable<Found>;
}

export interface RowsRequest {
  readonly tenant: string;
  /** The reader's filter is in it. */
  readonly query: Query;
  readonly period: Period;
  readonly order: Order;
  readonly after?: EntryPlace;
  /** What was recorded before is read from the archive, the rest from the ledger; fixed by the job. Epoch milliseconds. */
  readonly split: number;
  /** Days that had expired when the job was begun. */
  readonly expired?: readonly ExpiredDays[];
  /** Names the job, unlike any other. */
  readonly token: string;
}

/** A file that is being written; nobody sees it before it is closed. */
export interface FileWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Durable when it returns; one of the same name that was there before is replaced. */
  close(): Promise<{ readonly bytes: number; readonly sha256: string }>;
  /** Nothing of it stays. */
  abort(): Promise<void>;
}

/** The files of exports. */
export interface ExportFiles {
  create(tenant: string, id: string, name: string, contentType: string): FileWriter;
  read(tenant: string, id: string, name: string): AsyncIterable<Uint8Array>;
  /** An address that hands the file out to whoever has it, for some minutes. */
  link(tenant: string, id: string, name: string): Promise<string>;
}
