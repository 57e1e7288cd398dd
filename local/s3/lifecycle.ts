/**
 * Lifecycle rules, applied now and then: expiry of current and noncurrent versions, of delete markers that hide nothing, and of
 * abandoned uploads. As on AWS, ages are whole days, a day begins at midnight UTC, and no rule ever removes a locked version.
 */
import { DAY_MS } from '../../names/time.ts';
import { Refusal } from '../aws/refusal.ts';
import type { Content } from '../aws/xml.ts';
import type { Bucket, Change } from './bucket.ts';
import { demandDeletable } from './lock.ts';
import type { LifecycleRule, Version } from './model.ts';
import { deleteMarker, withNewest } from './versions.ts';

export async function applyLifecycle(bucket: Bucket, now: number): Promise<void> {
  for (const rule of bucket.config.lifecycle.filter(({ enabled }) => enabled)) {
    if (rule.abortUploadDays !== undefined) await abortOld(bucket, rule, rule.abortUploadDays, now);
    for (const key of keysOf(bucket, rule.prefix)) {
      const change = (versions: readonly Version[]): Change<undefined> => ({
        versions: outlived(bucket, rule, versions, now),
        result: undefined,
      });
      await bucket.change(key, change);
    }
  }
}

async function abortOld(bucket: Bucket, { prefix }: LifecycleRule, days: number, now: number): Promise<void> {
  for (const upload of await bucket.uploads.list()) {
    if (upload.key.startsWith(prefix) && isOlder(upload.initiated, days, now)) await bucket.uploads.remove(upload.id);
  }
}

function keysOf(bucket: Bucket, prefix: string): string[] {
  const keys: string[] = [];
  for (let at = bucket.keys.lowerBound(prefix); bucket.keys.at(at)?.startsWith(prefix); at += 1)
    keys.push(bucket.keys.at(at)!);
  return keys;
}

/** The same list when nothing is due. */
function outlived(bucket: Bucket, rule: LifecycleRule, versions: readonly Version[], now: number): readonly Version[] {
  const [current] = versions;
  const due =
    current &&
    !current.marker &&
    rule.expirationDays !== undefined &&
    isOlder(current.modified, rule.expirationDays, now);
  if (due && bucket.config.versioning === 'Off') return [];
  if (due) return withNewest(versions, deleteMarker(bucket.config, now));
  const kept = versions.filter(
    (version, index) => !isOutlivedNoncurrent(rule, versions, index, now) || isLocked(version, now),
  );
  const [only] = kept;
  if (rule.expiredDeleteMarker && kept.length === 1 && only?.marker) return [];
  return kept.length === versions.length ? versions : kept;
}

/** A version is noncurrent since the next newer one was written. */
function isOutlivedNoncurrent(rule: LifecycleRule, versions: readonly Version[], index: number, now: number): boolean {
  const newer = versions[index - 1];
  if (!newer || rule.noncurrentDays === undefined) return false;
  return index > (rule.newerNoncurrentVersions ?? 0) && isOlder(newer.modified, rule.noncurrentDays, now);
}

function isLocked(version: Version, now: number): boolean {
  if (version.marker) return false;
  try {
    demandDeletable(version, false, now);
    return false;
  } catch (error) {
    if (error instanceof Refusal) return true;
    throw error;
  }
}

/** S3 adds the days and rounds up to the next midnight UTC. */
function isOlder(since: number, days: number, now: number): boolean {
  return now >= Math.ceil((since + days * DAY_MS) / DAY_MS) * DAY_MS;
}

export function lifecycleContent(rules: readonly LifecycleRule[]): Content {
  const days = (name: string, value: number | undefined) => (value === undefined ? undefined : { [name]: value });
  return {
    Rule: rules.map((rule) => ({
      ID: rule.id,
      Filter: { Prefix: rule.prefix },
      Status: rule.enabled ? 'Enabled' : 'Disabled',
      Expiration: rule.expiredDeleteMarker ? { ExpiredObjectDeleteMarker: true } : days('Days', rule.expirationDays),
      NoncurrentVersionExpiration:
        rule.noncurrentDays === undefined
          ? undefined
          : { NewerNoncurrentVersions: rule.newerNoncurrentVersions, NoncurrentDays: rule.noncurrentDays },
      AbortIncompleteMultipartUpload: days('DaysAfterInitiation', rule.abortUploadDays),
    })),
  };
}
