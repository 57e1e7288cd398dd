/**
 * Reads the SigV4 credential of a request, from the Authorization header or a presigned query.
 *
 * The signature itself is not computed: development credentials are in every environment and on a loopback port they would
 * prove nothing. Everything around it is held to what AWS asks: algorithm, scope, signed headers, dates and expiry.
 */
import { Refusal } from './refusal.ts';

export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/** What AWS tolerates between its clock and the signer's. */
const SKEW_MS = 15 * 60 * 1000;
const LONGEST_PRESIGNED_SECONDS = 604_800;

const HEADER = /^AWS4-HMAC-SHA256 +Credential=([^,\s]+) *, *SignedHeaders=([^,\s]+) *, *Signature=([0-9a-f]{64})$/;
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const QUERY_PARTS = [
  ...['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Expires', 'X-Amz-SignedHeaders', 'X-Amz-Signature'],
];

interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** Undefined when the request carries no authentication at all. */
export function readCredential({ headers, query }: Signed, now: number): Credential | undefined {
  const header = headers.authorization;
  const presigned = query.has('X-Amz-Algorithm') || query.has('X-Amz-Signature');
  if (header !== undefined && presigned) {
    throw new Refusal(400, 'InvalidArgument', 'Only one auth mechanism allowed.');
  }
  if (header?.startsWith('AWS ') || (query.has('AWSAccessKeyId') && query.has('Signature'))) {
    // Signature version 2, which buckets made since 2020 don't take.
    throw new Refusal(
      400,
      'InvalidRequest',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    );
  }
  if (header !== undefined) return fromHeader(header, headers, now);
  return presigned ? fromQuery(query, now) : undefined;
}

function fromHeader(header: string, headers: Readonly<Record<string, string>>, now: number): Credential {
  const match = HEADER.exec(header);
  if (!match)
    throw malformed('The authorization header is malformed; it is not of the form that AWS4-HMAC-SHA256 has.');
  const [, scope = '', signedHeaders = ''] = match;
  if (!signedHeaders.split(';').includes('host')) throw malformed('The host header must be signed.');
  const date = headers['x-amz-date'] ?? isoDate(headers.date);
  const { credential, day } = fromScope(scope, malformed);
  const signedAt = timeOf(date);
  if (signedAt === undefined) {
    throw new Refusal(403, 'AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header.');
  }
  if (!date?.startsWith(day)) throw malformed('The date in the credential scope is not that of x-amz-date.');
  if (Math.abs(now - signedAt) > SKEW_MS) {
    throw new Refusal(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  }
  return credential;
}

function fromQuery(query: URLSearchParams, now: number): Credential {
  const missing = QUERY_PARTS.filter((name) => !query.get(name));
  if (missing.length > 0) throw malformedQuery(`Query-string authentication needs ${missing.join(', ')}.`);
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256')
    throw malformedQuery('X-Amz-Algorithm must be AWS4-HMAC-SHA256.');
  if (!/^[0-9a-f]{64}$/.test(query.get('X-Amz-Signature')!)) throw malformedQuery('X-Amz-Signature is malformed.');
  const { credential, day } = fromScope(query.get('X-Amz-Credential')!, malformedQuery);
  const date = query.get('X-Amz-Date')!;
  const signedAt = timeOf(date);
  if (signedAt === undefined || !date.startsWith(day))
    throw malformedQuery('X-Amz-Date must be the date of the credential.');
  const expires = Number(query.get('X-Amz-Expires'));
  if (!Number.isInteger(expires) || expires < 1) throw malformedQuery('X-Amz-Expires must be a positive number.');
  if (expires > LONGEST_PRESIGNED_SECONDS) throw malformedQuery('X-Amz-Expires must be less than a week (in seconds).');
  if (signedAt - now > SKEW_MS) throw new Refusal(403, 'AccessDenied', 'Request is not yet valid');
  if (now > signedAt + expires * 1000) {
    throw new Refusal(403, 'AccessDenied', 'Request has expired', {
      'X-Amz-Expires': String(expires),
      Expires: new Date(signedAt + expires * 1000).toISOString(),
      ServerTime: new Date(now).toISOString(),
    });
  }
  return credential;
}

function fromScope(scope: string, refuse: (message: string) => Refusal): { credential: Credential; day: string } {
  // Access keys may hold slashes; the rest of the scope can't.
  const parts = scope.split('/');
  const [day = '', region = '', service = '', end] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join('/');
  if (accessKeyId === '' || !/^\d{8}$/.test(day) || region === '' || service === '' || end !== 'aws4_request') {
    throw refuse('The Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".');
  }
  return { credential: { accessKeyId, region, service }, day };
}

function timeOf(date: string | undefined): number | undefined {
  const match = DATE.exec(date ?? '');
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function isoDate(httpDate: string | undefined): string | undefined {
  const time = Date.parse(httpDate ?? '');
  return Number.isNaN(time) ? undefined : `${new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')}`;
}

const malformed = (message: string) => new Refusal(400, 'AuthorizationHeaderMalformed', message);
const malformedQuery = (message: string) => new Refusal(400, 'AuthorizationQueryParametersError', message);
