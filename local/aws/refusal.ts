/** Refusals in the form of each wire protocol: S3's XML, JSON 1.0 and 1.1 with `__type`, and the query protocol's XML. */
import type { AwsRequest, AwsResponse } from './service.ts';
import { xml } from './xml.ts';

/** A request that is refused, by its AWS error code. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  /** Further elements or members of the error, such as `Key` or `ArgumentName`. */
  readonly details: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    code: string,
    message: string,
    details: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

export function notImplemented(operation: string): Refusal {
  return new Refusal(501, 'NotImplemented', `The local runtime does not implement ${operation}.`);
}

type Asked = Pick<AwsRequest, 'service' | 'method' | 'path' | 'headers'>;

export function renderRefusal(request: Asked, refusal: Refusal, requestId: string): AwsResponse {
  if (request.service === 's3') return s3Refusal(request, refusal, requestId);
  if (request.headers['x-amz-target'] !== undefined) return jsonRefusal(request, refusal);
  return queryRefusal(refusal, requestId);
}

function s3Refusal(request: Asked, refusal: Refusal, requestId: string): AwsResponse {
  const body = Buffer.from(
    xml('Error', {
      Code: refusal.code,
      Message: refusal.message,
      ...refusal.details,
      Resource: decoded(request.path),
      RequestId: requestId,
      HostId: 'local',
    }),
  );
  // An answer to HEAD has no body, and 304 none ever.
  const bare = request.method === 'HEAD' || refusal.status === 304;
  const headers = { ...refusal.headers, ...(bare ? {} : { 'content-type': 'application/xml' }) };
  return { status: refusal.status, headers, body: bare ? Buffer.alloc(0) : body };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** `aws.json-1.0` and 1.1 differ in the content type only, which is the request's. */
function jsonRefusal(request: Asked, refusal: Refusal): AwsResponse {
  const type = request.headers['content-type'] ?? 'application/x-amz-json-1.0';
  const body = Buffer.from(JSON.stringify({ __type: refusal.code, message: refusal.message, ...refusal.details }));
  return { status: refusal.status, headers: { ...refusal.headers, 'content-type': type }, body };
}

function queryRefusal(refusal: Refusal, requestId: string): AwsResponse {
  const type = refusal.status < 500 ? 'Sender' : 'Receiver';
  const error = { Type: type, Code: refusal.code, Message: refusal.message };
  const body = Buffer.from(xml('ErrorResponse', { Error: error, RequestId: requestId }));
  return { status: refusal.status, headers: { ...refusal.headers, 'content-type': 'text/xml' }, body };
}
