// GET /v1/chains/{chain}/tile/…: a tile of a chain's tree.
import { TileError } from '../../../core/tiles/error.ts';
import { parsePath } from '../../../core/tiles/path.ts';
import { chainTiles, headOf } from '../../../services/prove/chain.ts';
import { EVIDENCE_OPERATIONS } from '../operations/evidence.ts';
import { binary } from '../shared/content.ts';
import type { HttpResponse } from '../shared/http.ts';
import { pathOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import type { Asked } from './asked.ts';

/** Tiles never change, and are one tenant's. */
const FOR_EVER = { 'cache-control': 'private, max-age=31536000, immutable' };

/** GET /v1/chains/{chain}/tile/{proxy+}: hashes only, of what is sealed. */
export async function chainTile({ event, tenant, ports, newest, digestsOf }: Asked): Promise<HttpResponse> {
  const { chain, proxy } = pathOf(event, EVIDENCE_OPERATIONS.readTile.pathParameters);
  const path = `tile/${proxy}`;
  demandTilePath(path);
  const digest = newest && (await digestsOf(newest).newest())?.digest;
  const head = digest && headOf(digest, chain);
  const bytes = head && (await chainTiles(ports.store, tenant, head).read(path));
  if (bytes === undefined) throw new Problem('not-found', `The sealed tree of chain ${chain} has no such tile.`);
  return binary('application/octet-stream', bytes, FOR_EVER);
}

function demandTilePath(path: string): void {
  try {
    parsePath(path);
  } catch (cause) {
    if (!(cause instanceof TileError)) throw cause;
    throw new Problem('invalid-path', 'The path is not one of C2SP tlog-tiles.', { cause });
  }
}
