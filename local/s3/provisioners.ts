/** AWS::S3::Bucket and AWS::S3::BucketPolicy. */
import { join } from 'node:path';
import { parsePolicy } from '../aws/iam/document.ts';
import { iamOf } from '../aws/iam/service.ts';
import type { LocalService } from '../aws/service.ts';
import { dataKeysFor } from '../kms/data-keys.ts';
import { keysOf } from '../kms/provisioners.ts';
import { object, onlyKnown, optionalString, string } from '../template/properties.ts';
import { type Provisioner, type RuntimeContext, serviceKey } from '../template/provisioner.ts';
import { bucketConfig } from './configuration.ts';
import { applyLifecycle } from './lifecycle.ts';
import { openS3 } from './open.ts';
import { type BucketStore, isBucketName } from './store.ts';

const S3 = serviceKey<Promise<BucketStore>>('S3');

/** The API over the buckets, there once `localS3` has resolved; for parts that act on S3 in a caller's name. */
export const S3_SERVICE = serviceKey<LocalService>('S3 API');

const BUCKET_NAME_LENGTH = 63;

/** S3 looks about once a day; on a machine that is seldom on for a whole one, hours. */
const LIFECYCLE_MS = 3_600_000;

export function localS3(context: RuntimeContext): Promise<BucketStore> {
  if (!context.has(S3)) context.provide(S3, open(context));
  return context.service(S3);
}

async function open(context: RuntimeContext): Promise<BucketStore> {
  const { region, account, clock } = context;
  const access = iamOf(context);
  const dataKeys = dataKeysFor({ service: 's3', region, account }, keysOf(context), access);
  const now = () => clock.now();
  const { service, store } = await openS3({
    directory: join(context.dataDir, 's3'),
    access,
    region,
    account,
    now,
    dataKeys,
  });
  context.serve(service);
  context.provide(S3_SERVICE, service);
  const ended = new AbortController();
  context.onStart(() => void keepLifecycle(context, store, ended.signal));
  context.onStop('services', () => ended.abort());
  return store;
}

async function keepLifecycle(context: RuntimeContext, store: BucketStore, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    for (const bucket of store.list()) {
      try {
        await applyLifecycle(bucket, context.clock.now());
      } catch (error) {
        context.warn('s3', 'A lifecycle rule failed.', { bucket: bucket.name, error: String(error) });
      }
    }
    await context.clock.sleep(LIFECYCLE_MS, ended);
  }
}

const bucket: Provisioner = {
  kind: 'AWS::S3::Bucket',
  provision: async (_logicalId, properties, context) => {
    const store = await localS3(context);
    const name =
      optionalString(properties, 'BucketName') ??
      context.physicalName({ maxLength: BUCKET_NAME_LENGTH, lowerCase: true });
    if (!isBucketName(name)) throw new Error(`BucketName can't be ${name}`);
    const wanted = bucketConfig(properties);
    const existing = store.find(name);
    if (!existing) {
      await store.create(name, new Date(context.clock.now()), wanted);
    } else {
      const { config } = existing;
      if (config.objectLock && !wanted.objectLock) throw new Error("ObjectLockEnabled can't be taken back");
      if (config.versioning !== 'Off' && wanted.versioning === 'Off')
        throw new Error('VersioningConfiguration can be suspended, not taken back');
      // The bucket policy is a resource of its own.
      await existing.configure({ ...wanted, ...(config.policy === undefined ? {} : { policy: config.policy }) });
    }
    const domain = `${name}.s3.amazonaws.com`;
    const regional = `${name}.s3.${context.region}.amazonaws.com`;
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: domain,
        RegionalDomainName: regional,
        DualStackDomainName: `${name}.s3.dualstack.${context.region}.amazonaws.com`,
        WebsiteURL: `http://${name}.s3-website-${context.region}.amazonaws.com`,
      },
    };
  },
};

const bucketPolicy: Provisioner = {
  kind: 'AWS::S3::BucketPolicy',
  provision: async (logicalId, properties, context) => {
    onlyKnown(properties, ['Bucket', 'PolicyDocument']);
    const target = (await localS3(context)).get(string(properties, 'Bucket'));
    const policy = object(properties, 'PolicyDocument');
    parsePolicy(policy, 'resource');
    await target.configure({ ...target.config, policy });
    return { ref: logicalId, attributes: {} };
  },
};

export const s3Provisioners: readonly Provisioner[] = [bucket, bucketPolicy];
