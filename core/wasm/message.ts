// The digest of one message by the module: what a platform without a quick SHA-256 of its own hashes entries with.
import { madeOnce } from './once.ts';
import { AT, INITIAL } from './rounds.ts';
import { PAGES, sha256Module } from './sha256.ts';

/** What every JavaScript engine has, browsers too, and TypeScript only declares beside the document's types. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  digest(at: number, blocks: number): void;
}

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

/** Behind a message: one bit, and its length in bits. */
const PADDING_BYTES = 9;

/** Longer messages have no room in the memory. */
const MOST_BYTES = PAGES * 65_536 - AT.data - BLOCK_BYTES - PADDING_BYTES;

class MessageDigest {
  readonly #exports: Exports;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor() {
    this.#exports = new WebAssembly.Instance(new WebAssembly.Module(sha256Module())).exports as Exports;
    const { buffer } = this.#exports.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  digest(input: Uint8Array, out: Uint8Array, at: number): void {
    const { length } = input;
    const blocks = Math.ceil((length + PADDING_BYTES) / BLOCK_BYTES);
    this.#bytes.set(input, AT.data);
    this.#bytes.fill(0, AT.data + length, AT.data + blocks * BLOCK_BYTES);
    this.#bytes[AT.data + length] = 0x80;
    this.#view.setUint32(AT.data + blocks * BLOCK_BYTES - 4, 8 * length);
    for (const [i, word] of INITIAL.entries()) this.#view.setInt32(AT.state + 4 * i, word, true);
    this.#exports.digest(AT.data, blocks);
    for (let i = 0; i < HASH_BYTES; i += 4) {
      const word = this.#view.getUint32(AT.state + i, true);
      out[at + i] = word >>> 24;
      out[at + i + 1] = word >>> 16;
      out[at + i + 2] = word >>> 8;
      out[at + i + 3] = word;
    }
  }
}

const digesting = madeOnce(() => new MessageDigest());

/**
 * SHA-256 of the input, written to `out` from `at` on; false for a message that is too long for it, and where
 * there is no module.
 */
export function digestFast(input: Uint8Array, out: Uint8Array, at: number): boolean {
  const module = input.length > MOST_BYTES ? undefined : digesting();
  module?.digest(input, out, at);
  return module !== undefined;
}
