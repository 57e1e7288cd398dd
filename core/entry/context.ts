// What preparing an entry depends on, and what comes of it.
import type { CatalogEntry } from '../catalog/code.ts';
import type { Limits } from '../limits.ts';
import type { RedactionPolicy } from '../redact/policy.ts';
import type { Recorder } from './schema.ts';

/** Everything that an entry depends on beside what the client sent; the same context and input give the same bytes. */
export interface PrepareContext {
  readonly tenant: string;
  readonly recorder: Recorder;
  readonly now: Date;
  /** For entries that bring no id: a UUIDv7 (core/entry/uuid.ts). */
  readonly newId: () => string;
  /** Absent: the built-in one. */
  readonly catalog?: ReadonlyMap<string, CatalogEntry>;
  /** Refuse actions that the catalog does not hold. */
  readonly strict: boolean;
  readonly redaction: RedactionPolicy;
  readonly limits: Limits;
  /** RFC 6901 prefix of faults: where in the request body the entry (or the array of entries) lies. */
  readonly pointerPrefix?: string;
}

export interface PreparedEntry {
  readonly id: string;
  readonly category: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly recordedAt: string;
  /** RFC 8785 canonical form: what is hashed and stored. */
  readonly bytes: Uint8Array;
  readonly leafHash: Uint8Array;
}
