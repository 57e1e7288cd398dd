/** Bundles by a job and page by page: entries a second, requests and memory, beside pages and tiles that are each read by themselves. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ApiClient } from '../cli/export/client.ts';
import { exported, exportTo } from '../cli/export/command.ts';
import { ApiSource } from '../cli/export/source.ts';
import { tilePath } from '../core/tiles/path.ts';
import type { BundleSource } from '../services/bundle/source.ts';
import { inParallel } from '../services/object-lock/parallel.ts';
import { Deployment } from '../test/support/sealing.ts';
import { MAKERS, type Maker, serveBundles } from './bundle-server.ts';
import { sampleEntries, seededRandom } from './entries.ts';
import { noteFigure } from './goals.ts';

const ENTRIES = Number(argv[2] ?? 100_000) || 100_000;
const CATEGORIES = ['payment', 'security', 'authentication', 'data_access', 'document'];
const BLOCK = 500;
/** What the store takes to answer: S3 takes ten times as long. */
const STORE_MS = 1;

export async function benchBundleExport(): Promise<void> {
  console.log(
    `Bundle of ${ENTRIES} entries in ${CATEGORIES.length} categories, over HTTP, ${STORE_MS} ms to the store; the command in a process of its own`,
  );
  const folder = await mkdtemp(join(tmpdir(), 'bundle-bench-'));
  const deployment = await sealedDeployment();
  try {
    for (const maker of MAKERS) {
      const figures = await exportedBy(deployment, maker, join(folder, `${maker}.zip`));
      console.log(lineOf(maker, figures));
      if (maker !== 'paged') noteFigure('bundle', maker === 'by a job' ? 'now' : 'before', ENTRIES / figures.seconds);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Figures {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly requests: number;
  readonly storeRequests: number;
}

function lineOf(maker: Maker, { seconds, peakBytes, requests, storeRequests }: Figures): string {
  const perMillion = (count: number) => Math.round((count / ENTRIES) * 1e6).toString();
  return (
    `  ${maker.padEnd(20)} ${Math.round(ENTRIES / seconds)
      .toString()
      .padStart(7)} entries/s  ${seconds.toFixed(1).padStart(6)} s  ` +
    `a million entries: ${perMillion(requests).padStart(7)} requests, ${perMillion(storeRequests).padStart(8)} of the store  ` +
    `peak ${Math.round(peakBytes / 2 ** 20)} MB`
  );
}

async function exportedBy(deployment: Deployment, maker: Maker, path: string): Promise<Figures> {
  const served = await serveBundles(deployment, maker);
  try {
    const child = fork(fileURLToPath(import.meta.url), ['--one', maker, served.url, path], { silent: false });
    const [figures] = (await once(child, 'message')) as [Pick<Figures, 'seconds' | 'peakBytes'>];
    return { ...figures, requests: served.requests(), storeRequests: served.storeRequests() };
  } finally {
    served.close();
  }
}

let delayed = false;

async function sealedDeployment(): Promise<Deployment> {
  const deployment = new Deployment({ delay: async () => void (delayed && (await pause(STORE_MS))) });
  const random = seededRandom(7);
  const samples = sampleEntries(5_000) as unknown as { readonly description: string }[];
  for (let from = 0; from < ENTRIES; from += BLOCK) {
    const count = Math.min(BLOCK, ENTRIES - from);
    deployment.append(
      'acme#0',
      Array.from({ length: count }, (_, i) => {
        const { actor, source, target, context, description } = samples[(from + i) % samples.length]! as never;
        return {
          category: CATEGORIES[Math.floor(random() * CATEGORIES.length)]!,
          recordedAt: deployment.now + Math.floor(i / 10),
          members: { actor, source, target, context, description },
        };
      }),
    );
    if (from % (50 * BLOCK) === 0) await deployment.archive();
  }
  await deployment.archive();
  await deployment.seal();
  delayed = true;
  return deployment;
}

/** The rival: each tile is asked for by itself, sixteen at a time, and one page of bodies after the other. */
function pagedSource(source: ApiSource, client: ApiClient): BundleSource {
  const { tenant, checkpoint, keys } = source;
  return {
    ...{ tenant, checkpoint, keys },
    digests: (from) => source.digests(from),
    seals: (from) => source.seals(from),
    unsealed: () => source.unsealed(),
    document: (ref) => source.document(ref),
    async tiles(chain, run) {
      const tiles: (Uint8Array | undefined)[] = [];
      await inParallel([...run.entries()], 16, async ([i, tile]) => {
        tiles[i] = (await client.get(`/v1/chains/${chain}/${tilePath(tile)}`))?.bytes;
      });
      return tiles;
    },
    async *bodies(chain, from, through) {
      for (let next: number | undefined = from; next !== undefined && next < through; ) {
        const answer = await client.get(`/v1/chains/${chain}/bodies?from=${next}&through=${through}`);
        yield answer!.bytes;
        const after = answer!.headers.get('x-next');
        next = after === null ? undefined : Number(after);
      }
    },
  };
}

async function measured(maker: Maker, url: string, path: string): Promise<Pick<Figures, 'seconds' | 'peakBytes'>> {
  const begun = performance.now();
  const client = new ApiClient(new URL(url), 'token');
  const source = await ApiSource.open(client);
  if (maker === 'by a job') await exported(client, source, path, {}, false);
  else await exportTo(maker === 'paged' ? source : pagedSource(source, client), path, {});
  return { seconds: (performance.now() - begun) / 1_000, peakBytes: process.resourceUsage().maxRSS * 1_024 };
}

if (argv[2] === '--one') process.send!(await measured(argv[3] as Maker, argv[4]!, argv[5]!));
else if (fileURLToPath(import.meta.url) === argv[1]) await benchBundleExport();
