/** How writes and deletes change the versions of a key, depending on the bucket's versioning. */
import { randomBytes } from 'node:crypto';
import { Refusal } from '../aws/refusal.ts';
import type { Bucket } from './bucket.ts';
import type { BucketConfig, DeleteMarker, ObjectVersion, Version } from './model.ts';

export const NULL_VERSION = 'null';
const VERSION_ID = /^[A-Za-z0-9._-]{32}$/;

function newVersionId(): string {
  return randomBytes(24).toString('base64url').replace(/-/g, '.');
}

/** The id that a version written now gets. */
export function nextVersionId({ versioning }: BucketConfig): string {
  return versioning === 'Enabled' ? newVersionId() : NULL_VERSION;
}

/** Without versioning the new version takes the place of the `null` one; with it, everything stays. */
export function withNewest(versions: readonly Version[], newest: Version): readonly Version[] {
  const kept = newest.id === NULL_VERSION ? versions.filter(({ id }) => id !== NULL_VERSION) : versions;
  return [newest, ...kept];
}

export function deleteMarker(config: BucketConfig, now: number): DeleteMarker {
  return { id: nextVersionId(config), modified: now, marker: true };
}

/** Undefined when there is no such version; refuses what can't be the id of one. */
export function findVersion(versions: readonly Version[], id: string): Version | undefined {
  if (id !== NULL_VERSION && !VERSION_ID.test(id)) {
    throw new Refusal(400, 'InvalidArgument', 'Invalid version id specified', {
      ArgumentName: 'versionId',
      ArgumentValue: id,
    });
  }
  return versions.find((version) => version.id === id);
}

/** Buckets that never had versioning show no version ids. */
export function versionHeader(config: BucketConfig, { id }: { readonly id: string }): Record<string, string> {
  return config.versioning === 'Off' ? {} : { 'x-amz-version-id': id };
}

/** The version that a read means; throws 404, or 405 for a delete marker that is named. */
export function readableVersion(bucket: Bucket, key: string, versionId: string | null): ObjectVersion {
  const versions = bucket.versions(key);
  const details = { Key: key };
  if (versionId === null) {
    const [current] = versions;
    if (current && !current.marker) return current;
    const headers = current ? { 'x-amz-delete-marker': 'true', ...versionHeader(bucket.config, current) } : {};
    throw new Refusal(404, 'NoSuchKey', 'The specified key does not exist.', details, headers);
  }
  const version = findVersion(versions, versionId);
  if (!version) {
    throw new Refusal(404, 'NoSuchVersion', 'The specified version does not exist.', {
      ...details,
      VersionId: versionId,
    });
  }
  if (!version.marker) return version;
  const headers = {
    allow: 'DELETE',
    'x-amz-delete-marker': 'true',
    'last-modified': new Date(version.modified).toUTCString(),
    ...versionHeader(bucket.config, version),
  };
  throw new Refusal(
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    { Method: 'GET', ResourceType: 'DeleteMarker' },
    headers,
  );
}
