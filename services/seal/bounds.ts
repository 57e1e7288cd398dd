// What an entry has to be for a seal to be the first to cover it, and when it can have been recorded.

import {
  type EntryFault,
  EntryRules,
  type EntryTimeFault,
  type SealWindow,
  sealWindow,
  timeFault,
} from '../../core/verify/entry-rules.ts';
import { DAY_MS } from '../../names/time.ts';
import type { ArchiveRow } from '../archive/port.ts';
import { dayOf } from '../object-lock/lock-dates.ts';

/** Clocks differ, and a block is written some time after its writer has looked at the clock. */
export const CLOCK_SLACK_MS = 300_000;

/** A chain is known by what the archive has of it, and the ledger's stream forgets what the archive did not take in a day. */
export const UNKNOWN_SLACK_MS = DAY_MS + CLOCK_SLACK_MS;

/** A plan is put within one run of the function that makes it, which is a quarter of an hour at most. */
export const PUT_SLACK_MS = 900_000 + CLOCK_SLACK_MS;

/** What is known of the time of a chain's unsealed entries. */
export interface Period {
  /** How far the chain is sealed. */
  readonly sealed: number;
  /** When the newest seal was planned that sealed the chain as far as it went; undefined when there was none. */
  readonly since: string | undefined;
  /** When this seal was planned. */
  readonly sealedAt: string;
}

/** Holds a chain's entries to the format, and to the time between the seals that has them. */
export class EntryBounds {
  readonly #rules: EntryRules;
  readonly #isNew: boolean;
  readonly #window: SealWindow;

  constructor(tenant: string, { sealed, since, sealedAt }: Period) {
    this.#rules = new EntryRules(tenant);
    this.#isNew = sealed === 0;
    this.#window = sealWindow(since === undefined ? undefined : { sealedAt: since }, sealedAt);
  }

  /** What is wrong with the entry; undefined when it may be sealed. */
  faultOf({ bytes }: Pick<ArchiveRow, 'bytes'>): EntryFault | EntryTimeFault | undefined {
    const fault = this.#rules.check(bytes) ?? timeFault(this.#rules.recordedAt, this.#window);
    // A chain that the seal before did not know of may have begun before it.
    return fault === 'entry-late' && this.#isNew ? undefined : fault;
  }
}

/** The UTC day of which the first unsealed entry of a tenant can be; undefined when that is not known. */
export function firstDay(since: string | undefined): string | undefined {
  return since === undefined ? undefined : dayOf(new Date(Date.parse(since) - UNKNOWN_SLACK_MS));
}
