// GET of bodies.
import { describe, expect, test } from '@jest/globals';
import { listKey } from '../../../names/log.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';
import { entriesOf, Serving, sealed } from '../../support/serving.ts';
import { bodiesOf, text } from './bodies.ts';

async function everything(serving: Serving, chain: number, query: Record<string, number> = {}) {
  const found = new Map<number, string>();
  let pages = 0;
  for (let from: number | undefined = query.from ?? 0; from !== undefined; pages++) {
    const answer = await serving.get('bodies', { path: { chain }, query: { ...query, from } });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
    for (const [position, body] of bodiesOf(answer)) found.set(position, body);
    from = answer.headers['x-next'] === undefined ? undefined : Number(answer.headers['x-next']);
  }
  return { found, pages };
}

/** Segments of these categories are removed, as expiry does; their lock is over. */
async function expire(deployment: Deployment, ...categories: string[]): Promise<number> {
  deployment.now += 400 * 366 * DAY_MS;
  const keys = deployment.store.keys('entries/').filter((key) => categories.some((one) => key.includes(`=${one}/`)));
  for (const key of keys) deployment.store.deleteVersion(key, deployment.store.object(key).version);
  return keys.length;
}

describe('GET /v1/chains/{chain}/bodies', () => {
  test('gives every sealed entry byte for byte, in order, and nothing that is not sealed', async () => {
    const deployment = await sealed(4);
    await deployment.record('acme#0', deployment.some('payment', 3));
    const { found } = await everything(new Serving(deployment), 0);
    const entries = entriesOf(deployment, 'acme#0');
    expect([entries.length, found.size]).toEqual([27, 24]);
    expect([...found]).toEqual(entries.slice(0, 24).map((bytes, position) => [position, text(bytes)]));
  });

  test.each([
    [0, 24],
    [5, 7],
    [23, 24],
    [11, 12],
    [6, 18],
    [0, 999],
    [24, 30],
    [7, 7],
    [9, 3],
  ])('gives those from %i to before %i', async (from, through) => {
    const deployment = await sealed(4);
    const answer = await new Serving(deployment).get('bodies', { path: { chain: 0 }, query: { from, through } });
    const want = entriesOf(deployment, 'acme#0').slice(from, Math.min(24, Math.max(from, through)));
    expect([...bodiesOf(answer)]).toEqual(want.map((bytes, i) => [from + i, text(bytes)]));
    expect(answer.headers['x-next']).toBeUndefined();
  });

  test('positions of a segment that two seals share are given once', async () => {
    const deployment = new Deployment({ stepEntries: 4 });
    const batch = () => [...deployment.some('payment', 3), ...deployment.some('security', 2)];
    await deployment.record('acme#0', batch());
    deployment.append('acme#0', batch());
    const planned = await deployment.plan();
    if ('nothing' in planned) throw new Error('there is something to seal');
    deployment.append('acme#0', batch());
    await deployment.archive();
    const sharded = await Promise.all(planned.shards.map((shard) => deployment.shard(planned, shard)));
    await deployment.publish(
      planned,
      sharded.map(({ result }) => result),
    );
    const half = await everything(new Serving(deployment), 0);
    deployment.pass(DAY_MS);
    await deployment.seal();
    expect(deployment.store.keys('entries/')).toHaveLength(4);
    const all = await everything(new Serving(deployment), 0);
    const entries = entriesOf(deployment, 'acme#0').map((bytes, i) => [i, text(bytes)]);
    expect([...half.found]).toEqual(entries.slice(0, 10));
    expect([...all.found]).toEqual(entries);
  });

  test('leaves out what has expired, and says which positions are there', async () => {
    const deployment = await sealed(4);
    expect(await expire(deployment, 'debug')).toBeGreaterThan(0);
    const serving = new Serving(deployment);
    const { found } = await everything(serving, 0);
    const want = entriesOf(deployment, 'acme#0').flatMap((bytes, i) => (i % 3 === 1 ? [] : [[i, text(bytes)]]));
    expect([...found]).toEqual(want);
    expect(serving.altered).toEqual([]);
  });

  test('is empty, and at an end, where all has expired', async () => {
    const deployment = await sealed(2);
    await expire(deployment, 'debug', 'payment', 'security');
    const answer = await new Serving(deployment).get('bodies', { path: { chain: 0 } });
    expect([answer.status, answer.bytes.length, answer.headers['x-positions'], answer.headers['x-next']]).toEqual([
      200,
      0,
      undefined,
      undefined,
    ]);
  });

  test('reads the versions that were sealed, whatever covers or hides them', async () => {
    const deployment = await sealed(2);
    for (const [i, key] of deployment.store.keys('entries/').entries()) {
      if (i % 2 === 0) deployment.store.plant(key, new Uint8Array([1, 2, 3]));
      else deployment.store.mark(key);
    }
    const serving = new Serving(deployment);
    const { found } = await everything(serving, 0);
    expect([...found.values()]).toEqual(entriesOf(deployment, 'acme#0').map(text));
    expect(serving.altered).toEqual([]);
  });

  test('hands out nothing of a segment whose bytes are not those that were sealed, and tells of it', async () => {
    const deployment = await sealed(1);
    const { store } = deployment;
    const keys = store.keys('entries/').filter((one) => one.includes('acme') && one.includes('=security/'));
    const altering = {
      current: (one: string) => store.current(one),
      versions: (one: string) => store.versions(one),
      find: (one: string, version: string) => store.find(one, version),
      fetch: async (one: string, version: string) => {
        const bytes = await store.fetch(one, version);
        return keys.includes(one) ? bytes?.map((byte, i) => (i === 100 ? byte ^ 1 : byte)) : bytes;
      },
    };
    const serving = new Serving(deployment, { store: altering });
    const { found } = await everything(serving, 0);
    expect([...found.keys()]).toEqual([0, 1, 3, 4]);
    expect(new Set(serving.altered)).toEqual(new Set(keys));
  });

  test('goes on behind positions whose list is gone', async () => {
    const deployment = await sealed(3);
    const { store } = deployment;
    const key = listKey('acme', 1, 0, 6);
    const { version } = store.object(key);
    deployment.now += 400 * 366 * DAY_MS;
    store.deleteVersion(key, version);
    const { found } = await everything(new Serving(deployment), 0);
    expect([...found.keys()]).toEqual([0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17]);
  });

  test('what does not fit an answer comes in pages', async () => {
    const deployment = new Deployment();
    const batch = () => deployment.some('payment', 500);
    for (let i = 0; i < 24; i++) await deployment.record('acme#0', batch());
    await deployment.seal();
    const { found, pages } = await everything(new Serving(deployment), 0);
    expect(pages).toBeGreaterThan(1);
    expect([...found.values()]).toEqual(entriesOf(deployment, 'acme#0').map(text));
  });

  test('so many gaps that their positions do not fit a header come in pages too', async () => {
    const deployment = new Deployment();
    const mixed = Array.from({ length: 500 }, (_, i) => deployment.some(i % 2 === 0 ? 'payment' : 'debug')[0]!);
    for (let i = 0; i < 8; i++) await deployment.record('acme#0', mixed);
    await deployment.seal();
    await expire(deployment, 'debug');
    const serving = new Serving(deployment);
    const first = await serving.get('bodies', { path: { chain: 0 } });
    expect(String(first.headers['x-positions']).length).toBeLessThanOrEqual(6_000);
    const { found, pages } = await everything(serving, 0);
    expect([found.size, pages]).toEqual([2_000, 2]);
  });

  test.each([{ from: -1 }, { from: '1e3' }, { through: 'x' }, { from: '' }])(
    '%j is an invalid query',
    async (query) => {
      const { status, json } = await new Serving(await sealed(1)).get('bodies', { path: { chain: 0 }, query });
      expect([status, json.type]).toEqual([400, 'urn:indelible:problem:invalid-query']);
    },
  );

  test('a chain of which nothing is sealed is not found', async () => {
    const serving = new Serving(await sealed(1));
    expect((await serving.get('bodies', { path: { chain: 1 } })).status).toBe(404);
    expect((await serving.get('bodies', { path: { chain: 64 } })).status).toBe(400);
  });
});

test('an answer about the last positions of a long history reads little of it', async () => {
  const deployment = await sealed(40);
  const { store } = deployment;
  let reads = 0;
  const counted = <Arguments extends unknown[], Result>(read: (...given: Arguments) => Result) => {
    return (...given: Arguments): Result => {
      reads++;
      return read(...given);
    };
  };
  const counting = {
    current: counted((key: string) => store.current(key)),
    versions: counted((key: string) => store.versions(key)),
    find: counted((key: string, version: string) => store.find(key, version)),
    fetch: counted((key: string, version: string) => store.fetch(key, version)),
  };
  const serving = new Serving(deployment, { store: counting });
  await serving.get('logCheckpoint');
  reads = 0;
  const query = { from: 234, through: 240 };
  expect(bodiesOf(await serving.get('bodies', { path: { chain: 0 }, query })).size).toBe(6);
  // Newest digest, some six steps of a search at two reads each, contents, list, three segments.
  expect(reads).toBeLessThan(30);
});
