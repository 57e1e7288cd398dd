/** Reading one object: GetObject, HeadObject, GetObjectAttributes. */
import { open } from 'node:fs/promises';
import { Refusal } from '../aws/refusal.ts';
import type { AwsResponse } from '../aws/service.ts';
import type { Bucket } from './bucket.ts';
import type { Call } from './call.ts';
import { checksumHeaders, elementOf } from './checksum.ts';
import { answerEmpty, answerXml, httpTime, type Operation, type S3 } from './context.ts';
import { decryptFor, encryptionHeaders } from './encryption.ts';
import { metadataHeaders } from './head.ts';
import { lockHeaders } from './lock.ts';
import type { ObjectVersion } from './model.ts';
import { bucketArn, conditionValues, objectArn, versionCondition } from './permissions.ts';
import { checkRead } from './preconditions.ts';
import { readableVersion, versionHeader } from './versions.ts';

/** Larger objects are streamed from disk. */
const IN_MEMORY_BYTES = 1024 * 1024;

/** What a GET may ask to see instead of what was stored. */
const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

export const getObject: Operation = (call, s3) => read(call, s3, true);
export const headObject: Operation = (call, s3) => read(call, s3, false);

async function read(call: Call, s3: S3, withBody: boolean): Promise<AwsResponse> {
  const { request } = call;
  const bucket = s3.store.get(call.bucket);
  const version = visibleVersion(call, bucket, s3);
  const common = {
    etag: version.etag,
    'last-modified': httpTime(version.modified),
    ...versionHeader(bucket.config, version),
  };
  if (checkRead(request.headers, version) === 'fresh') return answerEmpty(304, common);
  const slice = wantedSlice(request.query.get('partNumber'), request.headers, version);
  const headers = {
    ...common,
    ...version.headers,
    ...overrides(request.query),
    ...metadataHeaders(version.metadata),
    ...encryptionHeaders(version.encryption),
    ...visibleLock(call, version, s3),
    ...(version.storageClass === 'STANDARD' ? {} : { 'x-amz-storage-class': version.storageClass }),
    ...checksums(request.headers, version, slice),
    ...(slice.parts === undefined ? {} : { 'x-amz-mp-parts-count': String(slice.parts) }),
    'accept-ranges': 'bytes',
    'content-length': String(slice.end - slice.start),
    ...(slice.partial ? { 'content-range': `bytes ${slice.start}-${slice.end - 1}/${version.size}` } : {}),
  };
  const status = slice.partial ? 206 : 200;
  if (!withBody) return { ...answerEmpty(status, headers) };
  const place = { bucketArn: bucketArn(call.bucket), objectArn: objectArn(call.bucket, call.key) };
  decryptFor(request.accessKeyId, version.encryption, place, s3.dataKeys);
  return { status, headers, body: await openData(bucket, call.key, version, slice) };
}

/** Who may not list the bucket is not told that a key is missing. */
export function visibleVersion(call: Call, bucket: Bucket, s3: S3): ObjectVersion {
  const { request } = call;
  try {
    return readableVersion(bucket, call.key, request.query.get('versionId'));
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error;
    const list = {
      action: 's3:ListBucket',
      resource: bucketArn(call.bucket),
      conditions: conditionValues(request, s3.now()),
    };
    s3.access.demand(request.accessKeyId, list);
    throw error;
  }
}

/** Lock headers are shown to those who may ask for the lock itself. */
function visibleLock({ request, bucket, key }: Call, version: ObjectVersion, s3: S3): Record<string, string> {
  const may = (action: string) =>
    s3.access.allows(request.accessKeyId, {
      action,
      resource: objectArn(bucket, key),
      conditions: { ...conditionValues(request, s3.now()), ...versionCondition(request.query.get('versionId')) },
    });
  const { retention, legalHold, ...rest } = version;
  return lockHeaders({
    ...rest,
    ...(retention !== undefined && may('s3:GetObjectRetention') ? { retention } : {}),
    ...(legalHold !== undefined && may('s3:GetObjectLegalHold') ? { legalHold } : {}),
  });
}

