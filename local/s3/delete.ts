/** DeleteObject and DeleteObjects. */
import { AccessDenied } from '../aws/iam/access.ts';
import { Refusal } from '../aws/refusal.ts';
import { type Content, child, childText, type Element } from '../aws/xml.ts';
import { requestXml } from './body.ts';
import type { Bucket, Change } from './bucket.ts';
import type { Call } from './call.ts';
import { verifiedChecksum } from './checksum.ts';
import { answerEmpty, answerXml, type Operation, type S3 } from './context.ts';
import { demandDeletable } from './lock.ts';
import type { Version } from './model.ts';
import { readPayload } from './payload.ts';
import { conditionValues, objectArn, versionCondition } from './permissions.ts';
import { checkWrite } from './preconditions.ts';
import { deleteMarker, findVersion, NULL_VERSION, withNewest } from './versions.ts';

const MOST_KEYS = 1000;

interface Deletion {
  readonly key: string;
  readonly versionId?: string;
  readonly etag?: string;
}

interface Deleted {
  /** The delete marker that was made, or the version that was removed. */
  readonly version?: Version;
  readonly made: boolean;
}

export const deleteObject: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { headers, query } = call.request;
  for (const name of ['x-amz-if-match-last-modified-time', 'x-amz-if-match-size']) {
    if (headers[name] !== undefined)
      throw new Refusal(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented', {
        Header: name,
      });
  }
  const versionId = query.get('versionId');
  const deletion = {
    key: call.key,
    ...(versionId === null ? {} : { versionId }),
    ...(headers['if-match'] === undefined ? {} : { etag: headers['if-match'] }),
  };
  const { version } = await remove(bucket, deletion, bypasses(headers), s3);
  if (bucket.config.versioning === 'Off') return answerEmpty(204);
  const marker: Record<string, string> = version?.marker ? { 'x-amz-delete-marker': 'true' } : {};
  const id = version?.id ?? versionId;
  return answerEmpty(204, { ...marker, ...(id === null ? {} : { 'x-amz-version-id': id }) });
};

export const deleteObjects: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { headers } = call.request;
  const { bytes, trailers } = readPayload(call.request);
  const proven = [...Object.keys(headers), ...Object.keys(trailers)].some(
    (name) => name === 'content-md5' || name.startsWith('x-amz-checksum-'),
  );
  if (!proven)
    throw new Refusal(
      400,
      'InvalidRequest',
      'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
    );
  verifiedChecksum(headers, trailers, bytes);
  const root = requestXml(bytes, 'Delete');
  const objects = root.children.filter(({ name }) => name === 'Object');
  if (objects.length === 0 || objects.length > MOST_KEYS) {
    throw new Refusal(
      400,
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  }
  const quiet = childText(root, 'Quiet') === 'true';
  const deleted: Content[] = [];
  const errors: Content[] = [];
  for (const object of objects) {
    const outcome = await deleteOne(call, bucket, readDeletion(object), s3);
    if ('error' in outcome) errors.push(outcome.error);
    else if (!quiet) deleted.push(outcome.deleted);
  }
  return answerXml('DeleteResult', { Deleted: deleted, Error: errors });
};

function readDeletion(object: Element): Deletion {
  const key = childText(object, 'Key');
  if (!key) throw new Refusal(400, 'UserKeyMustBeSpecified', 'The bucket delete request must specify a key.');
  const versionId = childText(object, 'VersionId');
  const etag = childText(object, 'ETag');
  if (child(object, 'LastModifiedTime') || child(object, 'Size')) {
    throw new Refusal(501, 'NotImplemented', 'A condition you provided implies functionality that is not implemented');
  }
  return { key, ...(versionId === undefined ? {} : { versionId }), ...(etag === undefined ? {} : { etag }) };
}

type Outcome = { readonly deleted: Content } | { readonly error: Content };

async function deleteOne(call: Call, bucket: Bucket, deletion: Deletion, s3: S3): Promise<Outcome> {
  const { key, versionId } = deletion;
  const named = { Key: key, VersionId: versionId };
  try {
    demandDelete(call, deletion, s3);
    const { version, made } = await remove(bucket, deletion, bypasses(call.request.headers), s3);
    if (bucket.config.versioning === 'Off' || !version?.marker) return { deleted: named };
    const marker = { DeleteMarker: true, DeleteMarkerVersionId: version.id };
    return { deleted: made ? { Key: key, ...marker } : { ...named, ...marker } };
  } catch (error) {
    const code = error instanceof Refusal ? error.code : error instanceof AccessDenied ? 'AccessDenied' : undefined;
    if (code === undefined) throw error;
    return { error: { ...named, Code: code, Message: (error as Error).message } };
  }
}

function demandDelete({ request, bucket }: Call, { key, versionId }: Deletion, s3: S3): void {
  const conditions = { ...conditionValues(request, s3.now()), ...versionCondition(versionId) };
  const resource = objectArn(bucket, key);
  const names = [versionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion'];
  if (bypasses(request.headers)) names.push('BypassGovernanceRetention');
  for (const name of names) s3.access.demand(request.accessKeyId, { action: `s3:${name}`, resource, conditions });
}

function bypasses(headers: Readonly<Record<string, string>>): boolean {
  return headers['x-amz-bypass-governance-retention']?.toLowerCase() === 'true';
}

function remove(bucket: Bucket, deletion: Deletion, bypass: boolean, s3: Pick<S3, 'now'>): Promise<Deleted> {
  const { key, versionId, etag } = deletion;
  return bucket.change(key, (versions): Change<Deleted> => {
    const subject = versionId === undefined ? versions.slice(0, 1) : versions.filter(({ id }) => id === versionId);
    if (etag !== undefined) checkWrite({ absent: false, etag }, subject, false);
    const change =
      versionId === undefined ? hide(bucket, versions, s3.now()) : removeVersion(versions, versionId, bypass, s3.now());
    if (change.versions !== versions) bucket.countRemoval(key);
    return change;
  });
}

/** Without a version: with versioning a marker hides what is there; without, what is there goes. */
function hide(bucket: Bucket, versions: readonly Version[], now: number): Change<Deleted> {
  if (bucket.config.versioning === 'Off') {
    return versions.length === 0 ? { versions, result: { made: false } } : { versions: [], result: { made: false } };
  }
  const marker = deleteMarker(bucket.config, now);
  // While versioning is suspended the marker takes the place of the version `null`.
  const replaced = marker.id === NULL_VERSION ? versions.find(({ id }) => id === NULL_VERSION) : undefined;
  if (replaced && !replaced.marker) demandDeletable(replaced, false, now);
  return { versions: withNewest(versions, marker), result: { version: marker, made: true } };
}

function removeVersion(versions: readonly Version[], id: string, bypass: boolean, now: number): Change<Deleted> {
  const version = findVersion(versions, id);
  if (!version) return { versions, result: { made: false } };
  // Delete markers are never locked.
  if (!version.marker) demandDeletable(version, bypass, now);
  return { versions: versions.filter((candidate) => candidate !== version), result: { version, made: false } };
}
