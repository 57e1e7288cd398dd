// The functions of evidence over HTTP, as the command asks them.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PATHS } from '../../names/api.ts';
import type { Serving } from './serving.ts';

type RouteName = keyof typeof PATHS;

export interface Asked {
  readonly name: RouteName;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** What happens to a request in place of an answer: a status without a body, or an answer of which the end is missing. */
export type Disturbance = number | 'cut-short' | undefined;

export interface EvidenceServer {
  readonly url: string;
  /** In the order in which they came. */
  readonly asked: Asked[];
  /** The most that were under way at the same time, of one route. */
  most(name: RouteName): number;
  close(): void;
}

/** Answers on a port of this machine until it is closed. */
export async function serveEvidenceOverHttp(
  serving: () => Serving,
  disturb: (asked: Asked) => Disturbance = () => undefined,
): Promise<EvidenceServer> {
  const asked: Asked[] = [];
  const underWay = new Map<RouteName, number>();
  const most = new Map<RouteName, number>();
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://host');
    const route = routeOf(pathname);
    // As a deployment before there were bundles by job.
    if (route === undefined || route.name === 'bundles') return response.writeHead(404).end('{}');
    const one = { ...route, query: Object.fromEntries(searchParams) };
    asked.push(one);
    const now = (underWay.get(one.name) ?? 0) + 1;
    underWay.set(one.name, now);
    most.set(one.name, Math.max(now, most.get(one.name) ?? 0));
    response.on('close', () => underWay.set(one.name, underWay.get(one.name)! - 1));
    const disturbance = disturb(one);
    if (typeof disturbance === 'number') return response.writeHead(disturbance).end('{}');
    const { status, headers, bytes } = await serving().get(one.name, {
      ...{ path: one.path, query: one.query },
      headers: { 'accept-encoding': String(request.headers['accept-encoding'] ?? '') },
    });
    if (disturbance === 'cut-short') {
      response.writeHead(200, { 'content-length': bytes.length + 10 });
      response.write(bytes);
      return setTimeout(() => response.destroy(), 5);
    }
    const kept = ['x-next', 'x-positions'].flatMap((name) =>
      headers[name] === undefined ? [] : [[name, headers[name]]],
    );
    return response.writeHead(status, Object.fromEntries(kept)).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    most: (name) => most.get(name) ?? 0,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** `chain`, `proxy` and so on of a path, under the name of the route that has it. */
export function routeOf(path: string): Omit<Asked, 'query'> | undefined {
  for (const [name, template] of Object.entries(PATHS)) {
    const pattern = template.replace('{proxy+}', '(?<proxy>.+)').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = new RegExp(`^${pattern}$`).exec(path);
    if (match !== null) return { name: name as RouteName, path: { ...match.groups } };
  }
  return undefined;
}
