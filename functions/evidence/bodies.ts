import { MAX_CHAINS } from '../../core/chain.ts';
import { formatPositions } from '../../core/documents/positions.ts';
import { readBodies } from '../../services/prove/bodies.ts';
import { headOf } from '../../services/prove/chain.ts';
import { compressible } from '../shared/content.ts';
import type { HttpResponse } from '../shared/http.ts';
import { pathNumber, queryNumber } from '../shared/numbers.ts';
import { Problem } from '../shared/problem.ts';
import type { Asked } from './asked.ts';

/** GET /v1/chains/{chain}/bodies?from=&through= */
export async function bodies({ event, ports, newest, digestsOf }: Asked): Promise<HttpResponse> {
  const chain = pathNumber(event, 'chain', MAX_CHAINS - 1);
  const from = queryNumber(event, 'from') ?? 0;
  const asked = queryNumber(event, 'through') ?? Number.MAX_SAFE_INTEGER;
  const digests = newest && digestsOf(newest);
  const digest = (await digests?.newest())?.digest;
  const head = digest && headOf(digest, chain);
  if (digests === undefined || head === undefined) {
    throw new Problem('not-found', `Nothing of chain ${chain} is sealed.`);
  }
  const through = Math.min(asked, head.size);
  const { lines, runs, next } = await readBodies(ports, digests, chain, from, through);
  return compressible(event, 'application/x-ndjson', lines, {
    'cache-control': 'no-store',
    ...(runs.length === 0 ? {} : { 'x-positions': formatPositions(runs) }),
    ...(next === undefined ? {} : { 'x-next': String(next) }),
  });
}
