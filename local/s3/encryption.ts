/**
 * Server-side encryption as far as a caller can see it: which key, whether the caller may use it, what is echoed. The files
 * themselves stay plain (bucket.ts says why).
 */
import { notImplemented, Refusal } from '../aws/refusal.ts';
import type { BucketConfig, Encryption } from './model.ts';

/** KMS as S3 uses it, in the caller's name (`kms:ViaService`). Both throw Refusal: no such key, disabled, or not allowed. */
export interface DataKeys {
  /** Answers the key's ARN. */
  generate(accessKeyId: string, key: string, context: EncryptionContext): string;
  decrypt(accessKeyId: string, keyArn: string, context: EncryptionContext): void;
}

type EncryptionContext = Readonly<Record<string, string>>;

type Headers = Readonly<Record<string, string>>;

const PREFIX = 'x-amz-server-side-encryption';
const invalid = (message: string) => new Refusal(400, 'InvalidArgument', message);

/** What to encrypt under: the request's headers, else the bucket's default. Its key is not looked at yet. */
export function wantedEncryption(headers: Headers, config: BucketConfig): Encryption {
  if (headers[`${PREFIX}-customer-algorithm`] !== undefined || headers[`${PREFIX}-customer-key`] !== undefined) {
    throw notImplemented('encryption with customer-provided keys (SSE-C)');
  }
  const algorithm = headers[PREFIX];
  const key = headers[`${PREFIX}-aws-kms-key-id`];
  const context = headers[`${PREFIX}-context`];
  const bucketKey = headers[`${PREFIX}-bucket-key-enabled`]?.toLowerCase();
  if (algorithm !== undefined && !isAlgorithm(algorithm)) {
    throw invalid('The encryption method specified is not supported');
  }
  if ((key !== undefined || context !== undefined) && (algorithm ?? config.encryption.algorithm) === 'AES256') {
    throw invalid(`Server Side Encryption with AWS KMS managed key requires HTTP header ${PREFIX} : aws:kms`);
  }
  if (algorithm === 'AES256') return { algorithm };
  const byDefault = config.encryption;
  if (algorithm === undefined && byDefault.algorithm === 'AES256') return { algorithm: 'AES256' };
  // A request that asks for KMS without naming a key gets the bucket's, if that is KMS too.
  const keyArn = key ?? byDefault.keyArn;
  return {
    algorithm: algorithm ?? byDefault.algorithm,
    ...(keyArn === undefined ? {} : { keyArn }),
    bucketKey: bucketKey === undefined ? byDefault.bucketKey : bucketKey === 'true',
    ...(context === undefined ? {} : { context }),
  };
}

function isAlgorithm(text: string): text is Encryption['algorithm'] {
  return text === 'AES256' || text === 'aws:kms' || text === 'aws:kms:dsse';
}

/** Asks KMS for a data key, as S3 does before it writes; the answer names the key by its ARN. */
export function encryptFor(
  accessKeyId: string,
  wanted: Encryption,
  place: { readonly bucketArn: string; readonly objectArn: string },
  keys: DataKeys,
): Encryption {
  if (wanted.algorithm === 'AES256') return wanted;
  if (wanted.keyArn === undefined) throw notImplemented('the AWS managed key aws/s3; name a key');
  const keyArn = keys.generate(accessKeyId, wanted.keyArn, kmsContext(wanted, place));
  return { ...wanted, keyArn };
}

export function decryptFor(
  accessKeyId: string,
  encryption: Encryption,
  place: { readonly bucketArn: string; readonly objectArn: string },
  keys: DataKeys,
): void {
  if (encryption.keyArn === undefined) return;
  keys.decrypt(accessKeyId, encryption.keyArn, kmsContext(encryption, place));
}

/** With a bucket key one data key serves the bucket, so the context is the bucket's. */
function kmsContext(
  { context, bucketKey }: Encryption,
  { bucketArn, objectArn }: { readonly bucketArn: string; readonly objectArn: string },
): EncryptionContext {
  return { ...clientContext(context), 'aws:s3:arn': bucketKey ? bucketArn : objectArn };
}

function clientContext(context: string | undefined): EncryptionContext {
  if (context === undefined) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(context, 'base64').toString('utf8'));
    if (value !== null && typeof value === 'object' && Object.values(value).every((item) => typeof item === 'string')) {
      return value as EncryptionContext;
    }
  } catch {
    // Refused below, as everything that isn't an object of strings.
  }
  throw invalid('The header x-amz-server-side-encryption-context must be base64 of a JSON object of strings.');
}

export function encryptionHeaders({ algorithm, keyArn, bucketKey, context }: Encryption): Record<string, string> {
  return {
    [PREFIX]: algorithm,
    ...(keyArn === undefined ? {} : { [`${PREFIX}-aws-kms-key-id`]: keyArn }),
    ...(bucketKey ? { [`${PREFIX}-bucket-key-enabled`]: 'true' } : {}),
    ...(context === undefined ? {} : { [`${PREFIX}-context`]: context }),
  };
}
