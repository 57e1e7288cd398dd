/**
 * The local AWS endpoint with S3, KMS and STS in a directory of its own, for tests that speak to it with the real SDK.
 *
 *   const aws = await startEndpoint({ buckets: [{ name: 'archive', objectLock: true }] });
 *   const client = new S3Client(aws.clientConfig());
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AwsEndpoint, createAwsEndpoint } from '../../local/aws/endpoint.ts';
import { parsePolicy } from '../../local/aws/iam/document.ts';
import type { LocalService } from '../../local/aws/service.ts';
import { dataKeysFor } from '../../local/kms/data-keys.ts';
import { Keys } from '../../local/kms/keys.ts';
import { policyCheck } from '../../local/kms/provisioners.ts';
import { kmsService } from '../../local/kms/service.ts';
import { type BucketConfig, DEFAULT_CONFIG } from '../../local/s3/model.ts';
import { openS3 } from '../../local/s3/open.ts';
import type { BucketStore } from '../../local/s3/store.ts';

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';

export interface EndpointSettings {
  /** Kept from an earlier endpoint, so that a restart can be tried; a new one that `close` removes when absent. */
  readonly dir?: string;
  readonly buckets?: readonly BucketSettings[];
  readonly now?: () => number;
}

interface BucketSettings {
  readonly name: string;
  /** Also turns versioning on, as on AWS. */
  readonly objectLock?: boolean;
  readonly config?: Partial<BucketConfig>;
}

interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly forcePathStyle: boolean;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface RunningEndpoint {
  readonly url: string;
  readonly dir: string;
  readonly aws: AwsEndpoint;
  readonly store: BucketStore;
  /** S3 itself, for services that act on it in a caller's name. */
  readonly s3: LocalService;
  readonly keys: Keys;
  /** Failures of the services' own code; a test that means none should find it empty. */
  readonly failures: readonly unknown[];
  /** For SDK clients; the account's administrator unless a role's ARN is given. */
  clientConfig(roleArn?: string): ClientConfig;
  /** Adds a role with these statements and answers its ARN. */
  addRole(name: string, ...statements: readonly object[]): string;
  close(): Promise<void>;
}

export async function startEndpoint(settings: EndpointSettings = {}): Promise<RunningEndpoint> {
  const now = settings.now ?? Date.now;
  const dir = settings.dir ?? (await mkdtemp(join(tmpdir(), 'indelible-aws-')));
  const failures: unknown[] = [];
  const aws = createAwsEndpoint({ region: REGION, account: ACCOUNT, now, failed: (_, error) => failures.push(error) });
  const place = { region: REGION, account: ACCOUNT };
  const keys = new Keys(join(dir, 'kms'), `arn:aws:kms:${REGION}:${ACCOUNT}:`);
  aws.serve(kmsService({ keys, account: ACCOUNT, now, mayPutPolicy: policyCheck(aws.access, ACCOUNT) }));
  const dataKeys = dataKeysFor({ service: 's3', ...place }, keys, aws.access);
  const { service, store } = await openS3({ directory: join(dir, 's3'), access: aws.access, ...place, now, dataKeys });
  aws.serve(service);
  for (const bucket of settings.buckets ?? []) await ensureBucket(store, bucket, now());
  const url = await aws.listen(0);
  return {
    ...{ url, dir, aws, store, s3: service, keys, failures },
    clientConfig: (roleArn) => ({
      endpoint: url,
      region: REGION,
      forcePathStyle: true,
      credentials:
        roleArn === undefined
          ? { accessKeyId: 'administrator', secretAccessKey: 'administrator' }
          : aws.access.roles.credentials(roleArn),
    }),
    addRole: (name, ...statements) =>
      aws.access.roles.add(name, '/', parsePolicy({ Version: '2012-10-17', Statement: statements }, 'identity')),
    close: async () => {
      await aws.close();
      if (settings.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

async function ensureBucket(
  store: BucketStore,
  { name, objectLock, config }: BucketSettings,
  now: number,
): Promise<void> {
  const lock = objectLock ? ({ objectLock: true, versioning: 'Enabled' } as const) : {};
  const wanted = { ...DEFAULT_CONFIG, ...lock, ...config };
  const bucket = store.find(name);
  if (bucket) await bucket.configure(wanted);
  else await store.create(name, new Date(now), wanted);
}
