// Documents of a tenant, read once each and ahead of who asks for them.
import type { ObjectRef } from '../../core/documents/fields.ts';
import type { EvidenceStore } from '../object-lock/port.ts';

/** Documents in memory: those of a quiet tenant's whole history, or the newest of a busy one. */
const KEPT_BYTES = 32 * 1024 * 1024;

/** Documents that are asked for ahead of whoever reads them one after the other. */
const AHEAD = 16;

interface Kept {
  readonly bytes: number;
  readonly read: Promise<Uint8Array | undefined>;
}

/**
 * Reads documents by version, each once for as long as memory lasts: a version never changes, and digests, contents and
 * segment lists are each needed by several checks. The least recently used ones go first.
 */
export class DocumentsAhead {
  readonly #store: Pick<EvidenceStore, 'fetch'>;
  readonly #keptBytes: number;
  readonly #kept = new Map<string, Kept>();
  /** Will be asked for in this order; those at the front are being read. */
  #expected: ObjectRef[] = [];
  #bytes = 0;

  constructor(store: Pick<EvidenceStore, 'fetch'>, keptBytes: number = KEPT_BYTES) {
    this.#store = store;
    this.#keptBytes = keptBytes;
  }

  read(ref: ObjectRef): Promise<Uint8Array | undefined> {
    if (this.#expected[0] !== undefined && nameOf(this.#expected[0]) === nameOf(ref)) this.#expected.shift();
    const read = this.#ask(ref);
    this.#advance();
    return read;
  }

  /** What is going to be read next, in this order. */
  expect(refs: readonly ObjectRef[]): void {
    this.#expected = [...refs];
    this.#advance();
  }

  #advance(): void {
    let bytes = 0;
    for (const ref of this.#expected.slice(0, AHEAD)) {
      bytes += ref.bytes;
      if (bytes > this.#keptBytes / 2) return;
      void this.#ask(ref).catch(() => undefined);
    }
  }

  #ask(ref: ObjectRef): Promise<Uint8Array | undefined> {
    const name = nameOf(ref);
    const kept = this.#kept.get(name);
    if (kept !== undefined) {
      this.#kept.delete(name);
      this.#kept.set(name, kept);
      return kept.read;
    }
    const read = this.#store.fetch(ref.key, ref.version);
    // What failed is asked for again by whoever needs it.
    read.catch(() => {
      if (this.#kept.get(name)?.read === read) this.#forget(name);
    });
    this.#kept.set(name, { bytes: ref.bytes, read });
    this.#bytes += ref.bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#keptBytes || oldest === name) break;
      this.#forget(oldest);
    }
    return read;
  }

  #forget(name: string): void {
    this.#bytes -= this.#kept.get(name)?.bytes ?? 0;
    this.#kept.delete(name);
  }
}

const nameOf = ({ key, version }: ObjectRef) => `${key} ${version}`;
