/** A request understood: which operation on which bucket and key. */
import { notImplemented, Refusal } from '../aws/refusal.ts';
import type { AwsRequest } from '../aws/service.ts';
import { UNIMPLEMENTED_OF_BUCKETS, UNIMPLEMENTED_OF_OBJECTS } from './unimplemented.ts';

export interface Call {
  readonly request: AwsRequest;
  readonly operation: string;
  /** Empty for ListBuckets. */
  readonly bucket: string;
  /** Empty for operations on buckets. */
  readonly key: string;
}

const LONGEST_KEY_BYTES = 1024;

/** Everything that S3 selects an operation by, implemented or not, so that none is taken for another. */
const SUBRESOURCES = [
  ...[
    'abac',
    'accelerate',
    'acl',
    'analytics',
    'annotation',
    'attributes',
    'cors',
    'delete',
    'encryption',
    'intelligent-tiering',
  ],
  ...[
    'inventory',
    'legal-hold',
    'lifecycle',
    'location',
    'logging',
    'metadataConfiguration',
    'metadataTable',
    'metrics',
  ],
  ...[
    'notification',
    'object-lock',
    'ownershipControls',
    'policy',
    'policyStatus',
    'publicAccessBlock',
    'renameObject',
  ],
  ...[
    'replication',
    'requestPayment',
    'restore',
    'retention',
    'select',
    'session',
    'tagging',
    'torrent',
    'uploadId',
    'uploads',
  ],
  ...['versioning', 'versions', 'website'],
];

const BUCKET_OPERATIONS: Readonly<Record<string, string>> = {
  'PUT ': 'CreateBucket',
  'HEAD ': 'HeadBucket',
  'DELETE ': 'DeleteBucket',
  'GET ': 'ListObjects',
  'GET versions': 'ListObjectVersions',
  'GET uploads': 'ListMultipartUploads',
  'POST delete': 'DeleteObjects',
  'GET location': 'GetBucketLocation',
  'GET versioning': 'GetBucketVersioning',
  'PUT versioning': 'PutBucketVersioning',
  'GET object-lock': 'GetObjectLockConfiguration',
  'PUT object-lock': 'PutObjectLockConfiguration',
  'GET policy': 'GetBucketPolicy',
  'PUT policy': 'PutBucketPolicy',
  'DELETE policy': 'DeleteBucketPolicy',
  'GET encryption': 'GetBucketEncryption',
  'GET publicAccessBlock': 'GetPublicAccessBlock',
  'GET ownershipControls': 'GetBucketOwnershipControls',
  'GET lifecycle': 'GetBucketLifecycleConfiguration',
  'PUT lifecycle': 'PutBucketLifecycleConfiguration',
  'DELETE lifecycle': 'DeleteBucketLifecycle',
  'GET logging': 'GetBucketLogging',
};

const OBJECT_OPERATIONS: Readonly<Record<string, string>> = {
  'PUT ': 'PutObject',
  'GET ': 'GetObject',
  'HEAD ': 'HeadObject',
  'DELETE ': 'DeleteObject',
  'GET attributes': 'GetObjectAttributes',
  'GET retention': 'GetObjectRetention',
  'PUT retention': 'PutObjectRetention',
  'GET legal-hold': 'GetObjectLegalHold',
  'PUT legal-hold': 'PutObjectLegalHold',
  'POST uploads': 'CreateMultipartUpload',
  'PUT uploadId': 'UploadPart',
  'POST uploadId': 'CompleteMultipartUpload',
  'DELETE uploadId': 'AbortMultipartUpload',
  'GET uploadId': 'ListParts',
};

const operationsOf = (table: Readonly<Record<string, { readonly operation: string }>>) =>
  Object.fromEntries(Object.entries(table).map(([how, { operation }]) => [how, operation]));

const OPERATIONS: Readonly<Record<'service' | 'bucket' | 'object', Readonly<Record<string, string>>>> = {
  service: {},
  bucket: { ...operationsOf(UNIMPLEMENTED_OF_BUCKETS), ...BUCKET_OPERATIONS },
  object: { ...operationsOf(UNIMPLEMENTED_OF_OBJECTS), ...OBJECT_OPERATIONS },
};

export function readCall(request: AwsRequest): Call {
  const { bucket, key } = target(request);
  if (Buffer.byteLength(key) > LONGEST_KEY_BYTES) {
    throw new Refusal(400, 'KeyTooLongError', 'Your key is too long', { MaxSizeAllowed: String(LONGEST_KEY_BYTES) });
  }
  return { request, operation: operationOf(request, bucket, key), bucket, key };
}

function target({ headers, path }: AwsRequest): { bucket: string; key: string } {
  const named = bucketOfHost(headers.host ?? '');
  const rest = path.replace(/^\//, '');
  if (named !== '') return { bucket: named, key: decode(rest) };
  const slash = rest.indexOf('/');
  if (slash < 0) return { bucket: decode(rest), key: '' };
  return { bucket: decode(rest.slice(0, slash)), key: decode(rest.slice(slash + 1)) };
}

/** Virtual-host style: `BUCKET.localhost`, `BUCKET.s3.localhost`, `BUCKET.127.0.0.1`. */
function bucketOfHost(host: string): string {
  const prefix = /^(.*)\.(?:localhost|127\.0\.0\.1)(?::\d+)?$/i.exec(host)?.[1] ?? '';
  return prefix === 's3' ? '' : prefix.replace(/\.s3$/, '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

function operationOf({ method, query, headers }: AwsRequest, bucket: string, key: string): string {
  const named = SUBRESOURCES.filter((name) => query.has(name));
  const place = key !== '' ? 'object' : bucket !== '' ? 'bucket' : 'service';
  const subresource = named.length > 1 ? named.join('&') : (named[0] ?? '');
  if (place === 'service' && method === 'GET' && subresource === '') return 'ListBuckets';
  const found = OPERATIONS[place][`${method} ${subresource}`];
  if (found === undefined) {
    throw notImplemented(
      `${method} on ${place === 'service' ? 'the service' : `a${place === 'object' ? 'n' : ''} ${place}`}${subresource && ` with ?${subresource}`} (S3)`,
    );
  }
  if (found === 'ListObjects' && query.get('list-type') === '2') return 'ListObjectsV2';
  if (headers['x-amz-copy-source'] !== undefined) {
    if (found === 'PutObject') return 'CopyObject';
    if (found === 'UploadPart') return 'UploadPartCopy';
  }
  return found;
}

/** `x-amz-copy-source`: `/bucket/key?versionId=…`, percent-encoded. */
export function copySource({ headers }: AwsRequest): { bucket: string; key: string; version: string | undefined } {
  const text = (headers['x-amz-copy-source'] ?? '').replace(/^\//, '');
  const [path = '', versionId] = text.split('?versionId=');
  if (path.startsWith('arn:')) throw notImplemented('copying from access points');
  const plain = decode(path);
  const slash = plain.indexOf('/');
  if (slash < 1 || slash === plain.length - 1) {
    throw new Refusal(
      400,
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  return { bucket: plain.slice(0, slash), key: plain.slice(slash + 1), version: versionId && decode(versionId) };
}
