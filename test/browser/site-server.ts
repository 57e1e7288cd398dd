/** The function `site` behind a listener of its own, for tests of pages that ask nothing else of the API. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { http } from '../../functions/api/shared/http.ts';
import { serveSite } from '../../functions/api/site/site.ts';
import { request } from '../unit/functions/requests.ts';

export interface SiteServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** `files`: as `prepareSite` or `siteFiles` make them. */
export async function serveFiles(files: ReadonlyMap<string, Uint8Array>): Promise<SiteServer> {
  const folder = mkdtempSync(join(tmpdir(), 'indelible-site-'));
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  const handler = http('site', serveSite(folder));
  const server = createServer(async (incoming, response) => {
    const { pathname } = new URL(incoming.url ?? '/', 'http://site');
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const event = { ...request({ headers }), rawPath: pathname, routeKey: `GET ${pathname}` };
    const answer = await handler(event, {} as never);
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, String(value));
    response.statusCode = answer.statusCode ?? 500;
    response.end(Buffer.from(answer.body ?? '', answer.isBase64Encoded === true ? 'base64' : 'utf8'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
