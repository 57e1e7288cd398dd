// Reads entries by the WebAssembly module: accepts most of those that are entries, three times as fast as the reader in JavaScript.
import { MAX_ENTRY_BYTES } from '../limits.ts';
import { madeOnce } from '../wasm/once.ts';
import type { Buffered } from './scan-text.ts';
import { FastClock } from './scan-time.ts';
import { isTimely } from './stored-check.ts';
import { ENTRY_AT, entryModule } from './wasm-entry.ts';
import { NOTES, TENANT_AT } from './wasm-words.ts';

/** What every JavaScript engine has, browsers too, and TypeScript only declares beside the document's types. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  entry(at: number): number;
}

/** A line's end, which no entry holds: nothing is read beyond it. */
const LF = 0x0a;

class EntryReader implements Buffered {
  readonly #exports: Exports;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #notes: Int32Array;
  /** The one that is in memory. */
  #tenant: Uint8Array | undefined;

  constructor() {
    this.#exports = new WebAssembly.Instance(new WebAssembly.Module(entryModule())).exports as Exports;
    const { buffer } = this.#exports.memory;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.#notes = new Int32Array(buffer);
  }

  /** `entry` has at most MAX_ENTRY_BYTES; `tenant` is quoted. */
  read(entry: Uint8Array, tenant: Uint8Array, clock: FastClock): number {
    const { bytes } = this;
    if (tenant !== this.#tenant) this.#take(tenant);
    const end = ENTRY_AT + entry.length;
    bytes.set(entry, ENTRY_AT);
    bytes[end] = LF;
    if (this.#exports.entry(ENTRY_AT) !== end) return Number.NaN;
    if (this.#note(NOTES.identified) === 1 && this.#note(NOTES.actorId) === 0) return Number.NaN;
    const occurredAt = clock.read(this, this.#note(NOTES.occurredAt));
    const recordedAt = clock.read(this, this.#note(NOTES.recordedAt));
    return isTimely(occurredAt, recordedAt, this.#note(NOTES.late) === 1) ? recordedAt : Number.NaN;
  }

  #note(at: number): number {
    return this.#notes[at / Int32Array.BYTES_PER_ELEMENT]!;
  }

  #take(tenant: Uint8Array): void {
    this.bytes.set(tenant, TENANT_AT);
    this.#notes[NOTES.tenantBytes / Int32Array.BYTES_PER_ELEMENT] = tenant.length;
    this.#tenant = tenant;
  }
}

/** Of the process: whoever scans leaves nothing in it that the next one relies on. */
const entryReader = madeOnce(() => new EntryReader());

/** Scans one tenant's entries, as EntryScan does: core/entry/scan.ts. */
export class WasmEntryScan {
  readonly #tenant: Uint8Array;
  readonly #clock = new FastClock();

  constructor(tenant: string) {
    this.#tenant = new TextEncoder().encode(`"${tenant}"`);
  }

  /** When the entry was recorded, in milliseconds since 1970; not a number where it is none, needs a closer look, or there is no module. */
  read(entry: Uint8Array): number {
    if (entry.length > MAX_ENTRY_BYTES || this.#tenant.length > ENTRY_AT - TENANT_AT) return Number.NaN;
    return entryReader()?.read(entry, this.#tenant, this.#clock) ?? Number.NaN;
  }
}
