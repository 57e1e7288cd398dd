// The rounds of SHA-256 in WebAssembly against the published vectors, for one message and for four beside each other.
import { describe, expect, test } from '@jest/globals';
import { toHex } from '../../../core/crypto.ts';
import { AT, INITIAL } from '../../../core/wasm/rounds.ts';
import { sha256Module } from '../../../core/wasm/sha256.ts';

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  one(): void;
  four(): void;
}

/** FIPS 180-4's examples ("SHA256.pdf" of NIST's example values), and the first of CAVP's SHA256ShortMsg.rsp by length. */
const VECTORS: readonly (readonly [message: Uint8Array, digest: string])[] = [
  [new Uint8Array(), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  [Buffer.from('d3', 'hex'), '28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1'],
  [Buffer.from('11af', 'hex'), '5ca7133fa735326081558ac312c620eeca9970d1e70a4b95533d956f072d1f98'],
  [Buffer.from('74ba2521', 'hex'), 'b16aa56be3880d18cd41e68384cf1ec8c17680c45a02b1575dc1518923ae8b0e'],
  [Buffer.from('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    Buffer.from('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'),
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
];

const exports = new WebAssembly.Instance(new WebAssembly.Module(sha256Module())).exports as Exports;
const view = new DataView(exports.memory.buffer);

/** FIPS 180-4, section 5.1.1. */
function padded(message: Uint8Array): DataView {
  const bytes = new Uint8Array(64 * Math.ceil((message.length + 9) / 64));
  bytes.set(message);
  bytes[message.length] = 0x80;
  const words = new DataView(bytes.buffer);
  words.setUint32(bytes.length - 4, 8 * message.length);
  return words;
}

/** Digests of as many messages as lie beside each other, all of as many blocks. */
function digests(messages: readonly Uint8Array[], compress: () => void): string[] {
  const step = 4 * messages.length;
  const blocks = messages.map(padded);
  const lanes = blocks.map((_, lane) => lane);
  for (const lane of lanes)
    for (let i = 0; i < 8; i++) view.setInt32(AT.state + step * i + 4 * lane, INITIAL[i]!, true);
  for (let at = 0; at < blocks[0]!.byteLength; at += 64) {
    for (const lane of lanes) {
      for (let i = 0; i < 16; i++) {
        view.setInt32(AT.words + step * i + 4 * lane, blocks[lane]!.getInt32(at + 4 * i), true);
      }
    }
    compress();
  }
  return lanes.map((lane) => {
    const digest = new DataView(new ArrayBuffer(32));
    for (let i = 0; i < 8; i++) digest.setInt32(4 * i, view.getInt32(AT.state + step * i + 4 * lane, true));
    return toHex(new Uint8Array(digest.buffer));
  });
}

describe('published vectors', () => {
  test.each(VECTORS)('one message, vector %#', (message, digest) => {
    expect(digests([message], exports.one)).toEqual([digest]);
  });

  test('four messages beside each other, in every order', () => {
    const short = VECTORS.slice(0, 5);
    for (let first = 0; first < short.length; first++) {
      const four = [0, 1, 2, 3].map((i) => short[(first + i) % short.length]!);
      expect(
        digests(
          four.map(([message]) => message),
          exports.four,
        ),
      ).toEqual(four.map(([, digest]) => digest));
    }
    const [message, digest] = VECTORS[5]!;
    expect(digests([message, message, message, message], exports.four)).toEqual([digest, digest, digest, digest]);
  });
});
