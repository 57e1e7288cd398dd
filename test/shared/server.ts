/** What all suites of a run share, in Jest's own process: each thing starts when the first suite asks for it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** By this variable suites, in whichever process, find the server. */
export const SHARED_ENV = 'INDELIBLE_TEST_SHARED';

/** What a suite is told as JSON, and how it ends. */
export interface Shared {
  readonly told: object;
  stop(): Promise<void>;
}

export type Starters = Readonly<Record<string, () => Promise<Shared>>>;

export interface SharedServer {
  readonly url: string;
  /** Ends everything that was started, whatever fails, and then throws the first failure. */
  stop(): Promise<void>;
}

/** `GET /<name>` starts the thing once and answers what it tells; 500 with a sentence when it can't be started. */
export async function serveShared(starters: Starters): Promise<SharedServer> {
  const started = new Map<string, Promise<Shared>>();
  const server = createServer(({ url = '/' }, response) => {
    const name = url.slice(1);
    const start = Object.hasOwn(starters, name) ? starters[name] : undefined;
    if (start === undefined) {
      response.writeHead(404).end(`Nothing shared is called ${name}.`);
      return;
    }
    const running = started.get(name) ?? start();
    started.set(name, running);
    running.then(
      ({ told }) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  return { url: await listen(server), stop: () => stopAll(server, started) };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // Jest may end by itself while a suite that died has a request open.
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function stopAll(server: Server, started: ReadonlyMap<string, Promise<Shared>>): Promise<void> {
  server.close();
  server.closeAllConnections();
  const running = await Promise.allSettled(started.values());
  // What never started has told the suites that asked.
  const things = running.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const ended = await Promise.allSettled(things.map((thing) => thing.stop()));
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}
