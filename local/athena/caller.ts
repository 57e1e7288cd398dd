/**
 * S3 in the name of whoever started the query, as Athena uses it (forward access sessions): every permission, bucket policy
 * and key that the caller's own request would be held to, holds here.
 */
import { type Access, AccessDenied } from '../aws/iam/access.ts';
import { Refusal } from '../aws/refusal.ts';
import type { AwsResponse, LocalService } from '../aws/service.ts';
import { child, childText, parseXml, xml } from '../aws/xml.ts';

export interface CallerOptions {
  readonly service: LocalService;
  readonly access: Access;
  readonly accessKeyId: string;
  readonly region: string;
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
}

/** S3 takes parts of 5 MB and more. */
const PART_BYTES = 8 * 1024 * 1024;

const VIA = { 'aws:ViaAWSService': 'true', 'aws:CalledVia': ['athena.amazonaws.com'] };

type Headers = Readonly<Record<string, string>>;

interface Asked {
  readonly method: string;
  readonly bucket: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Headers;
  readonly body?: Buffer;
}

export class CallersS3 {
  readonly #options: CallerOptions;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** Throws AccessDenied and Refusal. */
  async send({
    method,
    bucket,
    key = '',
    query = {},
    headers = {},
    body = Buffer.alloc(0),
  }: Asked): Promise<AwsResponse> {
    const { service, access, accessKeyId, region } = this.#options;
    const path = `/${[bucket, ...key.split('/')].map(encodeURIComponent).join('/')}`;
    const request = {
      ...{ service: 's3', region, accessKeyId, method, path, body, query: new URLSearchParams(query) },
      headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...headers },
    };
    for (const required of service.actions(request)) {
      access.demand(accessKeyId, { ...required, conditions: { ...required.conditions, ...VIA } });
    }
    return service.handle(request);
  }

  async *list(bucket: string, prefix: string): AsyncIterable<ListedObject> {
    for (let token: string | undefined = ''; token !== undefined; ) {
      const query = { 'list-type': '2', prefix, ...(token === '' ? {} : { 'continuation-token': token }) };
      const page = parseXml(String(await bytesOf(await this.send({ method: 'GET', bucket, query }))));
      for (const item of page.children.filter(({ name }) => name === 'Contents')) {
        yield { key: childText(item, 'Key') ?? '', size: Number(childText(item, 'Size')) };
      }
      token = childText(page, 'NextContinuationToken');
    }
  }

  /** Asks for the first byte, which asks for everything that reading the rest would. Answers the version. */
  async touch(bucket: string, key: string): Promise<string> {
    const response = await this.send({ method: 'GET', bucket, key, headers: { range: 'bytes=0-0' } });
    await bytesOf(response);
    return response.headers['x-amz-version-id'] ?? 'null';
  }

  async read(bucket: string, key: string, from: number, bytes: number): Promise<Buffer> {
    const headers = { range: `bytes=${from}-${from + bytes - 1}` };
    return bytesOf(await this.send({ method: 'GET', bucket, key, headers }));
  }

  /** Writes an object of any size; one that fails halfway leaves nothing. */
  async write(bucket: string, key: string, pieces: AsyncIterable<Buffer>, headers: Headers): Promise<void> {
    let upload: Upload | undefined;
    let waiting: Buffer[] = [];
    let size = 0;
    try {
      for await (const piece of pieces) {
        waiting.push(piece);
        size += piece.length;
        if (size < PART_BYTES) continue;
        upload ??= await this.#begin(bucket, key, headers);
        await this.#part(upload, Buffer.concat(waiting));
        [waiting, size] = [[], 0];
      }
      const rest = Buffer.concat(waiting);
      if (upload === undefined) {
        await this.send({ method: 'PUT', bucket, key, headers, body: rest });
        return;
      }
      if (rest.length > 0) await this.#part(upload, rest);
      await this.#complete(upload);
    } catch (error) {
      if (upload !== undefined) await this.send({ method: 'DELETE', ...upload.place });
      throw error;
    }
  }

  async #begin(bucket: string, key: string, headers: Headers): Promise<Upload> {
    const begun = await this.send({ method: 'POST', bucket, key, headers, query: { uploads: '' } });
    const uploadId = childText(parseXml(String(await bytesOf(begun))), 'UploadId') ?? '';
    return { place: { bucket, key, query: { uploadId } }, etags: [] };
  }

  async #part({ place, etags }: Upload, body: Buffer): Promise<void> {
    const query = { ...place.query, partNumber: String(etags.length + 1) };
    const { headers } = await this.send({ method: 'PUT', ...place, query, body });
    etags.push(headers.etag ?? '');
  }

  async #complete({ place, etags }: Upload): Promise<void> {
    const Part = etags.map((ETag, i) => ({ PartNumber: i + 1, ETag }));
    const body = Buffer.from(xml('CompleteMultipartUpload', { Part }));
    const answer = parseXml(String(await bytesOf(await this.send({ method: 'POST', ...place, body }))));
    if (child(answer, 'ETag') === undefined) throw new Error('an upload could not be completed');
  }
}

interface Upload {
  readonly place: { readonly bucket: string; readonly key: string; readonly query: Readonly<Record<string, string>> };
  readonly etags: string[];
}

async function bytesOf({ body }: AwsResponse): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** What S3, KMS or IAM refuse a query's owner. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof AccessDenied || error instanceof Refusal;
}
