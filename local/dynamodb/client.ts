/** The emulator's API in its own JSON, without the SDK: event records carry attribute values exactly as they are on the wire. */
import { Agent, type IncomingMessage, request } from 'node:http';

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

export interface DynamoDbClient {
  readonly agent: Agent;
  readonly endpoint: URL;
  call<T = Record<string, unknown>>(action: string, input: unknown): Promise<T>;
  streams<T = Record<string, unknown>>(action: string, input: unknown): Promise<T>;
  close(): void;
}

export function dynamoDbClient(endpoint: string): DynamoDbClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const url = new URL(endpoint);
  const send = async <T>(target: string, input: unknown): Promise<T> => {
    const body = Buffer.from(JSON.stringify(input));
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': String(body.length),
      'x-amz-target': target,
      authorization: AUTHORIZATION,
    };
    const answer = await exchange(agent, url, headers, body);
    const text = (await collect(answer)).toString('utf8');
    if (answer.statusCode === 200) return JSON.parse(text) as T;
    throw refusal(answer.statusCode ?? 0, text);
  };
  return {
    agent,
    endpoint: url,
    call: (action, input) => send(`${API}.${action}`, input),
    streams: (action, input) => send(`${STREAMS_API}.${action}`, input),
    close: () => agent.destroy(),
  };
}

/** One POST to the emulator; resolves with the answer's head, its body still to be read. */
export function exchange(
  agent: Agent,
  endpoint: URL,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = endpoint;
    request({ agent, hostname, port, method: 'POST', path: '/', headers }, resolve).on('error', reject).end(body);
  });
}

export async function collect(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function refusal(status: number, text: string): DynamoDbError {
  try {
    const { __type = 'Unknown', message, Message } = JSON.parse(text) as Record<string, string>;
    return new DynamoDbError(__type.split('#').at(-1) ?? __type, status, message ?? Message ?? '');
  } catch {
    return new DynamoDbError('Unknown', status, 'the answer is not JSON');
  }
}
