/** A request as API Gateway takes it off the wire, with the gateway's own limits. */
import type { IncomingMessage } from 'node:http';

/** "Quotas for configuring and running an HTTP API": payload 10 MB, request line and header values 10,240 bytes. */
const PAYLOAD_BYTES = 10 * 1024 * 1024;
const HEADER_BYTES = 10_240;

export interface GatewayRequest {
  readonly method: string;
  /** Decoded, cut at a decoded `?`, as HTTP APIs give it to integrations. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly rawQuery: string;
  readonly protocol: string;
  /** Lower-case names, repeated values joined with commas; without cookies. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly host: string;
}

/** Refused by the gateway itself; no integration sees the request. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** For the log, not for the client. */
  readonly reason: string | undefined;
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}, reason?: string) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.reason = reason;
  }
}

/** Headers between two hops, which say nothing about the request itself (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export async function readRequest(message: IncomingMessage, port: number): Promise<GatewayRequest> {
  const target = message.url ?? '/';
  const question = target.indexOf('?');
  const encodedPath = question < 0 ? target : target.slice(0, question);
  const segments = encodedPath.slice(1).split('/').map(decode);
  refuseLargeHead(message);
  const body = await readBody(message);
  const sourceIp = message.socket.remoteAddress ?? '127.0.0.1';
  const { headers, cookies } = headersOf(message, body, sourceIp, port);
  return {
    method: message.method ?? 'GET',
    path: `/${segments.join('/')}`.split('?', 1)[0] ?? '/',
    segments,
    rawQuery: question < 0 ? '' : target.slice(question + 1),
    protocol: `HTTP/${message.httpVersion}`,
    headers,
    cookies,
    body,
    sourceIp,
    host: headers.host ?? '',
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new GatewayError(400, 'Bad Request');
  }
}

function refuseLargeHead(message: IncomingMessage): void {
  const line = `${message.method} ${message.url} HTTP/${message.httpVersion}`;
  const values = message.rawHeaders.filter((_, index) => index % 2 === 1);
  const size = values.reduce((sum, value) => sum + value.length, line.length);
  if (size > HEADER_BYTES) throw new GatewayError(431, 'Request Header Fields Too Large');
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  if (Number(message.headers['content-length'] ?? 0) > PAYLOAD_BYTES)
    throw new GatewayError(413, 'Request Entity Too Large');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > PAYLOAD_BYTES) throw new GatewayError(413, 'Request Entity Too Large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function headersOf(message: IncomingMessage, body: Buffer, sourceIp: string, port: number) {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (const [name, values = []] of Object.entries(message.headersDistinct)) {
    if (HOP_BY_HOP.has(name)) continue;
    if (name === 'cookie')
      cookies.push(...values.flatMap((value) => value.split(/;\s*/)).filter((value) => value !== ''));
    else headers[name] = values.join(',');
  }
  if (body.length > 0) headers['content-length'] = String(body.length);
  const forwarded = headers['x-forwarded-for'];
  headers['x-forwarded-for'] = forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`;
  headers['x-forwarded-port'] = String(port);
  headers['x-forwarded-proto'] = 'http';
  return { headers, cookies };
}
