/** Writing one object: PutObject and CopyObject. */
import { createHash, randomBytes } from 'node:crypto';
import { NotWritten } from '../aws/durable.ts';
import { notImplemented, Refusal } from '../aws/refusal.ts';
import type { Bucket } from './bucket.ts';
import { type Call, copySource } from './call.ts';
import { type Checksum, checksumHeaders, checksumOf, elementOf, namedAlgorithm, verifiedChecksum } from './checksum.ts';
import { answerEmpty, answerXml, listedTime, type Operation, type S3 } from './context.ts';
import { decryptFor, encryptFor, encryptionHeaders, wantedEncryption } from './encryption.ts';
import { objectHead, refuseAcl } from './head.ts';
import { demandIntegrity, lockFor, requestedLock } from './lock.ts';
import type { Encryption, ObjectHead, ObjectVersion } from './model.ts';
import { readPayload } from './payload.ts';
import { bucketArn, objectArn } from './permissions.ts';
import { checkCopySource, checkWrite, type WriteCondition, writeCondition } from './preconditions.ts';
import { readData } from './read.ts';
import { nextVersionId, readableVersion, versionHeader, withNewest } from './versions.ts';

export const putObject: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { headers } = call.request;
  const commit = beginWrite(call, bucket);
  const { bytes, trailers } = readPayload(call.request);
  const head = writeHead(call, bucket, s3);
  // A default retention locks as surely as headers do.
  if (head.retention || head.legalHold !== undefined) demandIntegrity(headers, trailers);
  const checksum = verifiedChecksum(headers, trailers, bytes);
  const encryption = encrypt(call, head.encryption, s3);
  commit.precheck();
  const data = await bucket.writeData(call.key, [bytes]);
  const version = await commit.commit(data, s3, {
    ...{ ...head, encryption, checksum, data },
    ...{ size: bytes.length, etag: etagOf(bytes, encryption) },
  });
  return answerEmpty(200, {
    etag: version.etag,
    ...versionHeader(bucket.config, version),
    ...encryptionHeaders(encryption),
    ...checksumHeaders(checksum),
  });
};

export const copyObject: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { headers } = call.request;
  const commit = beginWrite(call, bucket);
  const source = sourceVersion(call, s3);
  checkCopySource(headers, source.version);
  const directive = headers['x-amz-metadata-directive'] ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw new Refusal(400, 'InvalidArgument', 'Unknown metadata directive.');
  }
  if ((headers['x-amz-tagging-directive'] ?? 'COPY') !== 'COPY') throw notImplemented('object tagging (S3)');
  const written = writeHead(call, bucket, s3);
  refuseCopyToItself(call, source, directive);
  const head =
    directive === 'REPLACE'
      ? written
      : { ...written, headers: source.version.headers, metadata: source.version.metadata };
  const bytes = await readSource(call, source, s3);
  const checksum = copiedChecksum(namedAlgorithm(headers['x-amz-checksum-algorithm']), source.version.checksum, bytes);
  const encryption = encrypt(call, head.encryption, s3);
  commit.precheck();
  const data = await bucket.writeData(call.key, [bytes]);
  const version = await commit.commit(data, s3, {
    ...{ ...head, encryption, checksum, data },
    ...{ size: bytes.length, etag: etagOf(bytes, encryption) },
  });
  return answerXml(
    'CopyObjectResult',
    {
      ETag: version.etag,
      LastModified: listedTime(version.modified),
      [elementOf(checksum.algorithm)]: checksum.value,
      ChecksumType: checksum.type,
    },
    {
      ...versionHeader(bucket.config, version),
      ...(source.bucket.config.versioning === 'Off' ? {} : { 'x-amz-copy-source-version-id': source.version.id }),
      ...encryptionHeaders(encryption),
    },
  );
};

export interface CopySource {
  readonly bucket: Bucket;
  readonly key: string;
  readonly version: ObjectVersion;
}

