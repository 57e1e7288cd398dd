/** Opens the account's buckets and the service over them. */
import type { Access } from '../aws/iam/access.ts';
import { Refusal } from '../aws/refusal.ts';
import type { LocalService } from '../aws/service.ts';
import type { DataKeys } from './encryption.ts';
import { s3Service } from './service.ts';
import { BucketStore } from './store.ts';

export interface S3Options {
  readonly directory: string;
  readonly access: Access;
  readonly region: string;
  readonly account: string;
  readonly now: () => number;
  /** Without it there are no keys, as in an account that has created none. */
  readonly dataKeys?: DataKeys;
}

export async function openS3({
  directory,
  dataKeys,
  ...options
}: S3Options): Promise<{ service: LocalService; store: BucketStore }> {
  const store = await BucketStore.open(directory);
  return { service: s3Service({ ...options, store, dataKeys: dataKeys ?? NO_KEYS }), store };
}

function noKey(_caller: string, key: string): never {
  throw new Refusal(400, 'KMS.NotFoundException', `Key '${key}' does not exist`);
}

const NO_KEYS: DataKeys = { generate: noKey, decrypt: noKey };
