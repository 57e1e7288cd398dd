// What S3's calls act on: the object, or the bucket; requests hold headers and whole configurations beside it.
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';
import { type Call, MINOR, UNMENTIONED } from './call.ts';
import { DEPTH } from './collect.ts';
import type { Found } from './identifiers.ts';
import { isArn, type Resource, resourceOf, resourceOfArn } from './resource.ts';

/** Objects that are named, their bucket, an access point; behind them the buckets, roles and keys that a setting names. */
export function s3TargetsOf(container: JsonValue | undefined, call: Call): Found[] {
  if (!isJsonObject(container ?? null)) return [];
  const request = container as JsonObject;
  const bucket = text(request.bucketName) ?? text(request.bucket);
  const point = /AccessPoint/.test(call.name) ? text(request.name) : undefined;
  const first = [
    ...keysOf(request).map((key) => (bucket === undefined ? undefined : resourceOf('s3:object', `${bucket}/${key}`))),
    point === undefined ? undefined : resourceOf('s3:access-point', point),
    bucket === undefined ? undefined : bucketOf(bucket, call),
  ];
  const source = sourceOf(request, call);
  return [...ranked(first, 0), ...ranked([source], UNMENTIONED), ...ranked(mentioned(request, call, 0), MINOR)];
}

const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function ranked(resources: readonly (Resource | undefined)[], from: number): Found[] {
  return resources.flatMap((resource, i) =>
    resource === undefined ? [] : [{ resource, rank: from + i / (resources.length + 1), certain: true }],
  );
}

function bucketOf(name: string, call: Call): Resource | undefined {
  return isArn(name) ? resourceOfArn(name, call) : resourceOf('s3:bucket', name);
}

/** The key of the one object, and those of a batch where CloudTrail has them: mostly it leaves them out. */
function keysOf(request: JsonObject): string[] {
  const batch = request.delete ?? request.Delete ?? {};
  const objects = isJsonObject(batch) ? (batch.objects ?? batch.Objects ?? batch.object ?? batch.Object) : undefined;
  const listed = (Array.isArray(objects) ? objects : [objects]).flatMap((one) =>
    isJsonObject(one ?? null) ? (text((one as JsonObject).key ?? (one as JsonObject).Key) ?? []) : [],
  );
  return [...(text(request.key) === undefined ? [] : [text(request.key)!]), ...listed];
}

/** The header of a copy: `bucket/key`, percent-encoded, or an ARN. */
function sourceOf(request: JsonObject, call: Call): Resource | undefined {
  const source = text(request['x-amz-copy-source'])?.replace(/^\//, '').split('?')[0];
  if (source === undefined) return undefined;
  return isArn(source) ? resourceOfArn(source, call) : resourceOf('s3:object', source);
}

const BUCKET = /^(?:Target)?Bucket(?:Name)?$/;

/** ARNs and buckets anywhere in a setting, but not in a policy, whose statements are no targets. */
function mentioned(value: JsonValue, call: Call, depth: number, key = ''): Resource[] {
  if (depth > DEPTH) return [];
  if (typeof value === 'string') {
    const resource = isArn(value) ? resourceOfArn(value, call) : BUCKET.test(key) ? bucketOf(value, call) : undefined;
    return resource === undefined ? [] : [resource];
  }
  if (Array.isArray(value)) return value.flatMap((item) => mentioned(item, call, depth + 1, key));
  if (!isJsonObject(value) || 'Statement' in value) return [];
  return Object.entries(value).flatMap(([name, member]) => mentioned(member, call, depth + 1, name));
}
