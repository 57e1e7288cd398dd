// Blocks that are refused, and good ones.
import { constants, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { zstd } from '../../../adapters/zstd.ts';
import type { Block } from '../../../core/block/block.ts';
import { decodeBlock, encodeBlock } from '../../../core/block/codec.ts';
import { BlockError } from '../../../core/block/error.ts';
import { encodePayload, MAX_BLOCK_CONTENT_BYTES } from '../../../core/block/payload.ts';
import { genesisLink, leafHash, nextLink } from '../../../core/chain.ts';
import { entriesOf } from '../../support/entries.ts';

const CHAIN = 'acme#0';
const ENTRIES = entriesOf('e', 3);
const BYTES = ENTRIES.map(({ bytes }) => bytes);

function block(changes: Partial<Block> = {}): Block {
  const place = { chain: CHAIN, position: 0, previousLink: genesisLink(CHAIN) };
  const contents = { payload: encodePayload(BYTES, zstd), leafHashes: BYTES.map(leafHash), requests: [] };
  return { ...encodeBlock(place, contents, 1_750_000_000_000).block, ...changes };
}

/** A payload of any content, not only of what the encoder would write. */
const framed = (content: string | Uint8Array) => new Uint8Array(zstdCompressSync(content));
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const lines = (entries: readonly Uint8Array[]) => joined(...entries.flatMap((entry) => [entry, Buffer.from('\n')]));

function codeOf(bad: Block): string {
  try {
    decodeBlock(bad, zstd);
  } catch (error) {
    expect(error).toBeInstanceOf(BlockError);
    expect((error as BlockError).chain).toBe(bad.chain);
    return (error as BlockError).code;
  }
  return 'accepted';
}

const GOOD = block();
/** RFC 8878 §3.1.2: magic 0x184D2A5?, a size, and as many bytes of anything. */
const SKIPPABLE = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
const descriptorWith = (bits: number) => {
  const payload = Uint8Array.from(GOOD.payload);
  payload[4]! |= bits;
  return payload;
};
/** As a stream of unknown length: the header then declares no size. */
const undeclared = joined(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58), Uint8Array.of(0x01, 0x00, 0x00));
/** One run-length block, ten bytes that stand for 128 KiB, where the header declares 100 bytes. */
const rleBomb = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 100, 0x03, 0x00, 0x10, 0x61);

/** One vector a mutation, named by it. */
const vectors: Record<string, [code: string, bad: Block]> = {
  'trailing-byte-after-frame': ['trailing-data', block({ payload: joined(GOOD.payload, Uint8Array.of(0)) })],
  'second-frame': ['trailing-data', block({ payload: joined(GOOD.payload, framed('x\n')) })],
  'second-frame-of-the-same': ['trailing-data', block({ payload: joined(GOOD.payload, GOOD.payload) })],
  'empty-second-frame': ['trailing-data', block({ payload: joined(GOOD.payload, framed('')) })],
  'skippable-frame-after': ['trailing-data', block({ payload: joined(GOOD.payload, SKIPPABLE) })],
  'skippable-frame-before': ['frame', block({ payload: joined(SKIPPABLE, GOOD.payload) })],
  'frame-cut-off': ['frame', block({ payload: GOOD.payload.subarray(0, -1) })],
  'frame-cut-off-in-header': ['frame', block({ payload: GOOD.payload.subarray(0, 5) })],
  'magic-only': ['frame', block({ payload: GOOD.payload.subarray(0, 4) })],
  'empty-payload': ['frame', block({ payload: new Uint8Array() })],
  'not-compressed': ['frame', block({ payload: lines(BYTES) })],
  'dictionary-needed': ['frame', block({ payload: descriptorWith(0b01) })],
  'reserved-header-bit': ['frame', block({ payload: descriptorWith(0b1000) })],
  'checksum-announced-but-missing': ['frame', block({ payload: descriptorWith(0b100) })],
  'undeclared-size': ['frame', block({ payload: undeclared })],
  'reserved-block-type': ['frame', block({ payload: Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 1, 0x07, 0, 0) })],
  'bomb-beyond-limit': ['size', block({ payload: framed(new Uint8Array(MAX_BLOCK_CONTENT_BYTES + 1).fill(10)) })],
  'bomb-that-understates-its-size': ['decompression', block({ payload: rleBomb })],
  'compressed-beyond-limit': ['size', block({ payload: joined(GOOD.payload, new Uint8Array(390_000)) })],
  'count-too-high': ['count', block({ count: 4 })],
  'count-too-low': ['count', block({ count: 2 })],
  'count-zero': ['count', block({ count: 0 })],
  'count-beyond-limit': ['count', block({ count: 501 })],
  'count-fractional': ['count', block({ count: 2.5 })],
  'last-line-unended': ['lines', block({ payload: framed(lines(BYTES).subarray(0, -1)) })],
  'empty-line': ['lines', block({ payload: framed(joined(lines(BYTES.slice(0, 2)), Buffer.from('\n'))) })],
  'empty-content': ['lines', block({ payload: framed('') })],
  'entries-reordered': ['link', block({ payload: framed(lines(BYTES.toReversed())) })],
  'entry-duplicated': ['link', block({ payload: framed(lines([BYTES[0]!, BYTES[0]!, BYTES[2]!])) })],
  'entry-edited': ['link', block({ payload: framed(lines([BYTES[0]!, Buffer.from('{}'), BYTES[2]!])) })],
  'link-replaced': ['link', block({ link: new Uint8Array(32) })],
  'link-short': ['malformed', block({ link: GOOD.link.subarray(1) })],
  'previous-link-replaced': ['link', block({ position: 3, previousLink: new Uint8Array(32) })],
  'chain-restarted-elsewhere': ['genesis', block({ previousLink: new Uint8Array(32) })],
  'moved-to-another-chain': ['genesis', block({ chain: 'acme#1' })],
  'moved-to-another-tenant': ['genesis', block({ chain: 'evil#0' })],
  'chain-name-malformed': ['malformed', block({ chain: 'acme' })],
  'chain-number-beyond-limit': ['malformed', block({ chain: 'acme#64' })],
  'chain-number-padded': ['malformed', block({ chain: 'acme#00' })],
  'position-negative': ['malformed', block({ position: -1 })],
  'position-unsafe': ['malformed', block({ position: 2 ** 53 })],
  'version-newer': ['version', block({ v: 2 })],
  'version-older': ['version', block({ v: 0 })],
};

