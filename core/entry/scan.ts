// The fast reader of entries: accepts most of those that are entries, in one pass over their bytes, making nothing of them.
import { MAX_ENTRY_BYTES } from '../limits.ts';
import type { EntryBytes } from './scan-step.ts';
import { entryStep } from './scan-steps.ts';
import { FastClock } from './scan-time.ts';
import { isTimely } from './stored-check.ts';

/** Scans one tenant's entries, wherever they lie. */
export class EntryScan implements EntryBytes {
  bytes: Uint8Array = new Uint8Array();
  view: DataView = new DataView(new ArrayBuffer(0));
  readonly tenant: Uint8Array;
  readonly clock = new FastClock();
  occurredAt = Number.NaN;
  recordedAt = Number.NaN;
  isLate = false;
  isIdentified = false;
  hasActorId = false;

  constructor(tenant: string) {
    this.tenant = new TextEncoder().encode(`"${tenant}"`);
  }

  /**
   * When the entry was recorded, in milliseconds since 1970, if the bytes from `from` to before `to` certainly are an
   * entry of the tenant in canonical form; not a number where they are none, or need a closer look.
   */
  read(text: Uint8Array, from: number, to: number): number {
    if (to - from > MAX_ENTRY_BYTES) return Number.NaN;
    this.#look(text);
    this.isLate = false;
    this.hasActorId = false;
    const offset = text.byteOffset;
    if (entryStep(this, offset + from) !== offset + to) return Number.NaN;
    const timely = isTimely(this.occurredAt, this.recordedAt, this.isLate);
    return timely && (this.hasActorId || !this.isIdentified) ? this.recordedAt : Number.NaN;
  }

  #look({ buffer }: Uint8Array): void {
    if (this.view.buffer === buffer) return;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
  }
}
