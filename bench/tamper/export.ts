// Exports a bundle from a deployment in memory.
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import type { ChainHead } from '../../core/documents/digest.ts';
import { formatVerifierKey } from '../../core/note/key.ts';
import { tilePath } from '../../core/tiles/path.ts';
import type { BundleSource } from '../../services/bundle/source.ts';
import { writeBundle } from '../../services/bundle/write.ts';
import { readBodies } from '../../services/prove/bodies.ts';
import { chainTiles } from '../../services/prove/chain.ts';
import { TenantDigests } from '../../services/prove/digests.ts';
import { findDocument } from '../../services/prove/document.ts';
import { ServedLog } from '../../services/prove/log.ts';
import { digestPage } from '../../services/prove/pages.ts';
import { SegmentBodies } from '../../services/prove/segments.ts';
import { firstUnsealed, tombstonesFrom } from '../../services/prove/tombstones.ts';
import { written } from '../../test/support/zip.ts';
import { ORIGIN, type World } from './world.ts';

/** What an export is told of the deployment: the answers of its routes, without HTTP in between. */
async function sourceOf(world: World, tenant: string): Promise<BundleSource> {
  const { store, clock } = world;
  const served = new ServedLog({ store, keys: world.ports.keys, origin: ORIGIN, now: clock });
  const published = await served.newest();
  if (published === undefined) throw new Error('got no seal to export');
  const digests = new TenantDigests(tenant, published, store);
  const logPorts = await served.ports();
  const page = (after: number | undefined) => digestPage(digests, logPorts, after, 200);
  const heads = new Map<number, ChainHead>();
  for (const head of (await digests.newest())?.digest.chains ?? []) heads.set(head.chain, head);
  const segments = new SegmentBodies({ store, codec: parquetSegments, onAltered: () => undefined });
  return {
    ...{ tenant, checkpoint: published.note, keys: keysFile(world) },
    async *digests(from) {
      yield* (await page(from === 0 ? undefined : from - 1)).digests;
    },
    async *seals(from) {
      yield* (await page(undefined)).seals.filter(({ seal }) => seal >= from);
    },
    async *unsealed() {
      for await (const { ref } of tombstonesFrom(store, tenant, await firstUnsealed(store, digests))) yield ref;
    },
    document: ({ key, sha256 }) => findDocument(store, key, sha256),
    tiles: (chain, run) =>
      Promise.all(run.map((tile) => chainTiles(store, tenant, heads.get(chain)!).read(tilePath(tile)))),
    async *bodies(chain, from, through) {
      for (let next: number | undefined = from; next !== undefined; ) {
        const answer = await readBodies({ store, segments }, digests, chain, next, through);
        yield answer.lines;
        next = answer.next;
      }
    },
  };
}

/** Verifier keys of the log, one a line, as the deployment serves them. */
export function keysFile({ signers }: Pick<World, 'signers'>): Uint8Array {
  return new TextEncoder().encode(signers.map(({ key }) => `${formatVerifierKey(key)}\n`).join(''));
}

/** A tenant's bundle, as `indelible export` makes it. */
export async function exportBundle(world: World, tenant: string): Promise<Buffer> {
  const source = await sourceOf(world, tenant);
  return written(async (zip) => {
    await writeBundle(source, zip, { now: world.clock(), tool: 'indelible tamper bench' });
  });
}
