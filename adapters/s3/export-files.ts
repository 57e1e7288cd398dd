// The files of exports in S3.
import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { EXPORT } from '../../names/exports.ts';
import { exportPrefix } from '../../names/job-store.ts';
import type { ExportFiles, FileWriter } from '../../services/export/port.ts';

/** S3 takes 10,000 parts of at least 5 MiB, the last of any size: up to 160 GB a file, with one part in memory. */
const PART_BYTES = 16 * 1024 * 1024;

/** Exports in the results bucket. */
export class S3ExportFiles implements ExportFiles {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  create(tenant: string, id: string, name: string, contentType: string): FileWriter {
    return new Upload(this.#client, { ...this.#place(tenant, id, name), ContentType: contentType });
  }

  async *read(tenant: string, id: string, name: string): AsyncGenerator<Uint8Array, void, undefined> {
    const { Body } = await this.#client.send(new GetObjectCommand(this.#place(tenant, id, name)));
    yield* Body as unknown as AsyncIterable<Uint8Array>;
  }

  /** The browser saves it under its name, whatever it holds. */
  link(tenant: string, id: string, name: string): Promise<string> {
    const get = new GetObjectCommand({
      ...this.#place(tenant, id, name),
      ResponseContentDisposition: `attachment; filename="${name}"`,
    });
    return getSignedUrl(this.#client, get, { expiresIn: EXPORT.linkSeconds });
  }

  #place(tenant: string, id: string, name: string) {
    return { Bucket: this.#bucket, Key: `${exportPrefix(tenant, id)}${name}` };
  }
}

interface Target {
  readonly Bucket: string;
  readonly Key: string;
  readonly ContentType: string;
}

/** One request for a small file, an upload in parts for a large one; the object is there when it is closed, and whole. */
class Upload implements FileWriter {
  readonly #client: S3Client;
  readonly #target: Target;
  readonly #hash = createHash('sha256');
  readonly #parts: string[] = [];
  #pieces: Uint8Array[] = [];
  #waiting = 0;
  #bytes = 0;
  #upload: string | undefined;

  constructor(client: S3Client, target: Target) {
    this.#client = client;
    this.#target = target;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    this.#pieces.push(bytes);
    this.#waiting += bytes.length;
    if (this.#waiting >= PART_BYTES) await this.#sendPart();
  }

  async close(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    if (this.#upload === undefined) {
      await this.#client.send(new PutObjectCommand({ ...this.#target, Body: this.#taken() }));
    } else {
      if (this.#waiting > 0) await this.#sendPart();
      const { Bucket, Key } = this.#target;
      const Parts = this.#parts.map((ETag, i) => ({ ETag, PartNumber: i + 1 }));
      const complete = { Bucket, Key, UploadId: this.#upload, MultipartUpload: { Parts } };
      await this.#client.send(new CompleteMultipartUploadCommand(complete));
    }
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async abort(): Promise<void> {
    this.#pieces = [];
    if (this.#upload === undefined) return;
    const { Bucket, Key } = this.#target;
    await this.#client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: this.#upload }));
  }

  async #sendPart(): Promise<void> {
    const { Bucket, Key } = this.#target;
    this.#upload ??= (await this.#client.send(new CreateMultipartUploadCommand(this.#target))).UploadId!;
    const part = { Bucket, Key, UploadId: this.#upload, PartNumber: this.#parts.length + 1, Body: this.#taken() };
    this.#parts.push((await this.#client.send(new UploadPartCommand(part))).ETag!);
  }

  #taken(): Uint8Array {
    const bytes = Buffer.concat(this.#pieces, this.#waiting);
    this.#pieces = [];
    this.#waiting = 0;
    return bytes;
  }
}
