/**
 * The bytes that a request carries: whole with their SHA-256 in x-amz-content-sha256, unsigned, or in `aws-chunked` encoding
 * with or without trailers. Chunk signatures are read over, as signatures are nowhere computed here; lengths and checksums are.
 */
import { createHash } from 'node:crypto';
import { Refusal } from '../aws/refusal.ts';
import type { AwsRequest } from '../aws/service.ts';

export interface Payload {
  readonly bytes: Buffer;
  /** Checksums that came after the bytes; names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

const STREAMING = [
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
];

export function readPayload({ headers, query, body }: AwsRequest): Payload {
  const presigned = query.has('X-Amz-Signature');
  const hash =
    headers['x-amz-content-sha256'] ??
    (presigned || headers.authorization === undefined ? 'UNSIGNED-PAYLOAD' : undefined);
  if (hash === undefined) {
    throw new Refusal(400, 'InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  if (STREAMING.includes(hash)) return readChunks(body, headers, hash.endsWith('-TRAILER'));
  if (hash === 'UNSIGNED-PAYLOAD') return { bytes: body, trailers: {} };
  if (!/^[0-9a-f]{64}$/.test(hash)) {
    throw new Refusal(
      400,
      'InvalidArgument',
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING- value, or a valid sha256 value.',
    );
  }
  const computed = createHash('sha256').update(body).digest('hex');
  if (computed !== hash) {
    throw new Refusal(
      400,
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      {
        ClientComputedContentSHA256: hash,
        S3ComputedContentSHA256: computed,
      },
    );
  }
  return { bytes: body, trailers: {} };
}

const incomplete = () => new Refusal(400, 'IncompleteBody', 'The request body terminated unexpectedly');
const malformed = () =>
  new Refusal(400, 'MalformedTrailerError', 'The request contained trailing data that was not well-formed.');

function readChunks(body: Buffer, headers: Readonly<Record<string, string>>, withTrailers: boolean): Payload {
  const announced = headers['x-amz-decoded-content-length'];
  if (announced === undefined || !/^\d+$/.test(announced)) {
    throw new Refusal(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  const pieces: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    if (end < 0) throw incomplete();
    const match = /^([0-9a-f]{1,8})(?:;chunk-signature=[0-9a-f]{64})?$/i.exec(body.toString('latin1', at, end));
    if (!match) throw incomplete();
    const size = Number.parseInt(match[1]!, 16);
    at = end + 2;
    if (size === 0) break;
    if (body.length < at + size + 2 || body.toString('latin1', at + size, at + size + 2) !== '\r\n') throw incomplete();
    pieces.push(body.subarray(at, at + size));
    at += size + 2;
  }
  const bytes = Buffer.concat(pieces);
  if (bytes.length !== Number(announced)) throw incomplete();
  return { bytes, trailers: readTrailers(body.toString('latin1', at), headers['x-amz-trailer'], withTrailers) };
}

function readTrailers(text: string, announced: string | undefined, allowed: boolean): Record<string, string> {
  const names = (announced ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const trailers: Record<string, string> = {};
  for (const line of text.split('\r\n').filter((part) => part !== '')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon < 1 || !allowed) throw malformed();
    if (name === 'x-amz-trailer-signature') continue;
    if (!names.includes(name)) throw malformed();
    trailers[name] = line.slice(colon + 1).trim();
  }
  if (allowed && names.some((name) => trailers[name] === undefined)) throw malformed();
  return trailers;
}
