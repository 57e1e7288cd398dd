/** What the headers of a write say of the object, and what is refused of them. */
import { notImplemented, Refusal } from '../aws/refusal.ts';
import type { BucketConfig, ObjectHead } from './model.ts';

type Headers = Readonly<Record<string, string>>;

/** Headers that are kept and returned as they came. */
const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];
const METADATA = 'x-amz-meta-';
const MAX_METADATA_BYTES = 2048;
const DEFAULT_TYPE = 'binary/octet-stream';

/** Classes that are read at once; what has to be restored first is not played here. */
const STORAGE_CLASSES = [
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
  'REDUCED_REDUNDANCY',
];
const ARCHIVE_CLASSES = ['GLACIER', 'DEEP_ARCHIVE'];

const UNSUPPORTED = [
  'x-amz-tagging',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
  'x-amz-object-if-match',
];

export function objectHead(headers: Headers): Pick<ObjectHead, 'headers' | 'metadata' | 'storageClass'> {
  for (const name of UNSUPPORTED) if (headers[name] !== undefined) throw notImplemented(`the header ${name} (S3)`);
  const storageClass = headers['x-amz-storage-class'] ?? 'STANDARD';
  if (ARCHIVE_CLASSES.includes(storageClass)) throw notImplemented(`storage class ${storageClass} (S3)`);
  if (!STORAGE_CLASSES.includes(storageClass)) {
    throw new Refusal(400, 'InvalidStorageClass', 'The storage class you specified is not valid');
  }
  return { headers: keptHeaders(headers), metadata: metadata(headers), storageClass };
}

function keptHeaders(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': DEFAULT_TYPE };
  for (const name of KEPT) if (headers[name] !== undefined) kept[name] = headers[name];
  // The encoding of the transfer is no part of the object's.
  const encoding = kept['content-encoding']
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked');
  if (encoding?.length === 0) delete kept['content-encoding'];
  else if (encoding) kept['content-encoding'] = encoding.join(',');
  return kept;
}

function metadata(headers: Headers): Record<string, string> {
  const found: Record<string, string> = {};
  let size = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(METADATA)) continue;
    const key = name.slice(METADATA.length);
    // Node reads header bytes as Latin-1; what was sent is what is kept, counted and returned.
    found[key] = value;
    size += Buffer.byteLength(key) + Buffer.byteLength(value, 'latin1');
  }
  if (size > MAX_METADATA_BYTES) {
    throw new Refusal(400, 'MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(size),
      MaxSizeAllowed: String(MAX_METADATA_BYTES),
    });
  }
  return found;
}

export function metadataHeaders(found: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [METADATA + key, value]));
}

const PUBLIC_ACLS = ['public-read', 'public-read-write', 'authenticated-read'];

/** ACLs are off in every bucket that owns its objects; the one that says nothing new is let through. */
export function refuseAcl(headers: Headers, config: BucketConfig): void {
  const acl = headers['x-amz-acl'];
  const grants = Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'));
  if (acl === undefined && !grants) return;
  if (acl === 'bucket-owner-full-control' && !grants) return;
  if (config.publicAccess.BlockPublicAcls && acl !== undefined && PUBLIC_ACLS.includes(acl)) {
    throw new Refusal(
      403,
      'AccessDenied',
      'Access Denied: public access control lists (ACLs) are blocked by the BlockPublicAcls block public access setting.',
    );
  }
  if (config.ownership === 'BucketOwnerEnforced') {
    throw new Refusal(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
  throw notImplemented('access control lists (S3)');
}

export function demandOwner(headers: Headers, account: string): void {
  for (const name of ['x-amz-expected-bucket-owner', 'x-amz-source-expected-bucket-owner']) {
    if (headers[name] !== undefined && headers[name] !== account)
      throw new Refusal(403, 'AccessDenied', 'Access Denied');
  }
}
