// How the command `export` asks a deployment: in runs and parts, several at a time, and an older one too.
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { EXIT } from '../../../cli/exit.ts';
import { ApiClient } from '../../../cli/export/client.ts';
import { exportTo } from '../../../cli/export/command.ts';
import { ApiSource } from '../../../cli/export/source.ts';
import { unpacked, verifyBytes } from '../../support/bundling.ts';
import { type Disturbance, type EvidenceServer, serveEvidenceOverHttp } from '../../support/evidence-server.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';
import { entriesOf, Serving } from '../../support/serving.ts';

const CATEGORIES = ['payment', 'security', 'debug'];

let folder = '';
let deployment: Deployment;
let server: EvidenceServer | undefined;

/** Three days of 1,500 entries in three categories in turn, and six windows of the archive; in parts of one window each. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-source-'));
  deployment = new Deployment({ archiveLimits: { windowEntries: 750 } });
  for (let day = 0; day < 3; day++) {
    for (let window = 0; window < 2; window++) {
      const block = (count: number) => Array.from({ length: count }, (_, i) => deployment.some(CATEGORIES[i % 3]!)[0]!);
      await deployment.record('acme#0', block(300), block(300), block(150));
    }
    await deployment.seal();
    deployment.pass(DAY_MS);
  }
});

afterEach(close);

let client: ApiClient | undefined;

function close(): void {
  client?.close();
  server?.close();
}

async function opened(serving: Serving, disturb?: Asking['disturb']): Promise<ApiSource> {
  close();
  server = await serveEvidenceOverHttp(() => serving, disturb);
  client = new ApiClient(new URL(server.url), 't', 1);
  return ApiSource.open(client);
}

interface Asking {
  readonly disturb?: Parameters<typeof serveEvidenceOverHttp>[1];
  /** Of how many positions each part is, instead of megabytes. */
  readonly part?: number;
}

let made = 0;

async function exported({ disturb, part }: Asking = {}): Promise<Buffer> {
  const source = await opened(new Serving(deployment), disturb);
  const bodies = source.bodies.bind(source);
  if (part !== undefined) {
    source.bodies = (chain, from, through) => {
      const cuts = Array.from({ length: Math.floor((through - from) / part) }, (_, i) => from + (i + 1) * part);
      return bodies(chain, from, through, cuts);
    };
  }
  const path = join(folder, `${made++}.zip`);
  await exportTo(source, path, {});
  return readFile(path);
}

/** All but what says when it was made. */
async function contents(bundle: Buffer): Promise<Map<string, string>> {
  const files = [...(await unpacked(bundle))].filter(([path]) => path !== 'bundle.json');
  return new Map(files.map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]));
}

const asked = (name: string) => server!.asked.filter((one) => one.name === name);

test('tiles are asked for in runs, and a tile that is alone on its level by itself', async () => {
  const bundle = await exported();
  expect((await verifyBytes(bundle)).verdict).toBe('intact');
  expect(asked('chainTiles')).toMatchObject([{ path: { level: '0' }, query: { from: '0', count: '18' } }]);
  expect(asked('chainTile')).toMatchObject([{ path: { proxy: '1/000.p/17' } }]);
});

test('a deployment that has no route for runs is asked for each tile, and the bundle is the same', async () => {
  const want = await contents(await exported());
  const disturb = ({ name }: { name: string }): Disturbance => (name === 'chainTiles' ? 404 : undefined);
  const bundle = await exported({ disturb });
  expect(await contents(bundle)).toEqual(want);
  expect(asked('chainTile')).toHaveLength(19);
  expect((await verifyBytes(bundle)).verdict).toBe('intact');
});

test('a seal that is published while tiles are asked for changes nothing of the bundle', async () => {
  const want = await contents(await exported());
  let sealedMeanwhile = false;
  const source = await opened(new Serving(deployment));
  const tiles = source.tiles.bind(source);
  source.tiles = async (chain, run) => {
    if (!sealedMeanwhile) {
      sealedMeanwhile = true;
      await deployment.record('acme#0', deployment.some('payment', 400));
      await deployment.seal();
      deployment.pass(DAY_MS);
    }
    return tiles(chain, run);
  };
  const path = join(folder, 'meanwhile.zip');
  await exportTo(source, path, {});
  expect(sealedMeanwhile).toBe(true);
  expect(await contents(await readFile(path))).toEqual(want);
});

test('bodies are asked for in parts, some at a time, and written in order', async () => {
  const want = await contents(await exported());
  const bundle = await exported({ part: 500 });
  expect(await contents(bundle)).toEqual(want);
  const parts = asked('bodies').map(({ query }) => [Number(query.from), Number(query.through)]);
  expect(parts.toSorted(([a], [b]) => a! - b!)).toEqual(
    Array.from({ length: Math.ceil(sealedSize() / 500) }, (_, i) => [i * 500, Math.min(sealedSize(), (i + 1) * 500)]),
  );
  expect(server!.most('bodies')).toBeGreaterThan(1);
  expect(server!.most('bodies')).toBeLessThanOrEqual(4);
});

test('parts that are answered in several pages, or late, are in order too', async () => {
  const want = await contents(await exported());
  let count = 0;
  // Every third answer is "later", so that parts overtake each other.
  const disturb = ({ name }: { name: string }): Disturbance =>
    name === 'bodies' && ++count % 3 === 1 ? 503 : undefined;
  expect(await contents(await exported({ part: 211, disturb }))).toEqual(want);
});

test('a part that fails for good ends the export, and no file is left of it', async () => {
  const disturb = ({ name, query }: { name: string; query: Readonly<Record<string, string>> }): Disturbance =>
    name === 'bodies' && query.from === '1000' ? 403 : undefined;
  await expect(exported({ part: 500, disturb })).rejects.toMatchObject({ exitCode: EXIT.unreachable });
  await expect(readFile(join(folder, `${made - 1}.zip`))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('entries that are sealed and not found are no hole in silence: the export ends and says which', async () => {
  const disturb = ({ name, query }: { name: string; query: Readonly<Record<string, string>> }): Disturbance =>
    name === 'bodies' && query.from === '1000' ? 404 : undefined;
  await expect(exported({ part: 500, disturb })).rejects.toMatchObject({
    exitCode: EXIT.refused,
    message: expect.stringContaining('the entries of chain 0 from position 1000 to 1499'),
  });
  await expect(readFile(join(folder, `${made - 1}.zip`))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('an answer that leads nowhere is refused', async () => {
  const serving = new Serving(deployment);
  const looping = Object.create(serving) as Serving;
  looping.get = async (path, ask) => {
    const answer = await serving.get(path, ask);
    return path === 'bodies' ? { ...answer, headers: { ...answer.headers, 'x-next': '0' } } : answer;
  };
  const source = await opened(looping);
  await expect(exportTo(source, join(folder, 'loop.zip'), {})).rejects.toThrow("x-next is '0' after 0");
});

test('a client that is closed asks for nothing again', async () => {
  await opened(new Serving(deployment), ({ name }) => (name === 'bodies' ? 503 : undefined));
  const waiting = new ApiClient(new URL(server!.url), 't', 600_000);
  const pending = waiting.get('/v1/chains/0/bodies');
  const failed = expect(pending).rejects.toMatchObject({ name: 'AbortError' });
  while (asked('bodies').length === 0) await new Promise((resolve) => setImmediate(resolve));
  waiting.close();
  await failed;
  expect(asked('bodies')).toHaveLength(1);
});

const sealedSize = () => entriesOf(deployment, 'acme#0').length;
