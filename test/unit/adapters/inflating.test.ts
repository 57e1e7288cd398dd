/** Inflate and CRC-32 of every platform, held against each other: an archive is read alike in a browser and by the command. */
import { randomBytes } from 'node:crypto';
import { deflateRawSync, crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { crc32 } from '../../../adapters/zip/crc32.ts';
import { pakoZip } from '../../../adapters/zip/pako.ts';
import { zlibZip } from '../../../adapters/zip/zlib.ts';
import type { Inflating } from '../../../core/zip/port.ts';

async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** Content and how much of the input it took, or the error. */
async function inflated(platform: Inflating, bytes: Uint8Array, piece: number, size: number): Promise<unknown> {
  const inflation = platform.inflate(inPieces(bytes, piece), size);
  const parts: Buffer[] = [];
  try {
    for await (const part of inflation) parts.push(Buffer.from(part));
  } catch (error) {
    const { name, code, reason } = error as Error & { code: string; reason: string };
    return { name, code, reason };
  }
  return { content: Buffer.concat(parts).toString('base64'), consumed: inflation.consumed };
}

const CONTENTS: [string, Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.from('a')],
  ['what repeats, of several pieces', Buffer.from('{"action":"payment.created"}\n'.repeat(40_000))],
  ['zeros', Buffer.alloc(1_000_000)],
  ['what can not be compressed', randomBytes(600_001)],
  ['as long as a piece', Buffer.alloc(256 * 1024, 'ab')],
];

describe.each<[string, Inflating]>([
  ['zlib', zlibZip],
  ['pako', pakoZip],
])('%s', (_, platform) => {
  describe.each(CONTENTS)('%s', (_name, content) => {
    test.each([0, 1, 6, 9])('at level %d', async (level) => {
      const packed = deflateRawSync(content, { level });
      for (const piece of [packed.length, 65_536, 1_021]) {
        expect(await inflated(platform, packed, piece, content.length)).toEqual({
          content: content.toString('base64'),
          consumed: packed.length,
        });
      }
    });

    test('with data behind its end', async () => {
      const packed = deflateRawSync(content);
      for (const piece of [packed.length + 10, packed.length, 7]) {
        const more = Buffer.concat([packed, Buffer.from('behind it.')]);
        expect(await inflated(platform, more, piece, content.length)).toMatchObject({ consumed: packed.length });
      }
    });

    test('cut off', async () => {
      const packed = deflateRawSync(content);
      for (const length of [0, 1, packed.length >> 1, packed.length - 1].filter((one) => one < packed.length)) {
        const outcome = await inflated(platform, packed.subarray(0, length), 4_096, content.length);
        expect(outcome).toEqual({
          name: 'ZipError',
          code: 'deflate',
          reason: 'got data that is no whole deflate stream',
        });
      }
    });
  });

  test.each([
    ['a block of no type', Buffer.from([0x07])],
    ['a distance before the beginning', Buffer.from('03020000', 'hex')],
    ['text', Buffer.from('this is no deflate stream')],
  ])('%s is no deflate stream', async (_name, bytes) => {
    const outcome = await inflated(platform, bytes, 1, 100);
    expect(outcome).toMatchObject({ name: 'ZipError', code: 'deflate' });
  });

  test('what reading throws is thrown', async () => {
    const failing = (async function* () {
      yield deflateRawSync(randomBytes(1_000)).subarray(0, 100);
      throw new Error('the disk is gone');
    })();
    const read = async () => {
      for await (const _part of platform.inflate(failing, 1_000));
    };
    await expect(read()).rejects.toThrow('the disk is gone');
  });
});

test('CRC-32 of every length, whole and in parts', () => {
  const bytes = randomBytes(1_000);
  for (let length = 0; length <= 40; length++) {
    expect(crc32(bytes.subarray(0, length))).toBe(zlibCrc32(bytes.subarray(0, length)));
    expect(crc32(bytes.subarray(length), crc32(bytes.subarray(0, length)))).toBe(zlibCrc32(bytes));
  }
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});
