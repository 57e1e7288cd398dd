/** What lies in the archive, read through the S3 API as anyone would. */
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { toHex } from '../../core/crypto.ts';
import type { Runtime } from './runtime.ts';

export interface Archived {
  readonly key: string;
  readonly chain: number;
  readonly position: number;
  readonly text: string;
  readonly link: string;
}

/** Any key but a role's is the account's administrator. */
export const ADMINISTRATOR = { accessKeyId: 'test', secretAccessKey: 'test' };

export function s3Of(runtime: Runtime): S3Client {
  return new S3Client({ endpoint: runtime.awsUrl, region: 'us-east-1', credentials: ADMINISTRATOR });
}

export async function archiveBucket(s3: S3Client, buckets: readonly string[]): Promise<string> {
  for (const name of buckets) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: name, Prefix: 'entries/', MaxKeys: 1 }));
    if (Contents.length > 0) return name;
  }
  throw new Error(`None of the buckets ${buckets.join(', ')} holds entries.`);
}

async function segmentKeys(s3: S3Client, bucket: string, tenant: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: `entries/tenant=${tenant}/`,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
}

/** Every row of every segment of a tenant, by chain and position; a position that is there twice is there twice. */
export async function archivedEntries(s3: S3Client, bucket: string, tenant: string): Promise<Archived[]> {
  const archived: Archived[] = [];
  for (const key of await segmentKeys(s3, bucket, tenant)) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const rows = await parquetSegments.decode((await Body?.transformToByteArray()) ?? new Uint8Array());
    const chain = Number(/\/(\d\d)-\d{16}\.parquet$/.exec(key)?.[1]);
    for (const { position, bytes, link } of rows) {
      archived.push({ key, chain, position, text: Buffer.from(bytes).toString(), link: toHex(link) });
    }
  }
  return archived.sort((left, right) => left.chain - right.chain || left.position - right.position);
}