/** The caller's permission to read it was asked for with those of the write. */
export function sourceVersion(call: Call, s3: S3): CopySource {
  const { bucket: name, key, version } = copySource(call.request);
  const bucket = s3.store.get(name);
  return { bucket, key, version: readableVersion(bucket, key, version ?? null) };
}

export async function readSource(call: Call, { bucket, key, version }: CopySource, s3: S3): Promise<Buffer> {
  const place = { bucketArn: bucketArn(bucket.name), objectArn: objectArn(bucket.name, key) };
  decryptFor(call.request.accessKeyId, version.encryption, place, s3.dataKeys);
  return readData(bucket, key, version);
}

function refuseCopyToItself(call: Call, source: CopySource, directive: string): void {
  const { headers } = call.request;
  const [current] = source.bucket.versions(source.key);
  const same = source.bucket.name === call.bucket && source.key === call.key && current?.id === source.version.id;
  const changes = [
    'x-amz-storage-class',
    'x-amz-server-side-encryption',
    'x-amz-object-lock-mode',
    'x-amz-checksum-algorithm',
  ];
  if (!same || directive === 'REPLACE' || changes.some((name) => headers[name] !== undefined)) return;
  throw new Refusal(
    400,
    'InvalidRequest',
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/** A copy is one whole object, whatever parts its source had. */
function copiedChecksum(asked: Checksum['algorithm'] | undefined, source: Checksum, bytes: Buffer): Checksum {
  const algorithm = asked ?? source.algorithm;
  return algorithm === source.algorithm && source.type === 'FULL_OBJECT' ? source : checksumOf(algorithm, bytes);
}

/** Headers of the object to be, its lock settled, its encryption wanted but not asked for. */
export function writeHead(call: Call, bucket: Bucket, s3: S3): ObjectHead {
  const { headers } = call.request;
  const { config } = bucket;
  refuseAcl(headers, config);
  const now = s3.now();
  return {
    ...objectHead(headers),
    encryption: wantedEncryption(headers, config),
    ...lockFor(config, requestedLock(headers, now), now),
  };
}

export function encrypt(call: Call, wanted: Encryption, s3: S3): Encryption {
  const place = { bucketArn: bucketArn(call.bucket), objectArn: objectArn(call.bucket, call.key) };
  return encryptFor(call.request.accessKeyId, wanted, place, s3.dataKeys);
}

/** MD5 of the bytes, except under KMS, where S3 gives an ETag that is no digest of anything known. */
function etagOf(bytes: Uint8Array, { algorithm }: Encryption): string {
  const hex = algorithm === 'AES256' ? createHash('md5').update(bytes).digest('hex') : randomBytes(16).toString('hex');
  return `"${hex}"`;
}

export interface Write {
  /** Throws when the condition can't hold any more, before the bytes are written. */
  precheck(): void;
  /** Makes the version current if the condition holds, else discards its data and throws. */
  commit(data: string, s3: S3, version: Omit<ObjectVersion, 'id' | 'modified'>): Promise<ObjectVersion>;
}

/** Begins when the request arrives: what happens to the key from then on conflicts with the request's condition. */
export function beginWrite({ bucket: _, key, request }: Call, bucket: Bucket): Write {
  const condition: WriteCondition | undefined = writeCondition(request.headers);
  const removals = bucket.removals(key);
  return {
    precheck: () => checkWrite(condition, bucket.versions(key), false),
    commit: async (data, s3, version) => {
      try {
        return await bucket.change(key, (versions) => {
          checkWrite(condition, versions, bucket.removals(key) !== removals);
          const newest: ObjectVersion = { id: nextVersionId(bucket.config), modified: s3.now(), ...version };
          return { versions: withNewest(versions, newest), result: newest };
        });
      } catch (error) {
        // A failed commit may still have reached the disk; only a refused or unwritten one is known not to be named anywhere.
        if (error instanceof Refusal || error instanceof NotWritten) await bucket.discardData(key, data);
        throw error;
      }
    },
  };
}