interface Slice {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly partial: boolean;
  /** Number of parts, when one was asked for. */
  readonly parts?: number;
}

function wantedSlice(
  partNumber: string | null,
  headers: Readonly<Record<string, string>>,
  version: ObjectVersion,
): Slice {
  const { range } = headers;
  if (partNumber !== null && range !== undefined) {
    throw new Refusal(400, 'InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');
  }
  if (partNumber !== null) return partSlice(partNumber, version);
  const whole = { start: 0, end: version.size, partial: false };
  // Several ranges, and units other than bytes, are answered as if nothing had been asked.
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return whole;
  const start = first === '' ? Math.max(0, version.size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? version.size : Math.min(version.size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return whole;
  if (start >= version.size || (first === '' && Number(last) === 0)) throw unsatisfiable(range ?? '', version);
  return { start, end, partial: true };
}

function partSlice(partNumber: string, version: ObjectVersion): Slice {
  const number = Number(partNumber);
  const sizes = version.parts?.map(({ size }) => size) ?? [version.size];
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new Refusal(400, 'InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
  }
  const size = sizes[number - 1];
  if (size === undefined) throw new Refusal(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable');
  const start = sizes.slice(0, number - 1).reduce((sum, part) => sum + part, 0);
  const parts = version.parts === undefined ? {} : { parts: sizes.length };
  return { start, end: start + size, partial: version.parts !== undefined, ...parts };
}

function unsatisfiable(range: string, { size }: ObjectVersion): Refusal {
  return new Refusal(
    416,
    'InvalidRange',
    'The requested range is not satisfiable',
    { RangeRequested: range, ActualObjectSize: String(size) },
    { 'content-range': `bytes */${size}` },
  );
}

/** Of the whole object only: a client can't check a checksum against a part of the bytes. */
function checksums(
  headers: Readonly<Record<string, string>>,
  version: ObjectVersion,
  slice: Slice,
): Record<string, string> {
  if (headers['x-amz-checksum-mode']?.toUpperCase() !== 'ENABLED' || slice.partial) return {};
  return checksumHeaders(version.checksum);
}

function overrides(query: URLSearchParams): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = query.get(`response-${name}`);
    if (value !== null) found[name] = value;
  }
  return found;
}

async function openData(
  bucket: Bucket,
  key: string,
  version: ObjectVersion,
  { start, end }: Slice,
): Promise<AwsResponse['body']> {
  // Opened before it is answered: a version that is deleted meanwhile is still read whole.
  const file = await open(bucket.dataPath(key, version), 'r');
  if (end - start > IN_MEMORY_BYTES) return file.createReadStream({ start, end: end - 1 });
  try {
    const buffer = Buffer.alloc(end - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    if (bytesRead !== buffer.length) throw new Error(`The data of ${bucket.name}/${key} (${version.id}) is cut short.`);
    return buffer;
  } finally {
    await file.close();
  }
}

export async function readData(bucket: Bucket, key: string, version: ObjectVersion): Promise<Buffer> {
  const file = await open(bucket.dataPath(key, version), 'r');
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

export const getObjectAttributes: Operation = async (call, s3) => {
  const { request } = call;
  const bucket = s3.store.get(call.bucket);
  const version = visibleVersion(call, bucket, s3);
  const wanted = (request.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim());
  if (wanted.join('') === '') throw new Refusal(400, 'InvalidArgument', 'Request must specify at least one attribute.');
  const { checksum, parts } = version;
  const shown = {
    ETag: version.etag.replaceAll('"', ''),
    Checksum: { [elementOf(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type },
    ObjectParts: parts && { TotalPartsCount: parts.length },
    StorageClass: version.storageClass,
    ObjectSize: version.size,
  };
  const content = Object.fromEntries(Object.entries(shown).filter(([name]) => wanted.includes(name)));
  return answerXml('GetObjectAttributesResponse', content, {
    'last-modified': httpTime(version.modified),
    ...versionHeader(bucket.config, version),
  });
};
