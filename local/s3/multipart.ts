/** Multipart uploads: create, upload a part or copy one, abort. */
import { createHash } from 'node:crypto';
import { Refusal } from '../aws/refusal.ts';
import type { Bucket } from './bucket.ts';
import type { Call } from './call.ts';
import {
  type Checksum,
  checksumOf,
  claimedChecksum,
  DEFAULT_ALGORITHM,
  elementOf,
  headerOf,
  namedAlgorithm,
  verifiedChecksum,
} from './checksum.ts';
import { answerEmpty, answerXml, listedTime, type Operation, type S3 } from './context.ts';
import { encryptionHeaders } from './encryption.ts';
import { demandIntegrity, lockFor, requestedLock } from './lock.ts';
import { readPayload } from './payload.ts';
import { checkCopySource } from './preconditions.ts';
import type { Upload } from './uploads.ts';
import { encrypt, readSource, sourceVersion, writeHead } from './write.ts';

const MOST_PARTS = 10_000;

export const createMultipartUpload: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { headers } = call.request;
  const { retention: _, legalHold: __, ...head } = writeHead(call, bucket, s3);
  const checksum = wantedChecksum(headers);
  const encryption = encrypt(call, head.encryption, s3);
  const lock = requestedLock(headers, s3.now());
  const upload = await bucket.uploads.create({
    key: call.key,
    initiated: s3.now(),
    head: { ...head, encryption },
    lock,
    checksum,
  });
  const answer = { Bucket: call.bucket, Key: call.key, UploadId: upload.id };
  return answerXml('InitiateMultipartUploadResult', answer, {
    ...encryptionHeaders(encryption),
    ...(checksum.asked ? { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.type } : {}),
  });
};

function wantedChecksum(headers: Readonly<Record<string, string>>): Upload['checksum'] {
  const asked = namedAlgorithm(headers['x-amz-checksum-algorithm']);
  const algorithm = asked ?? DEFAULT_ALGORITHM;
  const type = headers['x-amz-checksum-type'] ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  // A digest of the whole can't be told from digests of the parts; a 64-bit CRC only makes sense for the whole.
  const whole = algorithm.startsWith('CRC');
  if (
    (type !== 'FULL_OBJECT' && type !== 'COMPOSITE') ||
    (type === 'FULL_OBJECT' ? !whole : algorithm === 'CRC64NVME')
  ) {
    const message = `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`;
    throw new Refusal(400, 'InvalidRequest', message);
  }
  return { algorithm, type, asked: asked !== undefined };
}

export async function findUpload(call: Call, bucket: Bucket): Promise<Upload> {
  const upload = await bucket.uploads.find(call.request.query.get('uploadId') ?? '');
  if (upload?.key !== call.key) throw noSuchUpload();
  return upload;
}

function noSuchUpload(): Refusal {
  return new Refusal(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  );
}

function partNumber(call: Call): number {
  const text = call.request.query.get('partNumber') ?? '';
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > MOST_PARTS) {
    throw new Refusal(400, 'InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', {
      ArgumentName: 'partNumber',
      ArgumentValue: text,
    });
  }
  return number;
}

export const uploadPart: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { headers } = call.request;
  const number = partNumber(call);
  const upload = await findUpload(call, bucket);
  const { bytes, trailers } = readPayload(call.request);
  if (lockFor(bucket.config, upload.lock, s3.now()).retention) demandIntegrity(headers, trailers);
  const checksum = partChecksum(upload, headers, trailers, bytes);
  const etag = await storePart(bucket, upload, number, bytes, checksum, s3);
  return answerEmpty(200, {
    etag,
    ...encryptionHeaders(upload.head.encryption),
    [headerOf(checksum.algorithm)]: checksum.value,
  });
};

export const uploadPartCopy: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const number = partNumber(call);
  const upload = await findUpload(call, bucket);
  const source = sourceVersion(call, s3);
  checkCopySource(call.request.headers, source.version);
  const whole = await readSource(call, source, s3);
  const bytes = copyRange(call.request.headers['x-amz-copy-source-range'], whole);
  const checksum = checksumOf(upload.checksum.algorithm, bytes);
  const etag = await storePart(bucket, upload, number, bytes, checksum, s3);
  const answer = { ETag: etag, LastModified: listedTime(s3.now()), [elementOf(checksum.algorithm)]: checksum.value };
  return answerXml('CopyPartResult', answer, encryptionHeaders(upload.head.encryption));
};

function copyRange(range: string | undefined, whole: Buffer): Buffer {
  if (range === undefined) return whole;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first === undefined || Number(last) >= whole.length || Number(first) > Number(last)) {
    throw new Refusal(
      400,
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    );
  }
  return whole.subarray(Number(first), Number(last) + 1);
}

async function storePart(
  bucket: Bucket,
  upload: Upload,
  number: number,
  bytes: Buffer,
  checksum: Checksum,
  s3: S3,
): Promise<string> {
  const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
  const part = { number, size: bytes.length, etag, modified: s3.now(), checksum };
  if (!(await bucket.uploads.putPart(upload.id, bytes, part))) throw noSuchUpload();
  return etag;
}

/** Every part has the upload's checksum, whatever else it was sent with. */
function partChecksum(
  upload: Upload,
  headers: Readonly<Record<string, string>>,
  trailers: Readonly<Record<string, string>>,
  bytes: Buffer,
): Checksum {
  const verified = verifiedChecksum(headers, trailers, bytes);
  const { algorithm, asked } = upload.checksum;
  const claimed = claimedChecksum({ ...headers, ...trailers });
  if (asked && claimed && claimed.algorithm !== algorithm) {
    throw new Refusal(
      400,
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${claimed.algorithm.toLowerCase()}`,
    );
  }
  return verified.algorithm === algorithm ? verified : checksumOf(algorithm, bytes);
}

export const abortMultipartUpload: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { id } = await findUpload(call, bucket);
  await bucket.uploads.turn(id, () => bucket.uploads.remove(id));
  return answerEmpty(204);
};
