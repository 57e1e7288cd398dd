/** Conditional requests: reads by the four HTTP headers, writes by If-Match and If-None-Match. */
import { Refusal } from '../aws/refusal.ts';
import type { ObjectVersion, Version } from './model.ts';

type Headers = Readonly<Record<string, string | undefined>>;

function failed(condition: string): Refusal {
  return new Refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });
}

function second(time: number): number {
  return Math.floor(time / 1000);
}

/** ETags are compared with or without their quotes. */
function sameEtag(left: string, right: string): boolean {
  const bare = (etag: string) =>
    etag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
  return bare(left) === bare(right);
}

function anyEtag(list: string, etag: string): boolean {
  return list.split(',').some((candidate) => candidate.trim() === '*' || sameEtag(candidate, etag));
}

interface ReadConditions {
  readonly match?: string | undefined;
  readonly noneMatch?: string | undefined;
  readonly modifiedSince?: string | undefined;
  readonly unmodifiedSince?: string | undefined;
}

/** Whether to answer 304; throws 412. If-Match outweighs If-Unmodified-Since, and If-None-Match If-Modified-Since. */
export function checkRead(headers: Headers, version: ObjectVersion): 'fresh' | 'send' {
  return checkConditions(
    {
      match: headers['if-match'],
      noneMatch: headers['if-none-match'],
      modifiedSince: headers['if-modified-since'],
      unmodifiedSince: headers['if-unmodified-since'],
    },
    version,
  );
}

/** The source of a copy; what would be 304 in a read is 412 here. */
export function checkCopySource(headers: Headers, version: ObjectVersion): void {
  const prefix = 'x-amz-copy-source-';
  const verdict = checkConditions(
    {
      match: headers[`${prefix}if-match`],
      noneMatch: headers[`${prefix}if-none-match`],
      modifiedSince: headers[`${prefix}if-modified-since`],
      unmodifiedSince: headers[`${prefix}if-unmodified-since`],
    },
    version,
  );
  if (verdict === 'fresh') throw failed('x-amz-copy-source-If-None-Match');
}

function checkConditions(conditions: ReadConditions, { etag, modified }: ObjectVersion): 'fresh' | 'send' {
  const { match, noneMatch } = conditions;
  const unmodifiedSince = time(conditions.unmodifiedSince);
  const modifiedSince = time(conditions.modifiedSince);
  if (match !== undefined) {
    if (!anyEtag(match, etag)) throw failed('If-Match');
  } else if (unmodifiedSince !== undefined && second(modified) > second(unmodifiedSince)) {
    throw failed('If-Unmodified-Since');
  }
  if (noneMatch !== undefined) return anyEtag(noneMatch, etag) ? 'fresh' : 'send';
  return modifiedSince !== undefined && second(modified) <= second(modifiedSince) ? 'fresh' : 'send';
}

function time(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

/** What a conditional write asks of the key; undefined when it asks nothing. */
export interface WriteCondition {
  readonly absent: boolean;
  readonly etag?: string;
}

export function writeCondition(headers: Headers): WriteCondition | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match === undefined && noneMatch === undefined) return undefined;
  // S3 knows `*` only for If-None-Match, an ETag only for If-Match, and not both at once.
  if ((match !== undefined && noneMatch !== undefined) || (noneMatch !== undefined && noneMatch.trim() !== '*')) {
    throw new Refusal(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented', {
      Header: noneMatch === undefined ? 'If-Match' : 'If-None-Match',
    });
  }
  return { absent: noneMatch !== undefined, ...(match === undefined ? {} : { etag: match }) };
}

/**
 * `removals` tells whether a version of the key went away while this request was under way: then the outcome depends on who
 * came first, and S3 lets the client try again.
 */
export function checkWrite(
  condition: WriteCondition | undefined,
  versions: readonly Version[],
  removed: boolean,
): void {
  if (!condition) return;
  const [current] = versions;
  if (removed) {
    throw new Refusal(
      409,
      'ConditionalRequestConflict',
      'The conditional request cannot succeed due to a conflicting operation against this resource.',
      {
        Condition: condition.absent ? 'If-None-Match' : 'If-Match',
      },
    );
  }
  const exists = current !== undefined && !current.marker;
  if (condition.absent && exists) throw failed('If-None-Match');
  if (condition.etag === undefined) return;
  if (!exists) throw new Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
  if (condition.etag.trim() !== '*' && !sameEtag(condition.etag, current.etag)) throw failed('If-Match');
}
