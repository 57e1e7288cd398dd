/** Completing a multipart upload: the parts become one object, once, however often it is asked for. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Refusal } from '../aws/refusal.ts';
import type { AwsResponse } from '../aws/service.ts';
import { childText } from '../aws/xml.ts';
import { malformedXml, requestXml } from './body.ts';
import type { Bucket } from './bucket.ts';
import type { Call } from './call.ts';
import {
  ALGORITHMS,
  type Algorithm,
  type Checksum,
  compositeOf,
  elementOf,
  headerOf,
  runningChecksum,
} from './checksum.ts';
import { answerXml, type Operation, type S3 } from './context.ts';
import { encryptionHeaders } from './encryption.ts';
import { lockFor } from './lock.ts';
import type { ObjectVersion, Part } from './model.ts';
import { findUpload } from './multipart.ts';
import { readPayload } from './payload.ts';
import type { Upload } from './uploads.ts';
import { versionHeader } from './versions.ts';
import { beginWrite, type Write } from './write.ts';

const SMALLEST_PART_BYTES = 5 * 1024 * 1024;

interface NamedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksums: Readonly<Partial<Record<Algorithm, string>>>;
}

export const completeMultipartUpload: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const write = beginWrite(call, bucket);
  const id = call.request.query.get('uploadId') ?? '';
  const { bytes } = readPayload(call.request);
  const named = readParts(bytes);
  return await bucket.uploads.turn(id, async () => {
    const done = completedBefore(bucket, call.key, id);
    const version = done ?? (await assemble(call, bucket, await findUpload(call, bucket), named, write, s3));
    await bucket.uploads.remove(id);
    return completed(call, bucket, version);
  });
};

/** The answer may have been lost, or this process may have died before the upload's folder was removed. */
function completedBefore(bucket: Bucket, key: string, id: string): ObjectVersion | undefined {
  return bucket.versions(key).find((version): version is ObjectVersion => !version.marker && version.upload === id);
}

async function assemble(
  call: Call,
  bucket: Bucket,
  upload: Upload,
  named: readonly NamedPart[],
  write: Write,
  s3: S3,
): Promise<ObjectVersion> {
  const { headers } = call.request;
  const parts = matchParts(named, await bucket.uploads.parts(upload.id));
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const announced = headers['x-amz-mp-object-size'];
  if (announced !== undefined && Number(announced) !== size) {
    throw new Refusal(
      400,
      'InvalidRequest',
      'The provided x-amz-mp-object-size header does not match the size of the object.',
    );
  }
  write.precheck();
  const running = runningChecksum(upload.checksum.algorithm);
  const data = await bucket.writeData(call.key, partBytes(bucket, upload, parts, running.update));
  const checksum = finalChecksum(upload, parts, running.finish());
  try {
    verifyWhole(headers, checksum);
  } catch (error) {
    await bucket.discardData(call.key, data);
    throw error;
  }
  return await write.commit(data, s3, {
    ...{ ...upload.head, ...lockFor(bucket.config, upload.lock, s3.now()) },
    ...{ checksum, data, size, etag: etagOfParts(parts, upload), upload: upload.id },
    parts: parts.map(({ number, size: partSize, checksum: partSum }) => ({
      number,
      size: partSize,
      checksum: partSum,
    })),
  });
}

async function* partBytes(
  bucket: Bucket,
  upload: Upload,
  parts: readonly Part[],
  seen: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    for await (const bytes of createReadStream(bucket.uploads.dataPath(upload.id, part)) as AsyncIterable<Buffer>) {
      seen(bytes);
      yield bytes;
    }
  }
}

function finalChecksum({ checksum }: Upload, parts: readonly Part[], whole: Checksum): Checksum {
  return checksum.type === 'FULL_OBJECT'
    ? whole
    : compositeOf(
        checksum.algorithm,
        parts.map((part) => part.checksum.value),
      );
}

function verifyWhole(headers: Readonly<Record<string, string>>, checksum: Checksum): void {
  const type = headers['x-amz-checksum-type'];
  if (type !== undefined && type !== checksum.type) {
    throw new Refusal(
      400,
      'InvalidRequest',
      `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  const claimed = headers[headerOf(checksum.algorithm)];
  // Composite checksums may be sent with or without the number of parts.
  if (claimed === undefined || claimed === checksum.value || claimed === checksum.value.replace(/-\d+$/, '')) return;
  throw new Refusal(400, 'BadDigest', `The ${checksum.algorithm} you specified did not match the calculated checksum.`);
}

function etagOfParts(parts: readonly Part[], { head }: Upload): string {
  const md5s = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex')));
  const plain = head.encryption.algorithm === 'AES256';
  const hex = plain ? createHash('md5').update(md5s).digest('hex') : randomBytes(16).toString('hex');
  return `"${hex}-${parts.length}"`;
}

function readParts(bytes: Buffer): NamedPart[] {
  const parts = requestXml(bytes, 'CompleteMultipartUpload').children.filter(({ name }) => name === 'Part');
  if (parts.length === 0) throw malformedXml();
  return parts.map((part) => {
    const number = Number(childText(part, 'PartNumber'));
    const etag = childText(part, 'ETag');
    if (!Number.isInteger(number) || etag === undefined) throw malformedXml();
    const sums = ALGORITHMS.map((algorithm) => [algorithm, childText(part, elementOf(algorithm))] as const);
    return { number, etag, checksums: Object.fromEntries(sums.filter(([, value]) => value !== undefined)) };
  });
}

function matchParts(named: readonly NamedPart[], stored: readonly Part[]): Part[] {
  if (named.some((part, index) => index > 0 && part.number <= named[index - 1]!.number)) {
    throw new Refusal(
      400,
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  const parts = named.map(({ number, etag, checksums }) => {
    const part = stored.find((candidate) => candidate.number === number);
    const sum = part && checksums[part.checksum.algorithm];
    if (
      !part ||
      part.etag.replaceAll('"', '') !== etag.replaceAll('"', '') ||
      (sum !== undefined && sum !== part.checksum.value)
    ) {
      throw new Refusal(
        400,
        'InvalidPart',
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { PartNumber: String(number) },
      );
    }
    return part;
  });
  const small = parts.slice(0, -1).find(({ size }) => size < SMALLEST_PART_BYTES);
  if (small) {
    throw new Refusal(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: String(small.size),
      MinSizeAllowed: String(SMALLEST_PART_BYTES),
      PartNumber: String(small.number),
    });
  }
  return parts;
}

function completed(call: Call, bucket: Bucket, version: ObjectVersion): AwsResponse {
  const { checksum } = version;
  return answerXml(
    'CompleteMultipartUploadResult',
    {
      Location: `http://${call.request.headers.host}/${call.bucket}/${encodeURIComponent(call.key)}`,
      Bucket: call.bucket,
      Key: call.key,
      ETag: version.etag,
      [elementOf(checksum.algorithm)]: checksum.value,
      ChecksumType: checksum.type,
    },
    { ...versionHeader(bucket.config, version), ...encryptionHeaders(version.encryption) },
  );
}
