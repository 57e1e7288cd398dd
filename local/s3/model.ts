/** What is kept of buckets and objects, as it stands on disk in JSON. */
import type { Checksum } from './checksum.ts';

export type LockMode = 'GOVERNANCE' | 'COMPLIANCE';

export interface Retention {
  readonly mode: LockMode;
  /** ISO 8601. */
  readonly until: string;
}

export interface Encryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  /** ARN, with KMS only. */
  readonly keyArn?: string;
  readonly bucketKey?: boolean;
  /** The encryption context that the client added, as sent (base64 of JSON). */
  readonly context?: string;
}

export interface Part {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly checksum: Checksum;
  /** File name beside the upload. */
  readonly data: string;
}

/** What the client says of an object when it begins to write it, the same for one put and for many parts. */
export interface ObjectHead {
  /** Content-Type and the like, returned as they came. */
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly encryption: Encryption;
  readonly retention?: Retention;
  readonly legalHold?: boolean;
}

interface VersionBase {
  /** `null` where versioning was off. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export interface DeleteMarker extends VersionBase {
  readonly marker: true;
}

export interface ObjectVersion extends VersionBase, ObjectHead {
  readonly marker?: false;
  readonly size: number;
  /** With quotes. */
  readonly etag: string;
  readonly checksum: Checksum;
  /** File name in the directory of the key's record. */
  readonly data: string;
  /** Sizes and checksums of the parts it was uploaded in. */
  readonly parts?: readonly Pick<Part, 'number' | 'size' | 'checksum'>[];
  /** The upload that it completes, so that completing again finds it. */
  readonly upload?: string;
}

export type Version = ObjectVersion | DeleteMarker;

/** All versions of one key, newest first; never empty. */
export interface KeyRecord {
  readonly key: string;
  readonly versions: readonly Version[];
}

interface DefaultRetention {
  readonly mode: LockMode;
  readonly days?: number;
  readonly years?: number;
}

interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

export interface LifecycleRule {
  readonly id: string;
  readonly enabled: boolean;
  readonly prefix: string;
  readonly expirationDays?: number;
  readonly noncurrentDays?: number;
  readonly newerNoncurrentVersions?: number;
  readonly expiredDeleteMarker?: boolean;
  readonly abortUploadDays?: number;
}

export interface BucketConfig {
  readonly versioning: 'Enabled' | 'Suspended' | 'Off';
  readonly objectLock: boolean;
  readonly defaultRetention?: DefaultRetention;
  readonly encryption: {
    readonly algorithm: Encryption['algorithm'];
    readonly keyArn?: string;
    readonly bucketKey: boolean;
  };
  readonly publicAccess: PublicAccessBlock;
  readonly ownership: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';
  readonly lifecycle: readonly LifecycleRule[];
  readonly logging?: { readonly bucket: string; readonly prefix: string };
  readonly policy?: unknown;
}

/** What AWS gives a bucket when nothing is said: private, owner only, encrypted with S3's own key. */
export const DEFAULT_CONFIG: BucketConfig = {
  versioning: 'Off',
  objectLock: false,
  encryption: { algorithm: 'AES256', bucketKey: false },
  publicAccess: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  ownership: 'BucketOwnerEnforced',
  lifecycle: [],
};
