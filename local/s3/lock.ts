/** The rules of Object Lock. */
import { DAY_MS } from '../../names/time.ts';
import { Refusal } from '../aws/refusal.ts';
import type { BucketConfig, LockMode, ObjectVersion, Retention } from './model.ts';

const LONGEST_DAYS = 36_500;
const LONGEST_YEARS = 100;

type Headers = Readonly<Record<string, string>>;

export interface RequestedLock {
  readonly retention?: Retention;
  readonly legalHold?: boolean;
}

const invalid = (message: string) => new Refusal(400, 'InvalidArgument', message);

/** Of the headers of a write. */
export function requestedLock(headers: Headers, now: number): RequestedLock {
  const mode = headers['x-amz-object-lock-mode'];
  const until = headers['x-amz-object-lock-retain-until-date'];
  const hold = headers['x-amz-object-lock-legal-hold'];
  if ((mode === undefined) !== (until === undefined)) {
    throw invalid('x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied');
  }
  if (hold !== undefined && hold !== 'ON' && hold !== 'OFF')
    throw invalid("Legal Hold must be either of 'ON' or 'OFF'");
  return {
    ...(mode === undefined || until === undefined
      ? {}
      : { retention: { mode: lockMode(mode), until: retainUntil(until, now) } }),
    ...(hold === undefined ? {} : { legalHold: hold === 'ON' }),
  };
}

function lockMode(text: string): LockMode {
  if (text !== 'GOVERNANCE' && text !== 'COMPLIANCE') throw invalid('Unknown wormMode directive.');
  return text;
}

/** As ISO 8601 with milliseconds; it has to lie ahead, and not more than a hundred years. */
export function retainUntil(text: string, now: number): string {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(time)) throw invalid('The retain until date must be provided in ISO 8601 format');
  if (time <= now) throw invalid('The retain until date must be in the future!');
  if (time > now + LONGEST_DAYS * DAY_MS)
    throw invalid('The retain until date can be at most 100 years in the future.');
  return new Date(time).toISOString();
}

/** What a new version is locked with: what the request says, else the bucket's default. */
export function lockFor(config: BucketConfig, requested: RequestedLock, now: number): RequestedLock {
  const asked = requested.retention !== undefined || requested.legalHold !== undefined;
  if (!config.objectLock) {
    if (asked) throw new Refusal(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration');
    return {};
  }
  const retention = requested.retention ?? defaultRetention(config, now);
  return {
    ...(retention === undefined ? {} : { retention }),
    ...(requested.legalHold === undefined ? {} : { legalHold: requested.legalHold }),
  };
}

function defaultRetention({ defaultRetention: rule }: BucketConfig, now: number): Retention | undefined {
  if (!rule) return undefined;
  const until = new Date(now);
  if (rule.days !== undefined) until.setTime(now + rule.days * DAY_MS);
  if (rule.years !== undefined) until.setUTCFullYear(until.getUTCFullYear() + rule.years);
  return { mode: rule.mode, until: until.toISOString() };
}

/** S3 wants to be sure of the bytes that it locks. */
export function demandIntegrity(headers: Headers, trailers: Headers): void {
  const names = [...Object.keys(headers), ...Object.keys(trailers)];
  const proven = (name: string) =>
    name === 'content-md5' ||
    (/^x-amz-checksum-/.test(name) && name !== 'x-amz-checksum-type' && name !== 'x-amz-checksum-algorithm');
  if (names.some(proven)) return;
  throw new Refusal(
    400,
    'InvalidRequest',
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
  );
}

const PROTECTED = 'Access Denied because object protected by object lock.';

/** Throws unless this version may be deleted now. `bypass` needs its own permission, which is asked for elsewhere. */
export function demandDeletable(version: ObjectVersion, bypass: boolean, now: number): void {
  if (version.legalHold) throw new Refusal(403, 'AccessDenied', PROTECTED);
  if (isRetained(version.retention, bypass, now)) throw new Refusal(403, 'AccessDenied', PROTECTED);
}

function isRetained(retention: Retention | undefined, bypass: boolean, now: number): boolean {
  if (!retention || Date.parse(retention.until) <= now) return false;
  return !(retention.mode === 'GOVERNANCE' && bypass);
}

/** Throws unless the version's retention may become this one (undefined removes it). */
export function demandRetentionChange(
  version: ObjectVersion,
  wanted: Retention | undefined,
  bypass: boolean,
  now: number,
): void {
  const { retention } = version;
  if (!retention || !isRetained(retention, bypass, now)) return;
  const longer = wanted !== undefined && Date.parse(wanted.until) >= Date.parse(retention.until);
  if (!longer || wanted.mode !== retention.mode) throw new Refusal(403, 'AccessDenied', PROTECTED);
}

/** Whole days, rounded down, that a lock has still to go: `s3:object-lock-remaining-retention-days`. */
export function remainingDays(until: string, now: number): number | undefined {
  const time = Date.parse(until);
  return Number.isNaN(time) ? undefined : Math.floor((time - now) / DAY_MS);
}

/** Of a bucket's default rule. */
export function checkDefaultRetention(mode: string | undefined, days: string | undefined, years: string | undefined) {
  if (mode === undefined || (days === undefined) === (years === undefined)) {
    throw new Refusal(
      400,
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  }
  const period = Number(days ?? years);
  if (!Number.isInteger(period) || period < 1 || period > (days === undefined ? LONGEST_YEARS : LONGEST_DAYS)) {
    const message = 'The retention period must be a positive integer value, up to 36500 days or 100 years';
    throw new Refusal(400, 'InvalidRetentionPeriod', message);
  }
  return { mode: lockMode(mode), ...(days === undefined ? { years: period } : { days: period }) };
}

export function lockHeaders({ retention, legalHold }: ObjectVersion): Record<string, string> {
  return {
    ...(retention === undefined
      ? {}
      : { 'x-amz-object-lock-mode': retention.mode, 'x-amz-object-lock-retain-until-date': retention.until }),
    ...(legalHold === undefined ? {} : { 'x-amz-object-lock-legal-hold': legalHold ? 'ON' : 'OFF' }),
  };
}
