// The sealed head of a chain, and its tiles.
import { fromHex } from '../../core/crypto.ts';
import type { ChainHead, Digest } from '../../core/documents/digest.ts';
import { tilePath } from '../../core/tiles/path.ts';
import type { TileReader } from '../../core/tiles/reader.ts';
import { type TileId, tileOf } from '../../core/tiles/shape.ts';
import { chainTileKey } from '../../names/log.ts';
import { storedTiles } from '../log/tiles.ts';
import type { EvidenceReader } from '../log/versions.ts';
import { inParallel } from '../object-lock/parallel.ts';

/** Of 8 KB each: what an answer has room for in base64. */
export const MAX_TILES = 512;

/** Tiles that are read at the same time: each is small and a round trip or two away. */
const TILES_AT_ONCE = 32;

/** What a digest seals of a chain; undefined when it seals none of it. */
export function headOf(digest: Digest, chain: number): ChainHead | undefined {
  return digest.chains.find((one) => one.chain === chain);
}

/** The tiles of a chain's tree as it is sealed: only what leads to the sealed root is ever read. */
export function chainTiles(store: EvidenceReader, tenant: string, { chain, size, root }: ChainHead): TileReader {
  return storedTiles(store, (path) => chainTileKey(tenant, chain, path), { size, root: fromHex(root) });
}

/**
 * Hashes of the tiles of one level from number `from` on, at most `count` of them, one tile behind the other; undefined
 * where the tree has none. Proven together: what leads from them to the sealed root is read once. Throws a TileError.
 */
export async function tilesBehind(
  store: EvidenceReader,
  tenant: string,
  head: ChainHead,
  { level, from, count }: { readonly level: number; readonly from: number; readonly count: number },
): Promise<{ readonly hashes: Uint8Array; readonly next: number | undefined } | undefined> {
  const wanted: TileId[] = [];
  let tile = tileOf(level, from, head.size);
  for (; tile !== undefined && wanted.length < count; tile = tileOf(level, tile.index + 1, head.size))
    wanted.push(tile);
  if (wanted.length === 0) return undefined;
  const tiles = chainTiles(store, tenant, head);
  const read: Uint8Array[] = [];
  await inParallel([...wanted.entries()], TILES_AT_ONCE, async ([i, one]) => {
    read[i] = (await tiles.read(tilePath(one)))!;
  });
  return { hashes: Buffer.concat(read), next: tile?.index };
}
