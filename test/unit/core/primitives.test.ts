/** Every platform's hashes and signatures give the same: what a browser verifies is what the command verifies. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { NOBLE } from '../../../core/crypto/noble.ts';
import { NODE } from '../../../core/crypto/node.ts';
import { hasMlDsa44, PLAIN_NODE } from '../../../core/crypto/plain-node.ts';
import { NO_ECDSA_KEY, type Primitives } from '../../../core/crypto/port.ts';

const PLATFORMS: [string, Primitives][] = [
  ['node', NODE],
  ['noble', NOBLE],
  ['plain-node', PLAIN_NODE],
];

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const MESSAGE = ascii('a checkpoint\n');

/** What a signature check answers, where a throw is a no. */
function accepts(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}

/** Every way in which one bit of one argument is another. */
function* flipped(bytes: Uint8Array, step: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) {
    const other = Uint8Array.from(bytes);
    other[at] = other[at]! ^ (1 << (at % 8));
    yield other;
  }
}

const rawKey = (key: KeyObject, bytes: number): Uint8Array =>
  new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(-bytes));

/** RFC 8032, section 7.1: public key, message, signature. */
const RFC_8032 = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

describe.each(PLATFORMS)('%s', (_, platform) => {
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('SHA-256 of "%s" (FIPS 180-4)', (text, want) => {
    const out = new Uint8Array(40).fill(7);
    platform.sha256Into(ascii(text), out, 4);
    expect(platform.hexOf(out)).toBe(`07070707${want}07070707`);
    const stream = platform.createSha256();
    for (const character of text) stream.update(ascii(character));
    expect(platform.hexOf(stream.digest())).toBe(want);
  });

  test('SHA-256 of bytes of every length up to three blocks, where they lie in place of the digest too', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length: Math.max(length, 32) }, (_, i) => i * 31 + length);
      const [want, got] = [Uint8Array.from(bytes), Uint8Array.from(bytes)];
      NODE.sha256Into(want.slice(0, length), want, 0);
      platform.sha256Into(got.subarray(0, length), got, 0);
      expect(got).toEqual(want);
    }
  });

  test('SHA-256 of long messages, around whatever an implementation has room for', () => {
    const bytes = randomBytes(140_000);
    for (const length of [1_000, 59_999, 60_001, 128_900, 128_950, 128_951, 128_952, 129_024, 131_072, 140_000]) {
      const [want, got] = [new Uint8Array(32), new Uint8Array(32)];
      NODE.sha256Into(bytes.subarray(0, length), want, 0);
      platform.sha256Into(bytes.subarray(0, length), got, 0);
      expect([length, platform.hexOf(got)]).toEqual([length, NODE.hexOf(want)]);
    }
  });

  test('hexadecimal and base64 come back as they went', () => {
    for (const bytes of [
      new Uint8Array(),
      Uint8Array.of(0),
      Uint8Array.of(255, 0),
      new Uint8Array(randomBytes(20_001)),
    ]) {
      expect(platform.hexOf(bytes)).toBe(NODE.hexOf(bytes));
      expect(platform.unhex(NODE.hexOf(bytes))).toEqual(bytes);
      expect(platform.base64Of(bytes)).toBe(NODE.base64Of(bytes));
      expect(platform.unbase64(NODE.base64Of(bytes))).toEqual(bytes);
    }
    for (const text of ['A', 'AA', 'AB==', 'A===', 'AA==\n', ' AAAA', 'AA-_', '!!!!', 'AAAA====']) {
      expect(platform.base64Of(platform.unbase64(text)) === text).toBe(false);
    }
  });

  test.each(RFC_8032)('Ed25519 of RFC 8032, key %s', (key, message, signature) => {
    expect(platform.ed25519Accepts(hex(key), hex(message), hex(signature))).toBe(true);
    expect(platform.ed25519Accepts(hex(key), ascii('other'), hex(signature))).toBe(false);
    for (const other of flipped(hex(signature), 1)) {
      expect(accepts(() => platform.ed25519Accepts(hex(key), hex(message), other))).toBe(false);
    }
    for (const other of flipped(hex(key), 1)) {
      expect(accepts(() => platform.ed25519Accepts(other, hex(message), hex(signature)))).toBe(false);
    }
  });

  test('Ed25519 with s beyond the order of the group is refused, though it fits the equation', () => {
    const [key, message, signature] = RFC_8032[0];
    const s = BigInt(`0x${Buffer.from(hex(signature).subarray(32)).reverse().toString('hex')}`);
    const larger = Buffer.from((s + ed25519.Point.Fn.ORDER).toString(16).padStart(64, '0'), 'hex').reverse();
    const forged = new Uint8Array(Buffer.concat([hex(signature).subarray(0, 32), larger]));
    expect(accepts(() => platform.ed25519Accepts(hex(key), hex(message), forged))).toBe(false);
  });

  test('Ed25519 that holds only up to a factor of eight is refused', () => {
    const { key, signature } = torsioned();
    // Of those that verify with the cofactor: the signature is one.
    expect(ed25519.verify(signature, MESSAGE, key, { zip215: true })).toBe(true);
    expect(accepts(() => platform.ed25519Accepts(key, MESSAGE, signature))).toBe(false);
  });

  test('Ed25519 under bytes that are no point is refused', () => {
    const none = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 2 : 0));
    expect(() => ed25519.Point.fromBytes(none)).toThrow();
    expect(accepts(() => platform.ed25519Accepts(none, MESSAGE, new Uint8Array(64)))).toBe(false);
  });

  test('ML-DSA-44, with and without a context', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ml-dsa-44' as never) as unknown as KeyPair;
    const key = rawKey(publicKey, 1312);
    const plain = new Uint8Array(sign(null, MESSAGE, privateKey));
    const context = ascii('context');
    const bound = new Uint8Array(sign(null, MESSAGE, { key: privateKey, context } as never));
    expect(platform.mlDsa44Accepts(key, MESSAGE, plain)).toBe(true);
    expect(platform.mlDsa44Accepts(key, MESSAGE, bound, context)).toBe(true);
    expect(accepts(() => platform.mlDsa44Accepts(key, MESSAGE, bound))).toBe(false);
    expect(accepts(() => platform.mlDsa44Accepts(key, MESSAGE, plain, context))).toBe(false);
    expect(accepts(() => platform.mlDsa44Accepts(key, ascii('other'), plain))).toBe(false);
    for (const other of flipped(plain, 97)) {
      expect(accepts(() => platform.mlDsa44Accepts(key, MESSAGE, other))).toBe(false);
    }
    for (const other of flipped(key, 97)) {
      expect(accepts(() => platform.mlDsa44Accepts(other, MESSAGE, plain))).toBe(false);
    }
    expect(accepts(() => platform.mlDsa44Accepts(new Uint8Array(1312), MESSAGE, new Uint8Array(2420)))).toBe(false);
  });

  test.each(['prime256v1', 'secp384r1', 'secp521r1'])('ECDSA on %s, with high and low s', (namedCurve) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
    const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
    expect(platform.ecdsaKeyFault(spki)).toBeUndefined();
    for (let i = 0; i < 8; i++) {
      const signature = new Uint8Array(sign('sha256', MESSAGE, privateKey));
      expect(platform.ecdsaAccepts(spki, MESSAGE, signature)).toBe(true);
      expect(accepts(() => platform.ecdsaAccepts(spki, ascii('other'), signature))).toBe(false);
      expect(accepts(() => platform.ecdsaAccepts(spki, MESSAGE, Uint8Array.of(...signature, 0)))).toBe(false);
    }
    expect(platform.ecdsaKeyFault(Uint8Array.of(...spki, 0))?.message).toBe(NO_ECDSA_KEY);
    const offCurve = Uint8Array.from(spki);
    offCurve[offCurve.length - 1] = offCurve[offCurve.length - 1]! ^ 1;
    expect(platform.ecdsaKeyFault(offCurve)?.message).toBe(NO_ECDSA_KEY);
  });

  test('ECDSA keys on other curves, of other kinds and in other encodings are refused', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey;
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const explicit = generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' }).publicKey;
    for (const key of [other, rsa, explicit]) {
      const spki = new Uint8Array(key.export({ format: 'der', type: 'spki' }));
      expect(platform.ecdsaKeyFault(spki)?.message).toBe(NO_ECDSA_KEY);
    }
    expect(platform.ecdsaKeyFault(new Uint8Array())?.message).toBe(NO_ECDSA_KEY);
  });
});

test('this Node has ML-DSA itself', () => {
  expect(hasMlDsa44()).toBe(true);
});

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A signature whose first point has a part of small order: [8] of the equation holds, and the equation does not. */
function torsioned(): { key: Uint8Array; signature: Uint8Array } {
  const { Point } = ed25519;
  const order = Point.Fn.ORDER;
  const [secret, nonce] = [123_456_789n, 987_654_321n];
  const key = Point.BASE.multiply(secret).toBytes();
  const small = Point.fromBytes(hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'));
  const first = Point.BASE.multiply(nonce).add(small).toBytes();
  const k =
    BigInt(
      `0x${Buffer.from(sha512(Buffer.concat([first, key, MESSAGE])))
        .reverse()
        .toString('hex')}`,
    ) % order;
  const s = (nonce + k * secret) % order;
  const second = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
  return { key, signature: new Uint8Array(Buffer.concat([first, second])) };
}
