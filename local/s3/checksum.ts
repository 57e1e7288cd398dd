/** The checksums of S3: CRC32, CRC32C, CRC64NVME, SHA1, SHA256, as headers, as trailers, and of uploads in parts. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Refusal } from '../aws/refusal.ts';
import { crc32c, crc64nvme } from './crc.ts';

export const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];
/** COMPOSITE is a checksum over the parts' checksums, marked with their number. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface Checksum {
  readonly algorithm: Algorithm;
  readonly value: string;
  readonly type: ChecksumType;
}

/** What S3 computes by itself when the client sends no checksum. */
export const DEFAULT_ALGORITHM: Algorithm = 'CRC64NVME';

/** Bytes of a digest. */
const SIZES: Readonly<Record<Algorithm, number>> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 };

function digest(algorithm: Algorithm, bytes: Uint8Array): Buffer {
  const running = runningDigest(algorithm);
  running.update(bytes);
  return running.finish();
}

function word(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

function long64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(value);
  return buffer;
}

export function checksumOf(algorithm: Algorithm, bytes: Uint8Array): Checksum {
  return { algorithm, value: digest(algorithm, bytes).toString('base64'), type: 'FULL_OBJECT' };
}

/** Of bytes that come in pieces. */
export interface RunningChecksum {
  readonly update: (bytes: Uint8Array) => void;
  readonly finish: () => Checksum;
}

export function runningChecksum(algorithm: Algorithm): RunningChecksum {
  const running = runningDigest(algorithm);
  return {
    update: running.update,
    finish: () => ({ algorithm, value: running.finish().toString('base64'), type: 'FULL_OBJECT' }),
  };
}

function runningDigest(algorithm: Algorithm): { update: (bytes: Uint8Array) => void; finish: () => Buffer } {
  if (algorithm === 'SHA1' || algorithm === 'SHA256') {
    const hash = createHash(algorithm.toLowerCase());
    return { update: (bytes) => void hash.update(bytes), finish: () => hash.digest() };
  }
  if (algorithm === 'CRC64NVME') {
    let long = 0n;
    const update = (bytes: Uint8Array): void => {
      long = crc64nvme(bytes, long);
    };
    return { update, finish: () => long64(long) };
  }
  const crc = algorithm === 'CRC32' ? crc32 : crc32c;
  let value = 0;
  const update = (bytes: Uint8Array): void => {
    value = crc(bytes, value);
  };
  return { update, finish: () => word(value) };
}

export function compositeOf(algorithm: Algorithm, parts: readonly string[]): Checksum {
  const joined = Buffer.concat(parts.map((value) => Buffer.from(value, 'base64')));
  return { algorithm, value: `${digest(algorithm, joined).toString('base64')}-${parts.length}`, type: 'COMPOSITE' };
}

export function headerOf(algorithm: Algorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

export function elementOf(algorithm: Algorithm): string {
  return `Checksum${algorithm}`;
}

export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [headerOf(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

type Headers = Readonly<Record<string, string>>;

/** The one checksum that the headers (or trailers) claim, well-formed. */
export function claimedChecksum(headers: Headers): { algorithm: Algorithm; value: string } | undefined {
  const found = ALGORITHMS.filter((algorithm) => headers[headerOf(algorithm)] !== undefined);
  if (found.length > 1) {
    throw new Refusal(
      400,
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const [algorithm] = found;
  if (!algorithm) return undefined;
  const value = headers[headerOf(algorithm)]!;
  if (!isBase64(value, SIZES[algorithm])) {
    throw new Refusal(400, 'InvalidRequest', `Value for ${headerOf(algorithm)} header is invalid.`);
  }
  return { algorithm, value };
}

/** Of x-amz-sdk-checksum-algorithm, x-amz-checksum-algorithm and x-amz-trailer's name. */
export function namedAlgorithm(name: string | undefined): Algorithm | undefined {
  if (name === undefined) return undefined;
  const algorithm = ALGORITHMS.find((candidate) => candidate === name.toUpperCase());
  if (!algorithm) {
    throw new Refusal(
      400,
      'InvalidRequest',
      `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${ALGORITHMS.join(', ')}]`,
    );
  }
  return algorithm;
}

/** Checks the body against what the client claims of it, and answers the checksum to keep. */
export function verifiedChecksum(headers: Headers, trailers: Headers, bytes: Uint8Array): Checksum {
  verifyMd5(headers['content-md5'], bytes);
  const claimed = claimedChecksum({ ...headers, ...trailers });
  const named = namedAlgorithm(headers['x-amz-sdk-checksum-algorithm']);
  if (claimed && named && claimed.algorithm !== named) {
    throw new Refusal(400, 'InvalidRequest', 'Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  if (named && !claimed) {
    throw new Refusal(
      400,
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  if (!claimed) return checksumOf(DEFAULT_ALGORITHM, bytes);
  const computed = checksumOf(claimed.algorithm, bytes);
  if (computed.value !== claimed.value) {
    throw new Refusal(
      400,
      'BadDigest',
      `The ${claimed.algorithm} you specified did not match the calculated checksum.`,
    );
  }
  return computed;
}

function verifyMd5(claimed: string | undefined, bytes: Uint8Array): void {
  if (claimed === undefined) return;
  if (!isBase64(claimed, 16)) throw new Refusal(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.');
  if (createHash('md5').update(bytes).digest('base64') !== claimed) {
    throw new Refusal(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}

function isBase64(text: string, bytes: number): boolean {
  const decoded = Buffer.from(text, 'base64');
  return decoded.length === bytes && decoded.toString('base64') === text;
}