describe('hostile blocks are refused', () => {
  test.each(Object.entries(vectors))('%s', (_mutation, [code, bad]) => {
    expect(codeOf(bad)).toBe(code);
  });
});

test('a frame with a checksum is a frame', () => {
  const payload = new Uint8Array(zstdCompressSync(lines(BYTES), { params: { [constants.ZSTD_c_checksumFlag]: 1 } }));
  expect(decodeBlock(block({ payload }), zstd).entries).toHaveLength(3);
  const broken = Uint8Array.from(payload);
  broken[broken.length - 1]! ^= 1;
  expect(codeOf(block({ payload: broken }))).toBe('decompression');
});

test('a good block gives its entries, leaf hashes and links', () => {
  const decoded = decodeBlock(GOOD, zstd);
  expect(decoded.entries.map((bytes) => Buffer.from(bytes).toString())).toEqual(
    BYTES.map((bytes) => Buffer.from(bytes).toString()),
  );
  let link = genesisLink(CHAIN);
  for (const [i, bytes] of BYTES.entries()) {
    link = nextLink(link, leafHash(bytes));
    expect(Buffer.from(decoded.links[i]!)).toEqual(Buffer.from(link));
  }
  expect(Buffer.from(GOOD.link)).toEqual(Buffer.from(link));
});

describe('the encoder refuses', () => {
  const refuse = (entries: Uint8Array[]) => () => encodePayload(entries, zstd);
  test('no entries', () => expect(refuse([])).toThrow(BlockError));
  test('501 entries', () => expect(refuse(entriesOf('e', 501).map(({ bytes }) => bytes))).toThrow(BlockError));
  test('an empty entry', () => expect(refuse([new Uint8Array()])).toThrow(BlockError));
  test('an entry with a raw LF', () => expect(refuse([Buffer.from('{\n}')])).toThrow(BlockError));
  test('more content than a reader takes', () => {
    expect(refuse([new Uint8Array(MAX_BLOCK_CONTENT_BYTES).fill(65)])).toThrow(BlockError);
  });
  test('a payload that no item holds', () => {
    const place = { chain: CHAIN, position: 0, previousLink: genesisLink(CHAIN) };
    const contents = { payload: new Uint8Array(390_001), leafHashes: BYTES.map(leafHash), requests: [] };
    expect(() => encodeBlock(place, contents, 0)).toThrow(BlockError);
  });
});
