// Reads a chain's tiles for the verifier, whatever covers them.
import { fromHex } from '../../core/crypto.ts';
import type { ChainHead } from '../../core/documents/digest.ts';
import { TileError } from '../../core/tiles/error.ts';
import { readTile, type TileReader } from '../../core/tiles/reader.ts';
import { TILE_WIDTH } from '../../core/tiles/shape.ts';
import { chainTileKey } from '../../names/log.ts';
import { storedTiles } from '../log/tiles.ts';
import type { EvidenceReader } from '../log/versions.ts';
import { foreignFindings } from './covered.ts';
import type { OnLiveFinding } from './finding.ts';
import { tilesAhead } from './tiles-ahead.ts';

/** A tile with what holds it takes some 30 KB of memory; a long chain has more of them than there is memory for. */
const READS_PER_CACHE = 1_024;

/**
 * A chain's tiles that lead to its newest sealed root, whatever lies over them. Where none does, what is current: what is
 * wrong with it is for the verifier to say.
 */
export function chainTiles(
  store: EvidenceReader,
  tenant: string,
  chain: number,
  head: ChainHead | undefined,
  report: OnLiveFinding,
): TileReader {
  const key = (path: string) => chainTileKey(tenant, chain, path);
  const current = async (path: string) => {
    const found = await store.current(key(path));
    return found && store.fetch(key(path), found.version);
  };
  if (head === undefined) return { read: current };
  const open = () =>
    storedTiles(store, key, { size: head.size, root: fromHex(head.root) }, foreignFindings(report, { tenant }));
  let genuine = open();
  let reads = 0;
  const read = async (path: string) => {
    reads++;
    if (reads % READS_PER_CACHE === 0) genuine = open();
    try {
      return await genuine.read(path);
    } catch (error) {
      if (error instanceof TileError) return current(path);
      throw error;
    }
  };
  return tilesAhead({ read }, head.size);
}

/** Leaf hashes that lead to a sealed root; throws a TileError where no tiles do. */
export function genuineLeaves(
  store: EvidenceReader,
  tenant: string,
  { chain, size, root }: ChainHead,
): (first: number, last: number) => Promise<readonly Uint8Array[]> {
  const key = (path: string) => chainTileKey(tenant, chain, path);
  const open = () => storedTiles(store, key, { size, root: fromHex(root) });
  let genuine = open();
  let reads = 0;
  const read = (path: string) => {
    reads++;
    if (reads % READS_PER_CACHE === 0) genuine = open();
    return genuine.read(path);
  };
  const tiles = tilesAhead({ read }, size);
  return async (first, last) => {
    const leaves: Uint8Array[] = [];
    for (let index = Math.floor(first / TILE_WIDTH); index * TILE_WIDTH <= last; index++) {
      const tile = await readTile(tiles, 0, index, size);
      const begin = index * TILE_WIDTH;
      leaves.push(...tile.slice(Math.max(0, first - begin), last + 1 - begin));
    }
    return leaves;
  };
}

/** The tile of that path as the tree with that root has it. */
export function genuineTile(
  store: EvidenceReader,
  tenant: string,
  { chain, size, root }: ChainHead,
  path: string,
): Promise<Uint8Array | undefined> {
  const key = (one: string) => chainTileKey(tenant, chain, one);
  return storedTiles(store, key, { size, root: fromHex(root) }).read(path);
}
