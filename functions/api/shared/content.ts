// Answers of bytes, compressed where the client takes it.
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { HttpEvent, HttpResponse } from './http.ts';

type Headers = Readonly<Record<string, string>>;

/** What is smaller gains nothing. */
const WORTH_COMPRESSING_BYTES = 1_024;

const compress = promisify(gzip);

/** Bytes as they are; API Gateway wants them in base64 and hands them on without. */
export function binary(contentType: string, bytes: Uint8Array, headers: Headers): HttpResponse {
  return {
    statusCode: 200,
    headers: { 'content-type': contentType, ...headers },
    body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
    isBase64Encoded: true,
  };
}

/** As `binary`, in gzip for a client that takes it; the level is zlib's. */
export async function compressible(
  event: HttpEvent,
  contentType: string,
  bytes: Uint8Array,
  headers: Headers,
  level: number = constants.Z_DEFAULT_COMPRESSION,
): Promise<HttpResponse> {
  const varying = { ...headers, vary: 'accept-encoding' };
  if (bytes.length < WORTH_COMPRESSING_BYTES || !takes(event, 'gzip')) return binary(contentType, bytes, varying);
  return binary(contentType, await compress(bytes, { level }), { ...varying, 'content-encoding': 'gzip' });
}

/** RFC 9110, section 12.5.3, as far as it matters here: the coding is listed and not refused. */
export function takes(event: HttpEvent, coding: 'br' | 'gzip'): boolean {
  const listed = (event.headers?.['accept-encoding'] ?? '').toLowerCase().split(',');
  return listed.some((one) => {
    const [name = '', ...weights] = one.split(';').map((part) => part.trim());
    return name === coding && !weights.some((weight) => /^q=0(?:\.0*)?$/.test(weight));
  });
}
