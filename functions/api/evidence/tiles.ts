// GET /v1/chains/{chain}/tiles/{level}: neighbouring tiles of a chain's tree.
import { headOf, MAX_TILES, tilesBehind } from '../../../services/prove/chain.ts';
import { EVIDENCE_OPERATIONS } from '../operations/evidence.ts';
import { binary } from '../shared/content.ts';
import type { HttpResponse } from '../shared/http.ts';
import { pathOf, queryOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import type { Asked } from './asked.ts';

/** GET /v1/chains/{chain}/tiles/{level}?from=&count=: hashes only, of what is sealed. The last tile grows with the chain. */
export async function chainTiles({ event, tenant, ports, newest, digestsOf }: Asked): Promise<HttpResponse> {
  const { chain, level } = pathOf(event, EVIDENCE_OPERATIONS.readTiles.pathParameters);
  const { from = 0, count = MAX_TILES } = queryOf(event, EVIDENCE_OPERATIONS.readTiles.query);
  const digest = newest && (await digestsOf(newest).newest())?.digest;
  const head = digest && headOf(digest, chain);
  const found = head && (await tilesBehind(ports.store, tenant, head, { level, from, count }));
  if (found === undefined) throw new Problem('not-found', `The sealed tree of chain ${chain} has no such tile.`);
  return binary('application/octet-stream', found.hashes, {
    'cache-control': 'no-store',
    ...(found.next === undefined ? {} : { 'x-next': String(found.next) }),
  });
}
