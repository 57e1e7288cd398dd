// Writes one object in S3, of any size, without knowing it before.
import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { FileWriter } from '../../services/export/port.ts';

/** S3 takes 10,000 parts of at least 5 MiB, the last of any size: up to 160 GB a file, with one part in memory. */
const PART_BYTES = 16 * 1024 * 1024;

export interface Target {
  readonly Bucket: string;
  readonly Key: string;
  readonly ContentType: string;
}

/** One request for a small file, an upload in parts for a large one; the object is there when it is closed, and whole. */
export class ObjectWriter implements FileWriter {
  readonly #client: S3Client;
  readonly #target: Target;
  readonly #hash = createHash('sha256');
  readonly #parts: string[] = [];
  #pieces: Uint8Array[] = [];
  #waiting = 0;
  #bytes = 0;
  #upload: string | undefined;
  #etag: string | undefined;

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
    this.#etag = this.#upload === undefined ? await this.#put() : await this.#complete(this.#upload);
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Of the object, once it is closed. */
  get etag(): string | undefined {
    return this.#etag;
  }

  async #put(): Promise<string> {
    return (await this.#client.send(new PutObjectCommand({ ...this.#target, Body: this.#taken() }))).ETag!;
  }

  async #complete(upload: string): Promise<string> {
    if (this.#waiting > 0) await this.#sendPart();
    const { Bucket, Key } = this.#target;
    const Parts = this.#parts.map((ETag, i) => ({ ETag, PartNumber: i + 1 }));
    const complete = { Bucket, Key, UploadId: upload, MultipartUpload: { Parts } };
    return (await this.#client.send(new CompleteMultipartUploadCommand(complete))).ETag!;
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
