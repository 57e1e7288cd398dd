// The files of exports in S3.
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { EXPORT } from '../../names/exports.ts';
import { exportPrefix } from '../../names/job-store.ts';
import type { ExportFiles, FileWriter } from '../../services/export/port.ts';
import { ObjectWriter } from './object-writer.ts';

/** Exports in the results bucket. */
export class S3ExportFiles implements ExportFiles {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  create(tenant: string, id: string, name: string, contentType: string): FileWriter {
    return new ObjectWriter(this.#client, { ...this.#place(tenant, id, name), ContentType: contentType });
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
