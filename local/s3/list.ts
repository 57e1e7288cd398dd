/** ListObjects, ListObjectsV2, ListObjectVersions. */
import { Refusal } from '../aws/refusal.ts';
import type { Content } from '../aws/xml.ts';
import type { Bucket } from './bucket.ts';
import type { Call } from './call.ts';
import { answerXml, listedTime, type Operation, type S3 } from './context.ts';
import { type Listed, markerPlace, type Page, page, walk } from './listing.ts';
import type { ObjectVersion, Version } from './model.ts';
import { findVersion } from './versions.ts';

const LARGEST_PAGE = 1000;

interface Query {
  readonly prefix: string;
  readonly delimiter: string;
  readonly size: number;
  readonly encode: (text: string) => string;
  readonly encoding: string | undefined;
}

export function readQuery(query: URLSearchParams, sizeName = 'max-keys'): Query {
  const encoding = query.get('encoding-type') ?? undefined;
  if (encoding !== undefined && encoding !== 'url') {
    throw new Refusal(400, 'InvalidArgument', 'Invalid Encoding Method specified in Request', {
      ArgumentName: 'encoding-type',
    });
  }
  const size = query.get(sizeName);
  if (size !== null && !/^\d{1,10}$/.test(size)) {
    throw new Refusal(400, 'InvalidArgument', `Provided ${sizeName} not an integer or within integer range`, {
      ArgumentName: sizeName,
    });
  }
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    size: Math.min(LARGEST_PAGE, Number(size ?? LARGEST_PAGE)),
    encode: encoding === undefined ? (text) => text : encodeKey,
    encoding,
  };
}

/** Slashes stay readable, as S3 leaves them. */
function encodeKey(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%2F', '/')
    .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export const listObjectsV2: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { query } = call.request;
  const asked = readQuery(query);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const after =
    token === null
      ? startAfter === null
        ? undefined
        : ({ kind: 'key', name: startAfter } as const)
      : readToken(token);
  const found = current(bucket, asked, after);
  const last = found.items.at(-1);
  return answerXml('ListBucketResult', {
    ...heading(call, asked),
    ...(startAfter === null ? {} : { StartAfter: asked.encode(startAfter) }),
    ...(token === null ? {} : { ContinuationToken: token }),
    KeyCount: found.items.length,
    IsTruncated: found.truncated,
    ...(found.truncated && last ? { NextContinuationToken: writeToken(last) } : {}),
    ...contents(bucket, found, asked, query.get('fetch-owner') === 'true' ? s3 : undefined),
  });
};

export const listObjects: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { query } = call.request;
  const asked = readQuery(query);
  const marker = query.get('marker') ?? '';
  const after = marker === '' ? undefined : markerPlace(marker, asked.prefix, asked.delimiter);
  const found = current(bucket, asked, after);
  const last = found.items.at(-1);
  return answerXml('ListBucketResult', {
    ...heading(call, asked),
    Marker: asked.encode(marker),
    IsTruncated: found.truncated,
    ...(found.truncated && last && asked.delimiter !== '' ? { NextMarker: asked.encode(last.name) } : {}),
    ...contents(bucket, found, asked, s3),
  });
};

function heading(
  call: Call,
  { prefix, delimiter, size, encode, encoding }: Query,
): Record<string, Content | undefined> {
  return {
    Name: call.bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    MaxKeys: size,
    EncodingType: encoding,
  };
}

function current(bucket: Bucket, { prefix, delimiter, size }: Query, after: Listed | undefined): Page<Listed> {
  const visible = (key: string) => currentVersion(bucket, key) !== undefined;
  return page(walk(bucket.keys, { prefix, delimiter, visible, ...(after === undefined ? {} : { after }) }), size);
}

function currentVersion(bucket: Bucket, key: string): ObjectVersion | undefined {
  const [version] = bucket.versions(key);
  return version && !version.marker ? version : undefined;
}

function contents(bucket: Bucket, { items }: Page<Listed>, { encode }: Query, owner: S3 | undefined) {
  const objects = items
    .filter(({ kind }) => kind === 'key')
    .map(({ name }) => {
      const version = currentVersion(bucket, name)!;
      return { Key: encode(name), ...shown(version), ...(owner ? { Owner: { ID: owner.account } } : {}) };
    });
  return { Contents: objects, CommonPrefixes: prefixes(items, encode) };
}

