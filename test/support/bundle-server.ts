// A whole deployment over HTTP that makes bundles, and hands out their files as S3 does.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { API_OPERATIONS } from '../../functions/api/operations/operations.ts';
import type { PATHS } from '../../names/api.ts';
import { PATHS as ROUTES } from '../../names/api.ts';
import { routeOf } from './evidence-server.ts';
import type { Routes } from './routes.ts';

const WHO = { tenant: 'acme', role: 'compliance', subject: 'me' };

export interface BundleServer {
  readonly url: string;
  /** Every request, in the order in which they came: method and route, or the range of a file. */
  readonly asked: string[];
  /** Bytes of each of the next answers of files after which the connection is cut. */
  readonly cuts: number[];
  /** What a look at a bundle does before it is answered; makes the bundle unless it is set. */
  onLook: (id: string) => Promise<unknown>;
  close(): void;
}

/** Answers on a port of this machine until it is closed. */
export async function serveBundlesOverHttp(routes: Routes): Promise<BundleServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://host');
    if (pathname.startsWith('/files/')) return void file(pathname, request, response);
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  routes.bundles.origin = `${url}/files`;

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url!, 'http://host');
    const route = routeOf(pathname)!;
    const { method } = request;
    served.asked.push(`${method} ${route.name}`);
    if (route.name === 'bundle') await served.onLook(route.path.id!);
    const operation = API_OPERATIONS.find((one) => one.method === method && one.path === pathOf(route.name))!;
    const body = method === 'POST' ? await text(request) : undefined;
    const key = request.headers['idempotency-key'];
    const { status, headers, bytes } = await routes.ask(operation.name, WHO, {
      ...{ path: route.path, query: Object.fromEntries(searchParams) },
      ...(body === undefined ? {} : { text: body }),
      headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': String(key) }) },
    });
    response.writeHead(status, { 'content-type': String(headers['content-type']) }).end(bytes);
  }

  function file(pathname: string, { headers }: IncomingMessage, response: ServerResponse) {
    const [, , tenant, name] = pathname.split('/');
    const bytes = routes.bundles.objects.get(`${tenant}/${name!.replace('.zip', '')}/`)!;
    const etag = `"${bytes.length}"`;
    const range = /^bytes=(\d+)-$/.exec(headers.range ?? '');
    served.asked.push(`file ${headers.range ?? 'whole'}`);
    if (headers['if-match'] !== undefined && headers['if-match'] !== etag) return response.writeHead(412).end();
    const part = bytes.subarray(Number(range?.[1] ?? 0));
    const cut = served.cuts.shift();
    response.writeHead(range === null ? 200 : 206, { 'content-length': part.length, etag });
    if (cut === undefined) return response.end(part);
    response.write(part.subarray(0, cut));
    return setTimeout(() => response.destroy(), 20);
  }

  const served: BundleServer = {
    ...{ url, asked: [], cuts: [], onLook: (id) => routes.bundled(WHO.tenant, id) },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return served;
}

const pathOf = (name: keyof typeof PATHS): string => ROUTES[name];
