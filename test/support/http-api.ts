/** The recording functions of `Api` behind HTTP, for commands: what they send is judged by the real code. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Api } from './api.ts';

export interface HttpApi {
  readonly url: URL;
  /** How many requests recorded or repeated something, or were refused. */
  readonly asked: () => number;
  /** After so many more requests whoever asks is told to go away, as if it were killed; what the last one recorded stays. */
  readonly breakAfter: (requests: number) => void;
  readonly stop: () => Promise<void>;
}

export async function serveApi(api: Api, { strict = false } = {}): Promise<HttpApi> {
  let asked = 0;
  let left = Number.POSITIVE_INFINITY;
  const server = createServer(async (message, response) => {
    if (message.url === '/v1/catalog') {
      response.end(JSON.stringify({ strict, categories: [], actions: [] }));
      return;
    }
    const { authorization, 'idempotency-key': key } = message.headers;
    asked++;
    if (left <= 0) {
      end(response);
      return;
    }
    left--;
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': String(key),
      authorization: `${authorization}`,
    };
    const answer = await api.post(await bodyOf(message), { headers });
    if (left === 0) end(response);
    else response.writeHead(answer.status, answer.headers as Record<string, string>).end(answer.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    asked: () => asked,
    breakAfter: (requests) => {
      left = requests;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** No command asks again after this. */
function end(response: ServerResponse): void {
  response.writeHead(401).end('{"message":"Unauthorized"}');
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
