// What a bundle is made of, and the finished object, in S3.
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { BUNDLE } from '../../names/bundles.ts';
import { bundleKey, piecesPrefix } from '../../names/job-store.ts';
import type { BundleFiles, BundleUpload, Piece, PieceWriter } from '../../services/bundle-job/port.ts';
import type { BundleTask } from '../../services/bundle-job/steps.ts';
import { status } from './locked-store.ts';
import { ObjectWriter } from './object-writer.ts';

/** S3's least for a part of an upload that is not the last one. */
const LEAST_PART_BYTES = 5 * 1024 * 1024;

const ZIP_TYPE = 'application/zip';

/** Bundles in the results bucket. */
export class S3BundleFiles implements BundleFiles {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Of a put whose answer was lost, the SDK's own repeat finds it there: false too, and what is there is what was to be written. */
  async create(task: BundleTask, name: string, bytes: Uint8Array): Promise<boolean> {
    const place = { ...this.#place(task, name), ContentType: 'application/json' };
    for (;;) {
      try {
        await this.#client.send(new PutObjectCommand({ ...place, Body: bytes, IfNoneMatch: '*' }));
        return true;
      } catch (error) {
        if (status(error) === 412) return false;
        // Somebody else is writing it just now.
        if (status(error) !== 409) throw error;
      }
    }
  }

  async read(task: BundleTask, name: string): Promise<Uint8Array | undefined> {
    const get = new GetObjectCommand(this.#place(task, name));
    return orAbsent(async () => (await this.#client.send(get)).Body!.transformToByteArray());
  }

  async names({ tenant, id }: BundleTask, prefix: string): Promise<readonly string[]> {
    const within = piecesPrefix(tenant, id);
    const names: string[] = [];
    const list = { Bucket: this.#bucket, Prefix: `${within}${prefix}` };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, list)) {
      names.push(...Contents.map(({ Key }) => Key!.slice(within.length)));
    }
    return names;
  }

  piece(task: BundleTask, name: string): PieceWriter {
    const target = { ...this.#place(task, name), ContentType: 'application/octet-stream' };
    const writer = new ObjectWriter(this.#client, target);
    return {
      write: (bytes) => writer.write(bytes),
      abort: () => writer.abort(),
      close: async () => {
        const { bytes } = await writer.close();
        return { bytes, etag: writer.etag! };
      },
    };
  }

  async range(task: BundleTask, { name, etag }: Piece, from: number, to: number): Promise<Uint8Array> {
    const get = new GetObjectCommand({ ...this.#place(task, name), Range: `bytes=${from}-${to - 1}`, IfMatch: etag });
    return (await this.#client.send(get)).Body!.transformToByteArray();
  }

  async upload(task: BundleTask): Promise<BundleUpload> {
    const target = { Bucket: this.#bucket, Key: bundleKey(task.tenant, task.id) };
    const create = new CreateMultipartUploadCommand({ ...target, ContentType: ZIP_TYPE });
    const { UploadId } = await this.#client.send(create);
    const source = (name: string) => {
      const { Bucket, Key } = this.#place(task, name);
      return `${Bucket}/${Key.split('/').map(encodeURIComponent).join('/')}`;
    };
    return new Upload(this.#client, { ...target, UploadId: UploadId! }, source);
  }

  finished({ tenant, id }: BundleTask): Promise<number | undefined> {
    const head = new HeadObjectCommand({ Bucket: this.#bucket, Key: bundleKey(tenant, id) });
    return orAbsent(async () => (await this.#client.send(head)).ContentLength!);
  }

  link({ tenant, id }: BundleTask): Promise<string> {
    const get = new GetObjectCommand({
      ...{ Bucket: this.#bucket, Key: bundleKey(tenant, id) },
      ResponseContentDisposition: `attachment; filename="${tenant}.zip"`,
    });
    return getSignedUrl(this.#client, get, { expiresIn: BUNDLE.linkSeconds });
  }

  #place({ tenant, id }: BundleTask, name: string) {
    return { Bucket: this.#bucket, Key: `${piecesPrefix(tenant, id)}${name}` };
  }
}

interface UploadTarget {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

/** Parts are numbered as they are asked for, however long each takes. */
class Upload implements BundleUpload {
  readonly leastBytes = LEAST_PART_BYTES;
  readonly #client: S3Client;
  readonly #target: UploadTarget;
  readonly #sourceOf: (name: string) => string;
  readonly #parts: (string | undefined)[] = [];

  constructor(client: S3Client, target: UploadTarget, sourceOf: (name: string) => string) {
    this.#client = client;
    this.#target = target;
    this.#sourceOf = sourceOf;
  }

  async put(bytes: Uint8Array): Promise<void> {
    const number = this.#parts.push(undefined);
    const part = new UploadPartCommand({ ...this.#target, PartNumber: number, Body: bytes });
    this.#parts[number - 1] = (await this.#client.send(part)).ETag!;
  }

  async copy({ name, etag }: Piece, from: number, to: number): Promise<void> {
    const number = this.#parts.push(undefined);
    const part = new UploadPartCopyCommand({
      ...{ ...this.#target, PartNumber: number },
      ...{ CopySource: this.#sourceOf(name), CopySourceIfMatch: etag, CopySourceRange: `bytes=${from}-${to - 1}` },
    });
    this.#parts[number - 1] = (await this.#client.send(part)).CopyPartResult!.ETag!;
  }

  async complete(): Promise<void> {
    const Parts = this.#parts.map((ETag, i) => ({ ETag: ETag!, PartNumber: i + 1 }));
    const complete = { ...this.#target, MultipartUpload: { Parts }, IfNoneMatch: '*' };
    try {
      await this.#client.send(new CompleteMultipartUploadCommand(complete));
    } catch (error) {
      if (status(error) !== 412) throw error;
      await this.abort();
    }
  }

  /** One that was completed, its answer lost, is no upload any more. */
  async abort(): Promise<void> {
    await orAbsent(() => this.#client.send(new AbortMultipartUploadCommand(this.#target)));
  }
}

async function orAbsent<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (status(error) === 404) return undefined;
    throw error;
  }
}
