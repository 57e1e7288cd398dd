// Checksums and payloads of the local S3.
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Refusal } from '../../../../local/aws/refusal.ts';
import type { AwsRequest } from '../../../../local/aws/service.ts';
import {
  ALGORITHMS,
  checksumOf,
  compositeOf,
  runningChecksum,
  verifiedChecksum,
} from '../../../../local/s3/checksum.ts';
import { readPayload } from '../../../../local/s3/payload.ts';

function code(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

/** The check value of each algorithm in its own specification: over the text `123456789`. */
const CHECK = Buffer.from('123456789');
const KNOWN = {
  CRC32: 'cbf43926',
  CRC32C: 'e3069283',
  CRC64NVME: 'ae8b14860a799888',
  SHA1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  SHA256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
} as const;

describe('checksums', () => {
  test.each(ALGORITHMS)('%s has its published value', (algorithm) => {
    expect(Buffer.from(checksumOf(algorithm, CHECK).value, 'base64').toString('hex')).toBe(KNOWN[algorithm]);
  });

  test.each(ALGORITHMS)('%s is the same in pieces', (algorithm) => {
    const running = runningChecksum(algorithm);
    for (let at = 0; at < CHECK.length; at += 2) running.update(CHECK.subarray(at, at + 2));
    expect(running.finish()).toEqual(checksumOf(algorithm, CHECK));
  });

  test('a composite is the checksum of the checksums, with their number', () => {
    const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
    const parts = ['a', 'b'].map((part) => sha(Buffer.from(part)));
    const want = `${sha(Buffer.concat(parts)).toString('base64')}-2`;
    expect(
      compositeOf(
        'SHA256',
        parts.map((part) => part.toString('base64')),
      ).value,
    ).toBe(want);
  });

  const right = checksumOf('CRC32', CHECK).value;
  const md5 = createHash('md5').update(CHECK).digest('base64');
  test.each<[string, Record<string, string>, Record<string, string>, unknown]>([
    ['none: S3 computes its own', {}, {}, checksumOf('CRC64NVME', CHECK)],
    ['a right header', { 'x-amz-checksum-crc32': right }, {}, checksumOf('CRC32', CHECK)],
    ['a right trailer', {}, { 'x-amz-checksum-crc32': right }, checksumOf('CRC32', CHECK)],
    ['a wrong header', { 'x-amz-checksum-crc32': 'AAAAAA==' }, {}, 'BadDigest'],
    ['a wrong trailer', {}, { 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
    ['one of the wrong length', { 'x-amz-checksum-crc32': 'AAAA' }, {}, 'InvalidRequest'],
    ['one that is no base64', { 'x-amz-checksum-crc32': '????????' }, {}, 'InvalidRequest'],
    ['two', { 'x-amz-checksum-crc32': right, 'x-amz-checksum-crc32c': right }, {}, 'InvalidRequest'],
    ['an algorithm without a value', { 'x-amz-sdk-checksum-algorithm': 'CRC32' }, {}, 'InvalidRequest'],
    [
      'an algorithm other than the value’s',
      { 'x-amz-sdk-checksum-algorithm': 'SHA1', 'x-amz-checksum-crc32': right },
      {},
      'InvalidRequest',
    ],
    ['an algorithm that S3 has not', { 'x-amz-sdk-checksum-algorithm': 'MD4' }, {}, 'InvalidRequest'],
    ['a right MD5', { 'content-md5': md5 }, {}, checksumOf('CRC64NVME', CHECK)],
    ['a wrong MD5', { 'content-md5': md5.replace(/^./, md5.startsWith('A') ? 'B' : 'A') }, {}, 'BadDigest'],
    ['an MD5 that is none', { 'content-md5': 'bm9uZQ==' }, {}, 'InvalidDigest'],
  ])('%s', (_, headers, trailers, want) => {
    expect(code(() => verifiedChecksum(headers, trailers, CHECK))).toEqual(want);
  });
});

describe('payloads', () => {
  const request = (body: string | Buffer, headers: Record<string, string>): AwsRequest => ({
    ...{
      service: 's3',
      region: 'us-east-1',
      accessKeyId: 'x',
      method: 'PUT',
      path: '/b/k',
      query: new URLSearchParams(),
    },
    headers: { authorization: 'AWS4-HMAC-SHA256 …', ...headers },
    body: Buffer.from(body),
  });
  const read = (body: string | Buffer, headers: Record<string, string>) =>
    code(() => {
      const { bytes, trailers } = readPayload(request(body, headers));
      return [bytes.toString(), trailers];
    });
  const sha = createHash('sha256').update('hello').digest('hex');
  const chunked = (kind: string, length: number, trailer?: string) => ({
    'x-amz-content-sha256': kind,
    'x-amz-decoded-content-length': String(length),
    ...(trailer === undefined ? {} : { 'x-amz-trailer': trailer }),
  });
  const TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  const SIGNED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
  const signature = `;chunk-signature=${'0'.repeat(64)}`;

  test.each<[string, string, Record<string, string>, unknown]>([
    ['whole', 'hello', { 'x-amz-content-sha256': sha }, ['hello', {}]],
    ['unsigned', 'hello', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, ['hello', {}]],
    ['whole, altered', 'hallo', { 'x-amz-content-sha256': sha }, 'XAmzContentSHA256Mismatch'],
    ['without a hash', 'hello', {}, 'InvalidRequest'],
    ['with a hash that is none', 'hello', { 'x-amz-content-sha256': 'x' }, 'InvalidArgument'],
    [
      'in chunks, with a trailer',
      '3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n',
      chunked(TRAILER, 5, 'x-amz-checksum-crc32'),
      ['hello', { 'x-amz-checksum-crc32': 'NhCmhg==' }],
    ],
    [
      'in chunks, without bytes',
      '0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
      chunked(TRAILER, 0, 'x-amz-checksum-crc32'),
      ['', { 'x-amz-checksum-crc32': 'AAAAAA==' }],
    ],
    ['in signed chunks', `5${signature}\r\nhello\r\n0${signature}\r\n\r\n`, chunked(SIGNED, 5), ['hello', {}]],
    ['chunks that end early', '5\r\nhel', chunked(TRAILER, 5), 'IncompleteBody'],
    ['chunks without an end', '5\r\nhello\r\n', chunked(TRAILER, 5), 'IncompleteBody'],
    ['chunks of another length', '3\r\nhel\r\n0\r\n\r\n', chunked(TRAILER, 5), 'IncompleteBody'],
    ['chunks whose size is none', 'x\r\nhello\r\n0\r\n\r\n', chunked(TRAILER, 5), 'IncompleteBody'],
    ['a chunk longer than it says', '3\r\nhello\r\n0\r\n\r\n', chunked(TRAILER, 5), 'IncompleteBody'],
    ['without a length', '0\r\n\r\n', { 'x-amz-content-sha256': TRAILER }, 'MissingContentLength'],
    [
      'an announced trailer that is not there',
      '0\r\n\r\n',
      chunked(TRAILER, 0, 'x-amz-checksum-crc32'),
      'MalformedTrailerError',
    ],
    [
      'a trailer that was not announced',
      '0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
      chunked(TRAILER, 0),
      'MalformedTrailerError',
    ],
    [
      'a trailer where none can be',
      '0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
      chunked(SIGNED, 0, 'x-amz-checksum-crc32'),
      'MalformedTrailerError',
    ],
  ])('%s', (_, body, headers, want) => expect(read(body, headers)).toEqual(want));
});
