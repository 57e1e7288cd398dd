/** The emulator's API in its own JSON, without the SDK: event records carry attribute values exactly as they are on the wire. */
import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

/** The emulator refuses unsigned requests, and with -sharedDb ignores who signed. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

const API = 'DynamoDB_20120810';
const STREAMS_API = 'DynamoDBStreams_20120810';

/** An error that DynamoDB answered; `code` is the exception's name without its namespace. */
export class DynamoDbError extends Error {
  override readonly name = 'DynamoDbError';
  readonly code: string;
  readonly status: number;
  constructor(code: string, status: number, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
    this.status = status;
  }
}

/** An answer of the emulator, read to its end, so that no reader who leaves can hold its connection. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface DynamoDbClient {
  call<T = Record<string, unknown>>(action: string, input: unknown): Promise<T>;
  streams<T = Record<string, unknown>>(action: string, input: unknown): Promise<T>;
}

/** Sends one request to the emulator. `operation` is its name without the API's. */
export type Send = (operation: string, headers: Readonly<Record<string, string>>, body: Buffer) => Promise<Answer>;

export function dynamoDbClient(send: Send): DynamoDbClient {
  const ask = async <T>(api: string, operation: string, input: unknown): Promise<T> => {
    const body = Buffer.from(JSON.stringify(input));
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': String(body.length),
      'x-amz-target': `${api}.${operation}`,
      authorization: AUTHORIZATION,
    };
    const answer = await send(operation, headers, body);
    const text = answer.body.toString('utf8');
    if (answer.status === 200) return JSON.parse(text) as T;
    throw refusal(answer.status, text);
  };
  return {
    call: (action, input) => ask(API, action, input),
    streams: (action, input) => ask(STREAMS_API, action, input),
  };
}

/** One POST to the emulator. */
export function exchange(
  agent: Agent,
  endpoint: URL,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = endpoint;
    const asked = request({ agent, hostname, port, method: 'POST', path: '/', headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: Buffer.concat(chunks) });
      });
    });
    asked.once('error', reject).end(body);
  });
}

function refusal(status: number, text: string): DynamoDbError {
  try {
    const { __type = 'Unknown', message, Message } = JSON.parse(text) as Record<string, string>;
    return new DynamoDbError(__type.split('#').at(-1) ?? __type, status, message ?? Message ?? '');
  } catch {
    return new DynamoDbError('Unknown', status, 'the answer is not JSON');
  }
}
