// The functions that serve evidence, behind a port of this machine.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PATHS } from '../../../names/api.ts';
import type { Serving } from '../../support/serving.ts';

type Path = keyof typeof PATHS;

const ROUTES = Object.entries(PATHS).map(([name, template]) => {
  const pattern = template.replace('{proxy+}', '(?<proxy>.+)').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return { name: name as Path, pattern: new RegExp(`^${pattern}$`) };
});

/** The functions that serve evidence, behind a port of this machine: what `indelible export` talks to. */
export class LocalApi {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  static async open(serving: Serving): Promise<LocalApi> {
    const server = createServer(async (request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://host');
      const route = ROUTES.find(({ pattern }) => pattern.test(pathname));
      if (route === undefined) return response.writeHead(404).end();
      const path = route.pattern.exec(pathname)!.groups ?? {};
      const answer = await serving.get(route.name, { path, query: Object.fromEntries(searchParams) });
      const next = answer.headers['x-next'];
      return response.writeHead(answer.status, next === undefined ? {} : { 'x-next': String(next) }).end(answer.bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new LocalApi(server);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
