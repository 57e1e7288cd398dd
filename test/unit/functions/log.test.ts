// The digest log as it is served.
import { describe, expect, test } from '@jest/globals';
import { leafHash } from '../../../core/chain.ts';
import { formatCheckpoint } from '../../../core/checkpoint/body.ts';
import { openCheckpoint } from '../../../core/checkpoint/open.ts';
import { policyOf } from '../../../core/checkpoint/policy.ts';
import { toHex } from '../../../core/crypto.ts';
import { proveInclusion, treeRoot } from '../../../core/merkle/prove.ts';
import { verifyInclusion } from '../../../core/merkle/verify.ts';
import { parseVerifierKey } from '../../../core/note/key.ts';
import { formatNote } from '../../../core/note/note.ts';
import { decodeEntryBundle } from '../../../core/tiles/entry-bundle.ts';
import { TileNodes } from '../../../core/tiles/nodes.ts';
import { checkpointKey, logKey } from '../../../names/log.ts';
import type { EvidenceReader } from '../../../services/log/versions.ts';
import { ORIGIN } from '../../support/log-signer.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';
import { Serving } from '../../support/serving.ts';
import { signer } from '../../support/signers.ts';

const TENANTS = ['acme', 'globex', 'initech'];

async function sealed(days = 3): Promise<Deployment> {
  const deployment = new Deployment();
  for (let day = 0; day < days; day++) {
    for (const tenant of TENANTS) await deployment.record(`${tenant}#0`, deployment.some('payment', 2));
    await deployment.seal();
    deployment.pass(DAY_MS);
  }
  return deployment;
}

