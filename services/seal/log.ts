// Appends digests to the digest log.
import { leafHash } from '../../core/chain.ts';
import { fromHex } from '../../core/crypto.ts';
import type { Plan } from '../../core/documents/plan.ts';
import { TileBuilder } from '../../core/tiles/builder.ts';
import { encodeEntryBundle } from '../../core/tiles/entry-bundle.ts';
import { entryBundlePath, tilePath } from '../../core/tiles/path.ts';
import { TILE_WIDTH } from '../../core/tiles/shape.ts';
import { encodeTile } from '../../core/tiles/tile.ts';
import { logKey } from '../../names/log.ts';
import type { DigestLog } from '../log/digests.ts';
import type { TreeHead } from '../log/tiles.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { OBJECTS_AT_ONCE } from './chain.ts';
import { CONTENT, type Sealing } from './context.ts';
import type { PublishPorts } from './port.ts';

interface LogObject {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Appends digests to the log: everything that a client may ask for under the new head is there before it is signed. */
export async function extendLog(
  sealing: Sealing<PublishPorts>,
  { size, root, sealedAt }: Plan,
  log: DigestLog | undefined,
  digests: readonly Uint8Array[],
): Promise<TreeHead> {
  const builder = log === undefined ? TileBuilder.empty() : await TileBuilder.resume(log.tiles, size, fromHex(root));
  for (const digest of digests) builder.append(leafHash(digest));
  const tiles = [...builder.takeFull(), ...builder.partial()].map(
    ({ level, index, hashes }): LogObject => ({
      path: tilePath({ level, index, width: hashes.length }),
      bytes: encodeTile(hashes),
    }),
  );
  await inParallel([...(await bundles(size, log, digests)), ...tiles], OBJECTS_AT_ONCE, async ({ path, bytes }) => {
    await sealing.keep(logKey(path), bytes, CONTENT.tile, sealedAt);
  });
  return { size: builder.size, root: builder.root() };
}

/** The bundle that the log ends in, filled up, and those behind it. */
async function bundles(
  size: number,
  log: DigestLog | undefined,
  digests: readonly Uint8Array[],
): Promise<readonly LogObject[]> {
  const first = Math.floor(size / TILE_WIDTH);
  const begun = log !== undefined && size % TILE_WIDTH > 0 ? await log.entries(first) : [];
  const entries = [...begun, ...digests];
  return Array.from({ length: Math.ceil(entries.length / TILE_WIDTH) }, (_, i): LogObject => {
    const inside = entries.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH);
    return { path: entryBundlePath({ index: first + i, width: inside.length }), bytes: encodeEntryBundle(inside) };
  });
}
