// Stands before DynamoDB and breaks requests as networks do.
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const HTTP_FAULTS = [
  /** The connection breaks before the service has seen the request. */
  'reset-before',
  /** The service has done it, and the connection breaks. */
  'reset-after',
  /** The service has done it, and the answer says that it failed. */
  'error-after',
  /** The service has done it, and the answer never comes. */
  'silence-after',
  /** The service has done it, and the answer is cut off. */
  'garbled-after',
  /** The service refuses for load. */
  'throttled',
] as const;
type HttpFault = (typeof HTTP_FAULTS)[number];

/** The service has done half of a batch, and gives the rest back. */
type BatchFault = 'half';

export interface FaultyHttp {
  readonly endpoint: string;
  /** What happens to the next writes, in order. */
  readonly faults: (HttpFault | BatchFault | 'none')[];
  /** Writes that came in, retries of the SDK included. */
  writes: number;
  stop(): Promise<void>;
}

const WRITES = /\.(BatchWriteItem|PutItem|TransactWriteItems)$/;
const THROTTLED = 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException';

/** Stands before DynamoDB and breaks writes as networks do: what was done and what was answered come apart. */
export async function startFaultyHttp(target: string): Promise<FaultyHttp> {
  const faults: FaultyHttp['faults'] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const isWrite = WRITES.test(String(request.headers['x-amz-target']));
    if (isWrite) proxy.writes += 1;
    const fault = (isWrite ? faults.shift() : undefined) ?? 'none';
    if (fault === 'reset-before') return response.destroy();
    if (fault === 'throttled') return answer(response, 400, JSON.stringify({ __type: THROTTLED }));
    if (fault === 'half') return answer(response, 200, await half(target, request, body));
    const done = await forward(target, request, body);
    if (fault === 'none') return answer(response, done.status, done.body);
    if (fault === 'reset-after') return response.destroy();
    if (fault === 'error-after') return answer(response, 500, '{"__type":"InternalServerError"}');
    if (fault === 'garbled-after') return answer(response, 200, '{"Attributes":{"chain');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultyHttp = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    writes: 0,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}

async function half(target: string, request: IncomingMessage, body: Buffer): Promise<string> {
  const { RequestItems, ...rest } = JSON.parse(body.toString()) as { RequestItems: Record<string, unknown[]> };
  const [[table, requests]] = Object.entries(RequestItems) as [[string, unknown[]]];
  const middle = Math.floor(requests.length / 2);
  const [done, left] = [requests.slice(0, middle), requests.slice(middle)];
  const fewer = Buffer.from(JSON.stringify({ ...rest, RequestItems: { [table]: done } }));
  if (done.length > 0) await forward(target, request, fewer);
  return JSON.stringify({ UnprocessedItems: { [table]: left } });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, body: Buffer | string): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
}

function forward(target: string, request: IncomingMessage, body: Buffer): Promise<{ status: number; body: Buffer }> {
  const { method, headers, url } = request;
  return new Promise((resolve, reject) => {
    const out = httpRequest(
      new URL(url ?? '/', target),
      { method: method ?? 'POST', headers: { ...headers, 'content-length': body.length } },
      async (back) => {
        resolve({ status: back.statusCode ?? 0, body: await bodyOf(back) });
      },
    );
    out.on('error', reject).end(body);
  });
}
