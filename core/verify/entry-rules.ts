// What an entry has to be at its place, for whoever seals it and for whoever verifies it: docs/format.md, "Entry" and "Sealed entries".
import { DAY_MS } from '../../names/time.ts';
import { canonicalBytes } from '../canonical/canonical.ts';
import { CATEGORIES } from '../catalog/categories.ts';
import { equalBytes } from '../crypto.ts';
import { EntryScan } from '../entry/scan.ts';
import { ENTRY_VERSION } from '../entry/schema.ts';
import { isStoredEntry } from '../entry/stored-check.ts';
import { parseExactTime } from '../entry/time.ts';
import { WasmEntryScan } from '../entry/wasm-scan.ts';
import { JsonFault } from '../json/fault.ts';
import { parseJson } from '../json/parse.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/value.ts';
import { MAX_ENTRY_BYTES, MAX_NESTING } from '../limits.ts';

/** What is wrong with an entry's bytes wherever they are; each is a finding. */
export type EntryFault =
  | 'entry-malformed'
  | 'entry-version'
  | 'entry-not-canonical'
  | 'entry-tenant'
  | 'entry-category';

/** What is wrong with the place of an entry in time; each is a finding. */
export type EntryTimeFault = 'entry-ahead' | 'entry-late' | 'entry-backdated';

/** Checks one tenant's entries. Most of them take one pass over their bytes; only the others are parsed. */
export class EntryRules {
  readonly tenant: string;
  readonly #scan: EntryScan;
  readonly #wasmScan: WasmEntryScan;
  /** Of the entry that was checked last, in milliseconds since 1970; not a number where that has a fault. */
  recordedAt = Number.NaN;

  constructor(tenant: string) {
    this.tenant = tenant;
    this.#scan = new EntryScan(tenant);
    this.#wasmScan = new WasmEntryScan(tenant);
  }

  /** What is wrong with the entry whose bytes go from `from` to before `to`; undefined when nothing is. Never throws. */
  check(bytes: Uint8Array, from = 0, to = bytes.length): EntryFault | undefined {
    this.recordedAt = this.#scanned(bytes, from, to);
    if (!Number.isNaN(this.recordedAt)) return undefined;
    const entry = checkSlowly(bytes.subarray(from, to), this.tenant);
    if (typeof entry === 'string') return entry;
    this.recordedAt = parseExactTime(entry.recordedAt as string)!;
    return undefined;
  }

  /** What the module is not sure of, the reader in JavaScript may be. */
  #scanned(bytes: Uint8Array, from: number, to: number): number {
    if (checked > WORTH_A_MODULE) {
      const recordedAt = this.#wasmScan.read(bytes.subarray(from, to));
      if (!Number.isNaN(recordedAt)) return recordedAt;
    } else checked++;
    return this.#scan.read(bytes, from, to);
  }
}

/** Entries that are checked while a module would be made. */
const WORTH_A_MODULE = 5_000;

/** In this process, up to one more than that. */
let checked = 0;

/** The rules one after the other, on the parsed value: the entry, or what is wrong with it. The fast reader is held against it. */
export function checkSlowly(bytes: Uint8Array, tenant: string): JsonObject | EntryFault {
  const entry = bytes.length <= MAX_ENTRY_BYTES ? parsed(bytes) : undefined;
  if (!isJsonObject(entry)) return 'entry-malformed';
  if (entry.v !== ENTRY_VERSION) return 'entry-version';
  if (!equalBytes(canonicalBytes(entry), bytes)) return 'entry-not-canonical';
  const { tenant: owner, category } = entry;
  if (typeof owner === 'string' && owner !== tenant) return 'entry-tenant';
  if (typeof category === 'string' && !CATEGORIES.has(category)) return 'entry-category';
  return isStoredEntry(entry) ? entry : 'entry-malformed';
}

function parsed(bytes: Uint8Array): JsonValue | undefined {
  try {
    return parseJson(bytes, { maxDepth: MAX_NESTING });
  } catch (error) {
    if (error instanceof JsonFault) return undefined;
    throw error;
  }
}

/** Clocks differ, and an entry is committed some time after its writer looked at the clock, and sealed while others come. */
export const CLOCK_TOLERANCE_MS = 3_600_000;

/** No seal can be held up so long that what it seals was recorded so much before the seal before it. */
const BACKDATED_AFTER_MS = 30 * DAY_MS;

/** When that can have been recorded which a digest adds to a chain, in milliseconds since 1970. */
export interface SealWindow {
  /** `sealedAt` of the tenant's digest before; infinitely long ago when this is the first. */
  readonly since: number;
  /** `sealedAt` of the digest. */
  readonly sealedAt: number;
  /** The chain begins with what it adds: the digest before may not have known of it yet. */
  readonly isNew: boolean;
}

export function sealWindow(
  before: { readonly sealedAt: string } | undefined,
  sealedAt: string,
  isNew = false,
): SealWindow {
  // One that was sealed later is out of order, which is found of itself, and says nothing of this one's time.
  const isKnown = before !== undefined && before.sealedAt < sealedAt;
  const since = isKnown ? Date.parse(before.sealedAt) : Number.NEGATIVE_INFINITY;
  return { since, sealedAt: Date.parse(sealedAt), isNew };
}

/** The first and the last time of recording that is no fault. */
export function boundsOf({ since, sealedAt, isNew }: SealWindow): { readonly least: number; readonly most: number } {
  const tolerance = isNew ? BACKDATED_AFTER_MS : CLOCK_TOLERANCE_MS;
  return { least: since - tolerance, most: sealedAt + CLOCK_TOLERANCE_MS };
}

/** What is wrong with a time of recording under the seal that first has the entry; undefined when nothing is. */
export function timeFault(recordedAt: number, window: SealWindow): EntryTimeFault | undefined {
  const { least, most } = boundsOf(window);
  if (recordedAt > most) return 'entry-ahead';
  if (recordedAt < window.since - BACKDATED_AFTER_MS) return 'entry-backdated';
  return recordedAt < least ? 'entry-late' : undefined;
}
