// Objects under Object Lock in S3.
import { setTimeout as pause } from 'node:timers/promises';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectRetentionCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { sha256 } from '../../core/crypto.ts';
import {
  type LockedObject,
  type LockedStore,
  ObjectRefused,
  type StoredVersion,
} from '../../services/object-lock/port.ts';

/** 409: another conditional write of the key is under way; it takes milliseconds. */
const CONFLICT_ATTEMPTS = 8;
const CONFLICT_PAUSE_MS = 25;

/** Of one key, written by those who may write segments: more pages than this don't come about by accident. */
const MAX_VERSION_PAGES = 3;

/** A versioned bucket with Object Lock. Every object that it puts is locked in compliance mode. */
export class S3LockedStore implements LockedStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async create(key: string, object: LockedObject): Promise<string | undefined> {
    return this.#put(key, object, { IfNoneMatch: '*' });
  }

  async replace(key: string, etag: string, object: LockedObject): Promise<string | undefined> {
    return this.#put(key, object, { IfMatch: etag });
  }

  current(key: string): Promise<StoredVersion | undefined> {
    return this.find(key);
  }

  /** The version, or else the current one; undefined when there is none or it is a delete marker. */
  async find(key: string, version?: string): Promise<StoredVersion | undefined> {
    const head = new HeadObjectCommand({
      ...{ Bucket: this.#bucket, Key: key, ChecksumMode: 'ENABLED' },
      ...(version === undefined ? {} : { VersionId: version }),
    });
    try {
      const found = await this.#client.send(head);
      const locked = found.ObjectLockMode === 'COMPLIANCE';
      return {
        version: found.VersionId!,
        etag: found.ETag!,
        size: found.ContentLength!,
        sha256: wholeDigest(found.ChecksumSHA256),
        lastModified: found.LastModified!,
        retainUntil: locked ? found.ObjectLockRetainUntilDate : undefined,
        governed: found.ObjectLockMode === 'GOVERNANCE',
      };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async versions(key: string): Promise<{ version: string; size: number; lastModified: Date }[]> {
    const versions: { version: string; size: number; lastModified: Date }[] = [];
    let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (let page = 0; page < MAX_VERSION_PAGES; page++) {
      const list = new ListObjectVersionsCommand({ Bucket: this.#bucket, Prefix: key, ...marker });
      const found = await this.#client.send(list);
      for (const { Key, VersionId, Size, LastModified } of found.Versions ?? []) {
        if (Key === key) versions.push({ version: VersionId!, size: Size!, lastModified: LastModified! });
      }
      if (found.IsTruncated !== true || found.NextKeyMarker !== key) break;
      marker = { KeyMarker: found.NextKeyMarker, VersionIdMarker: found.NextVersionIdMarker! };
    }
    return versions;
  }

  async read(key: string, version: string): Promise<Uint8Array> {
    const get = new GetObjectCommand({ Bucket: this.#bucket, Key: key, VersionId: version });
    const { Body } = await this.#client.send(get);
    return Body!.transformToByteArray();
  }

  async extendLock(key: string, version: string, retainUntil: Date): Promise<void> {
    const retention = { Mode: 'COMPLIANCE' as const, RetainUntilDate: retainUntil };
    const put = new PutObjectRetentionCommand({
      ...{ Bucket: this.#bucket, Key: key, VersionId: version, Retention: retention },
    });
    await this.#client.send(put).catch((error: unknown) => {
      throw refusalOf(error);
    });
  }

  async #put(
    key: string,
    { bytes, sha256: hash = sha256(bytes), contentType, metadata, retainUntil, held }: LockedObject,
    condition: Pick<PutObjectCommandInput, 'IfMatch' | 'IfNoneMatch'>,
  ): Promise<string | undefined> {
    const put = new PutObjectCommand({
      ...{ Bucket: this.#bucket, Key: key, Body: bytes, ContentType: contentType, Metadata: { ...metadata } },
      ...{ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: retainUntil },
      ...(held === true ? { ObjectLockLegalHoldStatus: 'ON' } : {}),
      ...{ ChecksumAlgorithm: 'SHA256', ChecksumSHA256: Buffer.from(hash).toString('base64') },
      ...condition,
    });
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#client.send(put)).VersionId!;
      } catch (error) {
        // 404 answers If-Match when a delete marker came to lie on top.
        if (status(error) === 412 || (status(error) === 404 && condition.IfMatch !== undefined)) return undefined;
        if (status(error) !== 409 || attempt === CONFLICT_ATTEMPTS) throw refusalOf(error);
      }
      await pause(CONFLICT_PAUSE_MS * 2 ** attempt * Math.random());
    }
  }
}

/** Of an object that was uploaded in parts, S3 has a digest of digests, marked by a number of parts. */
function wholeDigest(checksum: string | undefined): Uint8Array | undefined {
  return checksum === undefined || checksum.includes('-') ? undefined : Buffer.from(checksum, 'base64');
}

/** 400 for the object itself; the other 400s are of a request that was slow, garbled on the way or badly signed. */
const REFUSED = new Set([
  ...['InvalidArgument', 'InvalidRequest', 'InvalidRetentionPeriod', 'KeyTooLongError', 'EntityTooLarge'],
  ...['MetadataTooLarge', 'InvalidURI', 'MalformedXML'],
]);

function refusalOf(error: unknown): unknown {
  if (status(error) !== 400 || !REFUSED.has((error as S3ServiceException).name)) return error;
  return new ObjectRefused('the store refuses the object or its lock', { cause: error });
}

export function status(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** 404: no such key or version. 405: a delete marker. 400: a version id that this bucket never gave. */
const ABSENT = [400, 404, 405];

export function isAbsent(error: unknown): boolean {
  return ABSENT.includes(status(error) ?? 0);
}