function prefixes(
  items: readonly { readonly kind: string; readonly name: string }[],
  encode: (text: string) => string,
) {
  return items.filter(({ kind }) => kind === 'prefix').map(({ name }) => ({ Prefix: encode(name) }));
}

function shown(version: ObjectVersion): Record<string, Content> {
  return {
    LastModified: listedTime(version.modified),
    ETag: version.etag,
    ChecksumAlgorithm: version.checksum.algorithm,
    ChecksumType: version.checksum.type,
    Size: version.size,
    StorageClass: version.storageClass,
  };
}

/** Opaque to clients: where the last page ended. */
function writeToken({ kind, name }: Listed): string {
  return Buffer.from(JSON.stringify([kind, name])).toString('base64url');
}

function readToken(token: string): Listed {
  try {
    const [kind, name] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as [unknown, unknown];
    if ((kind === 'key' || kind === 'prefix') && typeof name === 'string') return { kind, name };
  } catch {
    // Refused below: not one of ours.
  }
  throw new Refusal(400, 'InvalidArgument', 'The continuation token provided is incorrect', {
    ArgumentName: 'continuation-token',
  });
}

type ListedVersion =
  | { readonly kind: 'prefix'; readonly name: string }
  | { readonly kind: 'version'; readonly name: string; readonly version: Version; readonly latest: boolean };

export const listObjectVersions: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { query } = call.request;
  const asked = readQuery(query);
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker') ?? '';
  if (versionMarker !== '' && keyMarker === '') {
    throw new Refusal(400, 'InvalidArgument', 'A version-id marker cannot be specified without a key marker.', {
      ArgumentName: 'version-id-marker',
    });
  }
  const { items, truncated } = page(versionsOf(bucket, asked, keyMarker, versionMarker), asked.size);
  const last = items.at(-1);
  return answerXml('ListVersionsResult', {
    ...heading(call, asked),
    KeyMarker: asked.encode(keyMarker),
    VersionIdMarker: versionMarker,
    IsTruncated: truncated,
    ...(truncated && last ? { NextKeyMarker: asked.encode(last.name) } : {}),
    ...(truncated && last?.kind === 'version' ? { NextVersionIdMarker: last.version.id } : {}),
    Version: items.filter(isObject).map((item) => versionContent(item, asked, s3)),
    DeleteMarker: items
      .filter((item) => item.kind === 'version' && item.version.marker)
      .map((item) => versionContent(item, asked, s3)),
    CommonPrefixes: prefixes(items, asked.encode),
  });
};

function isObject(item: ListedVersion): boolean {
  return item.kind === 'version' && !item.version.marker;
}

function versionContent(item: ListedVersion, { encode }: Query, { account }: S3): Content {
  if (item.kind === 'prefix') return {};
  const { name, version, latest } = item;
  return {
    Key: encode(name),
    VersionId: version.id,
    IsLatest: latest,
    ...(version.marker ? { LastModified: listedTime(version.modified) } : shown(version)),
    Owner: { ID: account },
  };
}

function* versionsOf(
  bucket: Bucket,
  { prefix, delimiter }: Query,
  keyMarker: string,
  versionMarker: string,
): Generator<ListedVersion> {
  const visible = () => true;
  if (versionMarker !== '') yield* remaining(bucket, keyMarker, versionMarker);
  const after = keyMarker === '' ? undefined : markerPlace(keyMarker, prefix, delimiter);
  for (const item of walk(bucket.keys, { prefix, delimiter, visible, ...(after === undefined ? {} : { after }) })) {
    if (item.kind === 'prefix') yield { kind: 'prefix', name: item.name };
    else yield* allVersions(bucket, item.name);
  }
}

function* allVersions(bucket: Bucket, name: string): Generator<ListedVersion> {
  for (const [index, version] of bucket.versions(name).entries())
    yield { kind: 'version', name, version, latest: index === 0 };
}

/** Older versions of the key at which a page ended. If that version is gone meanwhile, all of them: rather twice than never. */
function remaining(bucket: Bucket, key: string, versionMarker: string): ListedVersion[] {
  const all = [...allVersions(bucket, key)];
  const marker = findVersion(bucket.versions(key), versionMarker);
  return marker ? all.slice(bucket.versions(key).indexOf(marker) + 1) : all;
}
