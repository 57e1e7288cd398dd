// Bundles out of the archive: the same as page by page, each segment read once, and what can't be proven left out and told.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { ApiClient } from '../../../cli/export/client.ts';
import { ApiSource } from '../../../cli/export/source.ts';
import type { Period } from '../../../services/bundle/plan.ts';
import { writeBundle } from '../../../services/bundle/write.ts';
import type { EvidenceReader } from '../../../services/log/versions.ts';
import { ServedLog } from '../../../services/prove/log.ts';
import { SegmentBodies } from '../../../services/prove/segments.ts';
import { MemoryBundleFiles } from '../../fakes/memory-bundle-files.ts';
import { MemoryJobStore } from '../../fakes/memory-job-store.ts';
import { begin, bundleByJob, bundlePorts, runBundle, sealedDays, TASK } from '../../support/bundle-job.ts';
import { unpacked, verifyBytes } from '../../support/bundling.ts';
import { serveEvidenceOverHttp } from '../../support/evidence-server.ts';
import { ORIGIN } from '../../support/log-signer.ts';
import type { Deployment } from '../../support/sealing.ts';
import { Serving } from '../../support/serving.ts';
import { written } from '../../support/zip.ts';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await sealedDays(4, 40);
});

async function paged(period: Period): Promise<Uint8Array> {
  const server = await serveEvidenceOverHttp(() => new Serving(deployment));
  const client = new ApiClient(new URL(server.url), 't');
  try {
    const source = await ApiSource.open(client);
    const options = { ...period, now: new Date(deployment.now), tool: 'indelible' };
    return await written(async (zip) => void (await writeBundle(source, zip, options)));
  } finally {
    client.close();
    server.close();
  }
}

const textsOf = async (bundle: Uint8Array) =>
  Object.fromEntries(
    [...(await unpacked(bundle))].map(([path, bytes]) => [path, Buffer.from(bytes).toString('latin1')]),
  );

describe.each<[string, Period]>([
  ['everything', {}],
  ['days from one on', { from: '2026-03-03' }],
  ['days up to one', { to: '2026-03-02' }],
  ['one day', { from: '2026-03-02', to: '2026-03-02' }],
])('a bundle of %s', (_, period) => {
  test('has the same files as page by page', async () => {
    expect(await textsOf(await bundleByJob(deployment, period))).toEqual(await textsOf(await paged(period)));
  });
});

interface Made {
  readonly bundle: Uint8Array;
  readonly fetched: string[];
  readonly absentTiles: string[];
  readonly altered: string[];
}

/** Made over the archive as `over` changes what is read of it. */
async function made(over: (store: EvidenceReader) => Partial<EvidenceReader> = () => ({})): Promise<Made> {
  const [jobs, files] = [new MemoryJobStore(), new MemoryBundleFiles(2_000)];
  const [fetched, absentTiles, altered]: [string[], string[], string[]] = [[], [], []];
  const { store: stored, signer: keys } = deployment;
  const changed = over(stored);
  const store: EvidenceReader = {
    current: (key) => (changed.current ?? stored.current.bind(stored))(key),
    versions: (key) => (changed.versions ?? stored.versions.bind(stored))(key),
    find: (key, version) => stored.find(key, version),
    fetch: (key, version) => {
      fetched.push(key);
      return (changed.fetch ?? stored.fetch.bind(stored))(key, version);
    },
  };
  await begin(jobs, deployment);
  await runBundle({
    ...bundlePorts(deployment, jobs, files),
    log: new ServedLog({ store, keys, origin: ORIGIN, now: () => new Date(deployment.now) }),
    segments: new SegmentBodies({
      ...{ store, codec: parquetSegments, keptBytes: 0 },
      onAltered: ({ object }) => void altered.push(object.key),
    }),
    onAbsentTile: ({ chain, path }) => void absentTiles.push(`${chain} ${path}`),
  });
  return { bundle: files.objects.get(`${TASK.tenant}/${TASK.id}/`)!, fetched, absentTiles, altered };
}

test('each segment is read once, however the categories alternate in it', async () => {
  const { fetched } = await made();
  const segments = fetched.filter((key) => key.startsWith('entries/'));
  expect(segments.toSorted()).toEqual(deployment.store.keys('entries/tenant=acme/').toSorted());
});

test('a tile that is not there is left out, the operator is told, and the verifier misses it', async () => {
  const isTile = (key: string) => /^chains\/tenant=acme\/00\/tile\/0\//.test(key);
  const { bundle, absentTiles } = await made((store) => ({
    current: async (key) => (isTile(key) ? undefined : store.current(key)),
    versions: async (key) => (isTile(key) ? [] : store.versions(key)),
  }));
  expect(absentTiles).toContain('0 tile/0/000');
  expect(await verifyBytes(bundle)).toMatchObject({ verdict: expect.not.stringContaining('intact') });
});

test('a tile over which somebody put another is found below it', async () => {
  const [key] = deployment.store.keys('chains/tenant=acme/00/tile/0/');
  deployment.store.plant(key!, new Uint8Array(32));
  const { bundle, absentTiles } = await made();
  expect([absentTiles, (await verifyBytes(bundle)).verdict]).toEqual([[], 'intact']);
});

test('a segment that has other bytes than were sealed is left out, and both are told', async () => {
  const [segment] = deployment.store.keys('entries/tenant=acme/category=payment/');
  const { bundle, altered } = await made((store) => ({
    fetch: async (key, version) => {
      const bytes = await store.fetch(key, version);
      return key === segment ? bytes?.map((byte) => byte ^ 1) : bytes;
    },
  }));
  expect(altered).toEqual([segment]);
  expect((await verifyBytes(bundle)).verdict).toBe('missing');
});
