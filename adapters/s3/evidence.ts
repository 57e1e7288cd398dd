// The archive by version, in S3.
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  ListObjectVersionsCommand,
  PutObjectLegalHoldCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { compareText } from '../../names/order.ts';
import type { HoldableStore, ListedVersion } from '../../services/object-lock/port.ts';
import { isAbsent, S3LockedStore, status } from './locked-store.ts';

/** The archive by version. A key that is not there has no hold, and neither has a version that never got one. */
export class S3EvidenceStore extends S3LockedStore implements HoldableStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    super(client, bucket);
    this.#client = client;
    this.#bucket = bucket;
  }

  async fetch(key: string, version: string): Promise<Uint8Array | undefined> {
    const get = new GetObjectCommand({ Bucket: this.#bucket, Key: key, VersionId: version });
    try {
      return await (await this.#client.send(get)).Body!.transformToByteArray();
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** S3 answers versions and delete markers in two lists, each in order; one page holds a range of keys of both. */
  async *list(prefix: string, after?: string): AsyncIterable<ListedVersion> {
    let from: { KeyMarker?: string; VersionIdMarker?: string } = after === undefined ? {} : { KeyMarker: after };
    for (;;) {
      const list = new ListObjectVersionsCommand({ Bucket: this.#bucket, Prefix: prefix, ...from });
      const { Versions = [], DeleteMarkers = [], ...page } = await this.#client.send(list);
      const found = [
        ...Versions.map((one) => ({ ...one, marker: false })),
        ...DeleteMarkers.map((one) => ({ ...one, Size: 0, marker: true })),
      ].map(
        ({ Key, VersionId, Size, LastModified, IsLatest, marker }): ListedVersion => ({
          ...{ key: Key!, version: VersionId!, size: Size ?? 0, lastModified: LastModified! },
          ...{ latest: IsLatest === true, marker },
        }),
      );
      yield* found.sort(byKeyNewestFirst);
      if (page.IsTruncated !== true) return;
      from = {
        KeyMarker: page.NextKeyMarker!,
        ...(page.NextVersionIdMarker && { VersionIdMarker: page.NextVersionIdMarker }),
      };
    }
  }

  /** By version: a folder in which delete markers hide everything is there all the same. */
  async *folders(prefix: string): AsyncIterable<string> {
    let from: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (;;) {
      const list = new ListObjectVersionsCommand({ Bucket: this.#bucket, Prefix: prefix, Delimiter: '/', ...from });
      const { CommonPrefixes = [], ...page } = await this.#client.send(list);
      for (const { Prefix } of CommonPrefixes) yield Prefix!.slice(prefix.length, -1);
      if (page.IsTruncated !== true) return;
      from = {
        KeyMarker: page.NextKeyMarker!,
        ...(page.NextVersionIdMarker && { VersionIdMarker: page.NextVersionIdMarker }),
      };
    }
  }

  async held(key: string, version: string): Promise<boolean | undefined> {
    const get = new GetObjectLegalHoldCommand({ Bucket: this.#bucket, Key: key, VersionId: version });
    try {
      return (await this.#client.send(get)).LegalHold?.Status === 'ON';
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === 'NoSuchObjectLockConfiguration') return false;
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async setHold(key: string, version: string, held: boolean): Promise<void> {
    const LegalHold = { Status: held ? ('ON' as const) : ('OFF' as const) };
    await this.#client.send(
      new PutObjectLegalHoldCommand({ Bucket: this.#bucket, Key: key, VersionId: version, LegalHold }),
    );
  }

  /** S3 answers a protected version with 403, as it does a missing permission: which one it is, the version itself tells. */
  async remove(key: string, version: string): Promise<'removed' | 'protected'> {
    const remove = new DeleteObjectCommand({ Bucket: this.#bucket, Key: key, VersionId: version });
    try {
      await this.#client.send(remove);
      return 'removed';
    } catch (error) {
      if (status(error) === 403 && (await this.#isProtected(key, version))) return 'protected';
      throw error;
    }
  }

  async #isProtected(key: string, version: string): Promise<boolean> {
    const found = await this.find(key, version);
    if (found === undefined) return false;
    const locked = found.retainUntil !== undefined && found.retainUntil.getTime() > Date.now();
    return locked || found.governed || (await this.held(key, version)) === true;
  }
}

function byKeyNewestFirst(a: ListedVersion, b: ListedVersion): number {
  if (a.key !== b.key) return compareText(a.key, b.key);
  if (a.latest !== b.latest) return a.latest ? -1 : 1;
  return b.lastModified.getTime() - a.lastModified.getTime();
}
