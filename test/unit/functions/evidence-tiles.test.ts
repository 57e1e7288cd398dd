// GET of a chain's tiles, one and several.
import { describe, expect, test } from '@jest/globals';
import { toHex } from '../../../core/crypto.ts';
import { chainTileKey } from '../../../names/log.ts';
import type { EvidenceReader } from '../../../services/log/versions.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';
import { Serving, sealed } from '../../support/serving.ts';

describe('GET /v1/chains/{chain}/tile/{proxy+}', () => {
  test('gives the tiles of the sealed tree and of those before it', async () => {
    const deployment = await sealed();
    const serving = new Serving(deployment);
    for (const width of [6, 12, 18]) {
      const path = { chain: 0, proxy: `0/000.p/${width}` };
      const { status, headers, bytes } = await serving.get('chainTile', { path });
      expect([status, headers['cache-control']]).toEqual([200, 'private, max-age=31536000, immutable']);
      expect(toHex(bytes)).toBe(toHex(deployment.store.object(chainTileKey('acme', 0, `tile/0/000.p/${width}`)).bytes));
    }
  });

  test.each([
    [0, '0/000.p/19', 404],
    [0, '0/000', 404],
    [0, 'entries/000.p/18', 404],
    [1, '0/000.p/1', 404],
    [0, '0/0', 400],
    [64, '0/000.p/1', 400],
  ])('of chain %i, %s is refused with %i', async (chain, proxy, status) => {
    expect((await new Serving(await sealed()).get('chainTile', { path: { chain, proxy } })).status).toBe(status);
  });
});

describe('GET /v1/chains/{chain}/tiles/{level}', () => {
  /** 600 entries: two full tiles and one of 88 hashes, and one of two hashes above. */
  async function grown() {
    const deployment = new Deployment();
    for (const count of [300, 300]) await deployment.record('acme#0', deployment.some('payment', count));
    await deployment.seal();
    return deployment;
  }
  const tile = async (serving: Serving, proxy: string) =>
    toHex((await serving.get('chainTile', { path: { chain: 0, proxy } })).bytes);

  test('gives what each of them is by itself, one behind the other', async () => {
    const serving = new Serving(await grown());
    const { status, headers, bytes } = await serving.get('chainTiles', { path: { chain: 0, level: 0 } });
    expect([status, headers['cache-control'], headers['x-next']]).toEqual([200, 'no-store', undefined]);
    const alone = [await tile(serving, '0/000'), await tile(serving, '0/001'), await tile(serving, '0/002.p/88')];
    expect(toHex(bytes)).toBe(alone.join(''));
    const above = await serving.get('chainTiles', { path: { chain: 0, level: 1 } });
    expect(toHex(above.bytes)).toBe(await tile(serving, '1/000.p/2'));
  });

  test.each([
    [{ from: 1 }, ['0/001', '0/002.p/88'], undefined],
    [{ from: 2, count: 512 }, ['0/002.p/88'], undefined],
    [{ count: 1 }, ['0/000'], '1'],
    [{ from: 1, count: 1 }, ['0/001'], '2'],
  ])('of %j are those from there on, and it says where to go on', async (query, proxies, next) => {
    const serving = new Serving(await grown());
    const { bytes, headers } = await serving.get('chainTiles', { path: { chain: 0, level: 0 }, query });
    expect(toHex(bytes)).toBe((await Promise.all(proxies.map((proxy) => tile(serving, proxy)))).join(''));
    expect(headers['x-next']).toBe(next);
  });

  test('reads what leads to the root once, and each tile once', async () => {
    const deployment = await grown();
    const { store } = deployment;
    const fetched: string[] = [];
    const counted: EvidenceReader = {
      current: (key) => store.current(key),
      versions: (key) => store.versions(key),
      find: (key, version) => store.find(key, version),
      fetch: (key, version) => {
        fetched.push(key);
        return store.fetch(key, version);
      },
    };
    const serving = new Serving(deployment, { store: counted });
    await serving.get('chainTiles', { path: { chain: 0, level: 0 } });
    const tiles = fetched.filter((key) => key.includes('chains/')).sort();
    expect(tiles).toEqual(
      ['tile/0/000', 'tile/0/001', 'tile/0/002.p/88', 'tile/1/000.p/2'].map((path) => chainTileKey('acme', 0, path)),
    );
  });

  test('are those that lead to the root, whatever covers or hides them', async () => {
    const deployment = await grown();
    const want = (await new Serving(deployment).get('chainTiles', { path: { chain: 0, level: 0 } })).bytes;
    deployment.store.plant(chainTileKey('acme', 0, 'tile/0/001'), new Uint8Array(8_192));
    deployment.store.mark(chainTileKey('acme', 0, 'tile/0/000'));
    const { status, bytes } = await new Serving(deployment).get('chainTiles', { path: { chain: 0, level: 0 } });
    expect([status, toHex(bytes)]).toEqual([200, toHex(want)]);
  });

  test('are not handed out where one of them does not lead to the root', async () => {
    const deployment = await grown();
    const { store } = deployment;
    const key = chainTileKey('acme', 0, 'tile/0/001');
    deployment.now += 400 * 366 * DAY_MS;
    store.deleteVersion(key, store.object(key).version);
    const { status, json } = await new Serving(deployment).get('chainTiles', { path: { chain: 0, level: 0 } });
    expect([status, json.type]).toEqual([500, 'urn:indelible:problem:not-intact']);
  });

  test.each([
    [{ chain: 0, level: 0 }, { from: 3 }, 404],
    [{ chain: 0, level: 2 }, {}, 404],
    [{ chain: 1, level: 0 }, {}, 404],
    [{ chain: 64, level: 0 }, {}, 400],
    [{ chain: 0, level: 64 }, {}, 400],
    [{ chain: 0, level: 'x' }, {}, 400],
    [{ chain: 0, level: 0 }, { count: 0 }, 400],
    [{ chain: 0, level: 0 }, { count: 513 }, 400],
    [{ chain: 0, level: 0 }, { from: -1 }, 400],
  ])('of %j and %j are refused with %i', async (path, query, status) => {
    expect((await new Serving(await grown()).get('chainTiles', { path, query })).status).toBe(status);
  });
});
