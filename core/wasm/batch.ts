// Links and tree nodes of many hashes in one call of the module: a call of node:crypto costs more than what it hashes.
import { HASH_BYTES } from '../crypto.ts';
import { madeOnce } from './once.ts';
import { AT } from './rounds.ts';
import { PAGES, sha256Module } from './sha256.ts';

/** What every JavaScript engine has, browsers too, and TypeScript only declares beside the document's types. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  links(at: number, count: number): void;
  nodes(from: number, to: number, fours: number): void;
}

/** Fewer take longer here than the module takes to be there. */
const LEAST_HASHES = 32;

/** As many hashes as the memory has room for. */
const MOST_BYTES = PAGES * 65_536 - AT.data;

/** A node has two hashes, and four nodes are made at a time. */
const FOUR_PAIRS = 8 * HASH_BYTES;

class HashModule {
  readonly #exports: Exports;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor() {
    const module = new WebAssembly.Module(sha256Module());
    this.#exports = new WebAssembly.Instance(module).exports as Exports;
    const { buffer } = this.#exports.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  extendLink(link: Uint8Array, hashes: Uint8Array): void {
    const words = new DataView(link.buffer, link.byteOffset, HASH_BYTES);
    for (let at = 0; at < HASH_BYTES; at += 4) this.#view.setInt32(AT.link + at, words.getInt32(at), true);
    for (let at = 0; at < hashes.length; at += MOST_BYTES) {
      const some = hashes.subarray(at, at + MOST_BYTES);
      this.#bytes.set(some, AT.data);
      this.#exports.links(AT.data, some.length / HASH_BYTES);
    }
    for (let at = 0; at < HASH_BYTES; at += 4) words.setInt32(at, this.#view.getInt32(AT.link + at, true));
  }

  subtreeRoot(hashes: Uint8Array): Uint8Array {
    this.#bytes.set(hashes, AT.data);
    for (let length = hashes.length; length > HASH_BYTES; length /= 2) {
      // Of fewer than four, the nodes behind them are of what was left there, and nobody reads them.
      this.#exports.nodes(AT.data, AT.data, Math.ceil(length / FOUR_PAIRS));
    }
    return this.#bytes.slice(AT.data, AT.data + HASH_BYTES);
  }
}

/** Compiled when it is first needed: most processes hash few entries. */
const hashing = madeOnce(() => new HashModule());

/**
 * Extends a link, in place, by leaf hashes that lie one after the other (core/chain.ts, `nextLink`); false, and nothing is done,
 * for too few to pay, and where there is no module.
 */
export function extendLinkFast(link: Uint8Array, hashes: Uint8Array): boolean {
  const module = hashes.length < LEAST_HASHES * HASH_BYTES ? undefined : hashing();
  module?.extendLink(link, hashes);
  return module !== undefined;
}

/**
 * The root over hashes that lie one after the other (core/merkle/hash.ts, `nodeHash`); undefined for too few to pay,
 * for what is no perfect tree, or larger than a tile, and where there is no module.
 */
export function subtreeRootFast(hashes: Uint8Array): Uint8Array | undefined {
  const count = hashes.length / HASH_BYTES;
  const isPerfect = Number.isInteger(Math.log2(count)) && hashes.length <= MOST_BYTES;
  return isPerfect && count >= LEAST_HASHES ? hashing()?.subtreeRoot(hashes) : undefined;
}
