// Why entries are refused.
import type { Limits } from '../limits.ts';

/** One thing that is wrong with what a client sent. Messages say type and length, never the value: it may be secret. */
export interface Fault {
  /** RFC 6901, into the request body. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
  /** The limit that was exceeded, as configured, when that is the fault. */
  readonly limit?: { readonly name: keyof Limits; readonly value: number; readonly got: number };
}

function summary(faults: readonly Fault[]): string {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return first === undefined ? 'refused' : `${first.pointer || 'the entry'}: ${first.message}${more}`;
}

/** Nothing of the request may be written. Carries every fault, in document order of the entries. */
export class EntryRejected extends Error {
  override readonly name: string = 'EntryRejected';
  readonly code: string = 'entry-rejected';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(summary(faults));
    this.faults = faults;
  }

  /** True when size is all that is wrong: 413 instead of 422. */
  get oversize(): boolean {
    return this.faults.every(({ limit }) => limit !== undefined && OVERSIZE.has(limit.name));
  }
}

const OVERSIZE: ReadonlySet<keyof Limits> = new Set(['entryBytes', 'batchEntries', 'batchBytes', 'bodyBytes']);

/** The caller named a tenant that its identity does not speak for: a matter of authority, not of form. */
export class ForeignTenant extends Error {
  override readonly name = 'ForeignTenant';
  readonly code = 'foreign-tenant';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(summary(faults));
    this.faults = faults;
  }
}