const tilePath = (path: string) => ({ path: { proxy: path.replace(/^tile\//, '') } });

describe('the log is served as C2SP tlog-tiles says', () => {
  test('a client who knows nothing but the keys gets from the checkpoint to every leaf', async () => {
    const serving = new Serving(await sealed(), { publicEntries: true });
    const keys = await serving.get('logKeys');
    expect(keys.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8' });
    const logKeys = keys.text.trimEnd().split('\n').map(parseVerifierKey);
    const { headers, bytes } = await serving.get('logCheckpoint');
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'public, max-age=5',
    });
    const checkpoint = openCheckpoint(bytes, policyOf(logKeys));
    expect(checkpoint.size).toBe(9);
    const nodes = new TileNodes({ read: async (path) => (await serving.get('logTile', tilePath(path))).bytes }, 9);
    expect(toHex(await treeRoot(nodes, 9))).toBe(toHex(checkpoint.root));
    const bundle = await serving.get('logTile', {
      ...tilePath('tile/entries/000.p/9'),
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(bundle.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'content-encoding': 'gzip' });
    for (const [index, entry] of decodeEntryBundle(bundle.bytes, 9).entries()) {
      const proof = await proveInclusion(nodes, index, 9);
      verifyInclusion({ index, size: 9, leafHash: leafHash(entry), root: checkpoint.root }, proof);
    }
  });

  test('tiles are bytes that never change, also those of smaller trees', async () => {
    const deployment = await sealed();
    const serving = new Serving(deployment);
    for (const width of [3, 6, 9, 1]) {
      const { status, headers, bytes } = await serving.get('logTile', tilePath(`tile/0/000.p/${width}`));
      expect([status, headers['content-type'], headers['cache-control'], bytes.length]).toEqual([
        200,
        'application/octet-stream',
        'public, max-age=31536000, immutable',
        width * 32,
      ]);
      const stored = deployment.store.keys().includes(logKey(`tile/0/000.p/${width}`));
      expect(stored).toBe(width !== 1);
    }
  });

  test('the first checkpoint is seen at once, though somebody asked when there was none', async () => {
    const deployment = new Deployment();
    const serving = new Serving(deployment);
    expect((await serving.get('logCheckpoint')).status).toBe(404);
    await deployment.record('acme#0', deployment.some('payment', 2));
    const published = await deployment.seal();
    expect((await serving.get('logCheckpoint')).text).toBe(published!.checkpoint);
  });

  test('the checkpoint is the newest, a few seconds later at the latest', async () => {
    const deployment = await sealed(1);
    const serving = new Serving(deployment);
    const first = (await serving.get('logCheckpoint')).text;
    await deployment.record('acme#0', deployment.some('payment'));
    await deployment.seal();
    expect((await serving.get('logCheckpoint')).text).toBe(first);
    deployment.pass(5_000);
    const second = (await serving.get('logCheckpoint')).text;
    expect([first.split('\n')[1], second.split('\n')[1]]).toEqual(['3', '6']);
  });
});

describe('the log refuses', () => {
  test.each([
    ['tile/0/000', 404, 'not-found'],
    ['tile/0/000.p/10', 404, 'not-found'],
    ['tile/0/001.p/1', 404, 'not-found'],
    ['tile/1/000.p/1', 404, 'not-found'],
    ['tile/63/x999/999', 404, 'not-found'],
    ['tile/64/000', 400, 'invalid-path'],
    ['tile/0/0', 400, 'invalid-path'],
    ['tile/0/000.p/0', 400, 'invalid-path'],
    ['tile/0/000.p/256', 400, 'invalid-path'],
    ['tile/0/000.p/01', 400, 'invalid-path'],
    ['tile/0/x000/000', 400, 'invalid-path'],
    ['tile/0/../0/000', 400, 'invalid-path'],
    ['tile/entries/000', 403, 'private-entries'],
    ['tile/entries/000.p/9', 403, 'private-entries'],
  ])('%s with %i %s', async (path, status, slug) => {
    const answer = await new Serving(await sealed()).get('logTile', tilePath(path));
    expect([answer.status, answer.json.type, answer.headers['cache-control']]).toEqual([
      status,
      `urn:indelible:problem:${slug}`,
      'no-store',
    ]);
  });

  test.each(['tile/entries/000', 'tile/entries/000.p/10', 'tile/entries/001.p/1'])(
    '%s, which the tree does not have, where entries are public',
    async (path) => {
      const serving = new Serving(await sealed(), { publicEntries: true });
      expect((await serving.get('logTile', tilePath(path))).status).toBe(404);
    },
  );

  test('everything but the keys before the first seal', async () => {
    const serving = new Serving(new Deployment());
    expect((await serving.get('logCheckpoint')).status).toBe(404);
    expect((await serving.get('logTile', tilePath('tile/0/000.p/1'))).status).toBe(404);
    expect((await serving.get('logKeys')).text.split('\n')).toHaveLength(3);
  });
});

describe('whoever can write to the bucket', () => {
  test('does not get other tiles served, nor the right ones withheld', async () => {
    const deployment = await sealed();
    const genuine = deployment.store.object(logKey('tile/0/000.p/9')).bytes;
    deployment.store.plant(logKey('tile/0/000.p/9'), genuine.toReversed());
    deployment.store.plant(logKey('tile/0/000.p/9'), new Uint8Array(7));
    const planted = await new Serving(deployment).get('logTile', tilePath('tile/0/000.p/9'));
    expect(toHex(planted.bytes)).toBe(toHex(genuine));
    deployment.store.mark(logKey('tile/0/000.p/9'));
    const hidden = await new Serving(deployment).get('logTile', tilePath('tile/0/000.p/9'));
    expect(toHex(hidden.bytes)).toBe(toHex(genuine));
  });

  test('does not get an older checkpoint served as the newest, or one of somebody else', async () => {
    const deployment = await sealed();
    const newest = deployment.store.object(checkpointKey(2)).bytes;
    deployment.store.plant(checkpointKey(2), deployment.store.object(checkpointKey(0)).bytes);
    deployment.store.plant(checkpointKey(3), deployment.store.object(checkpointKey(1)).bytes);
    const text = formatCheckpoint({ origin: ORIGIN, size: 12, root: new Uint8Array(32), extensions: [] });
    const strangers = [signer(ORIGIN, 'ed25519'), signer(ORIGIN, 'ml-dsa-44-cosignature')];
    const forged = formatNote({ text, signatures: strangers.map((one) => one.sign(text)) });
    deployment.store.plant(checkpointKey(3), forged);
    deployment.store.plant(checkpointKey(2), forged);
    const served = await new Serving(deployment).get('logCheckpoint');
    expect(served.text).toBe(Buffer.from(newest).toString());
  });

  test('is told of in a 500 where nothing genuine is left', async () => {
    const deployment = await sealed();
    deployment.now += 40_000 * DAY_MS;
    const key = logKey('tile/0/000.p/9');
    deployment.store.plant(key, new Uint8Array(9 * 32));
    for (const { version } of (await deployment.store.versions(key)).slice(1))
      deployment.store.deleteVersion(key, version);
    const serving = new Serving(deployment);
    const answer = await serving.get('logTile', tilePath('tile/0/000.p/9'));
    expect([answer.status, answer.json.type]).toEqual([500, 'urn:indelible:problem:not-intact']);
    expect(serving.problems.map(({ slug }) => slug)).toEqual(['not-intact']);
  });
});

test('a look-up that failed is made again by the next request, not remembered', async () => {
  const deployment = await sealed(1);
  const { store } = deployment;
  let reachable = false;
  const current = async (key: string) => {
    if (!reachable) throw new Error('S3 is not reachable');
    return store.current(key);
  };
  const flaky: EvidenceReader = {
    current,
    versions: (key) => store.versions(key),
    find: (key, version) => store.find(key, version),
    fetch: (key, version) => store.fetch(key, version),
  };
  const serving = new Serving(deployment, { store: flaky });
  expect((await serving.get('logCheckpoint')).status).toBe(500);
  expect(serving.problems.map(({ slug }) => slug)).toEqual(['internal']);
  reachable = true;
  expect((await serving.get('logCheckpoint')).status).toBe(200);
});
