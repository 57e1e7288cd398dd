// Blocks and their payloads are read as they were written, and nothing else is.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { zstd } from '../../../adapters/zstd.ts';
import { decodeBlock, encodeBlock } from '../../../core/block/codec.ts';
import { BlockError } from '../../../core/block/error.ts';
import { frameContentSize } from '../../../core/block/frame.ts';
import { chainHashes } from '../../../core/block/hashes.ts';
import { encodePayload } from '../../../core/block/payload.ts';
import { genesisLink, leafHash, nextLink } from '../../../core/chain.ts';
import { toHex } from '../../../core/crypto.ts';

const entry = fc.json().map((text) => new TextEncoder().encode(text.replaceAll('\n', ' ')));
const entries = fc.array(entry, { minLength: 1, maxLength: 40 });
const position = fc.integer({ min: 1, max: 2 ** 40 });

function blockOf(bytes: Uint8Array[], at: number) {
  const place = { chain: 'acme#3', position: at, previousLink: genesisLink('anything') };
  const contents = { payload: encodePayload(bytes, zstd), leafHashes: bytes.map(leafHash), requests: ['acme#k'] };
  return encodeBlock(place, contents, 1).block;
}

test('what is encoded is decoded, byte for byte', () => {
  fc.assert(
    fc.property(entries, position, (bytes, at) => {
      const decoded = decodeBlock(blockOf(bytes, at), zstd);
      expect(decoded.entries.map((b) => Buffer.from(b).toString('hex'))).toEqual(
        bytes.map((b) => Buffer.from(b).toString('hex')),
      );
    }),
  );
});

test('a payload is one frame, and the walk agrees with the decoder on what it holds', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300_000 }), (content) => {
      const frame = zstd.compress(content);
      expect(frameContentSize(frame)).toBe(content.length);
      expect(Buffer.from(zstd.decompress(frame, content.length)).equals(content)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('whatever follows a frame is noticed', () => {
  fc.assert(
    fc.property(entries, fc.uint8Array({ minLength: 1, maxLength: 50 }), (bytes, tail) => {
      const block = blockOf(bytes, 9);
      const payload = new Uint8Array([...block.payload, ...tail]);
      expect(() => decodeBlock({ ...block, payload }, zstd)).toThrow(BlockError);
    }),
  );
});

test('a changed byte of payload or links is never accepted as other entries', () => {
  fc.assert(
    fc.property(entries, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, where, flip) => {
      const block = blockOf(bytes, 9);
      const payload = Uint8Array.from(block.payload);
      payload[where % payload.length]! ^= flip;
      try {
        // Some bits of a frame carry no meaning; then the entries are the same.
        const decoded = decodeBlock({ ...block, payload }, zstd);
        expect(decoded.entries.map((b) => Buffer.from(b).toString())).toEqual(
          bytes.map((b) => Buffer.from(b).toString()),
        );
      } catch (error) {
        expect(error).toBeInstanceOf(BlockError);
      }
    }),
    { numRuns: 500 },
  );
});

test('any bytes as payload are refused by BlockError alone', () => {
  const frameLike = fc.uint8Array({ maxLength: 200 }).map((tail) => new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, ...tail]));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), frameLike), (payload) => {
      const block = { ...blockOf([Buffer.from('{}')], 9), payload };
      expect(() => decodeBlock(block, zstd)).toThrow(BlockError);
    }),
    { numRuns: 1_000 },
  );
});

test('hashes of many entries are those of one after the other', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 40 }), (bytes) => {
      const { leafHashes, links } = chainHashes(genesisLink('acme#3'), bytes);
      expect(leafHashes.map(toHex)).toEqual(bytes.map((one) => toHex(leafHash(one))));
      const expected: string[] = [];
      bytes.reduce((link, one) => {
        const next = nextLink(link, leafHash(one));
        expected.push(toHex(next));
        return next;
      }, genesisLink('acme#3'));
      expect(links.map(toHex)).toEqual(expected);
    }),
  );
});
