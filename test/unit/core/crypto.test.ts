// Hashes and signatures.
import { expect, test } from '@jest/globals';
import { equalBytes, fromHex, HASH_BYTES, sha256, toHex } from '../../../core/crypto.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('FIPS 180-4, the one-block example, whole and in parts', () => {
  const want = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(toHex(sha256(bytes('abc')))).toBe(want);
  expect(toHex(sha256(bytes('a'), new Uint8Array(), bytes('bc')))).toBe(want);
  expect(toHex(sha256())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256(bytes('abc'))).toHaveLength(HASH_BYTES);
});

test('a view into a larger buffer is only the view', () => {
  const large = bytes('xxabcxx');
  expect(toHex(large.subarray(2, 5))).toBe('616263');
  expect(sha256(large.subarray(2, 5))).toEqual(sha256(bytes('abc')));
});

test('hexadecimal has one spelling', () => {
  expect(fromHex('00ff')).toEqual(Uint8Array.of(0, 255));
  for (const text of ['0', 'FF', '0g', ' 00', '0x00']) expect(() => fromHex(text)).toThrow(TypeError);
});

test('bytes are equal when all are', () => {
  expect(equalBytes(bytes('ab'), bytes('ab'))).toBe(true);
  for (const other of ['ac', 'bb', 'a', 'abc', '']) expect(equalBytes(bytes('ab'), bytes(other))).toBe(false);
});
