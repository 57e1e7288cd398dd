// The sealed head of a chain, and its tiles.
import { fromHex } from '../../core/crypto.ts';
import type { ChainHead, Digest } from '../../core/documents/digest.ts';
import type { TileReader } from '../../core/tiles/reader.ts';
import { chainTileKey } from '../../names/log.ts';
import { storedTiles } from '../log/tiles.ts';
import type { EvidenceReader } from '../log/versions.ts';

/** What a digest seals of a chain; undefined when it seals none of it. */
export function headOf(digest: Digest, chain: number): ChainHead | undefined {
  return digest.chains.find((one) => one.chain === chain);
}

/** The tiles of a chain's tree as it is sealed: only what leads to the sealed root is ever read. */
export function chainTiles(store: EvidenceReader, tenant: string, { chain, size, root }: ChainHead): TileReader {
  return storedTiles(store, (path) => chainTileKey(tenant, chain, path), { size, root: fromHex(root) });
}
