// GET /v1/chains/{chain}/bodies: the sealed entries of a chain that still exist.
import { formatPositions } from '../../../core/documents/positions.ts';
import { readBodies } from '../../../services/prove/bodies.ts';
import { headOf } from '../../../services/prove/chain.ts';
import { recordRead } from '../../../services/record/read.ts';
import { EVIDENCE_OPERATIONS } from '../operations/evidence.ts';
import { compressible } from '../shared/content.ts';
import type { HttpResponse } from '../shared/http.ts';
import { pathOf, queryOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import type { Asked } from './asked.ts';

/** Characters of the positions' text that the record of the read keeps. */
const MAX_POSITIONS_RECORDED = 1_000;

/** GET /v1/chains/{chain}/bodies?from=&through= */
export async function bodies({ event, reader, ports, newest, digestsOf }: Asked): Promise<HttpResponse> {
  const { chain } = pathOf(event, EVIDENCE_OPERATIONS.readBodies.pathParameters);
  const { from = 0, through: asked = Number.MAX_SAFE_INTEGER } = queryOf(event, EVIDENCE_OPERATIONS.readBodies.query);
  const digests = newest && digestsOf(newest);
  const digest = (await digests?.newest())?.digest;
  const head = digest && headOf(digest, chain);
  if (digests === undefined || head === undefined) {
    throw new Problem('not-found', `Nothing of chain ${chain} is sealed.`);
  }
  const through = Math.min(asked, head.size);
  const { lines, runs, next } = await readBodies(ports, digests, chain, from, through);
  const positions = runs.length === 0 ? undefined : formatPositions(runs);
  await recordRead(ports.recording, reader, {
    action: 'audit.evidence_read',
    rows: runs.reduce((sum, { first, last }) => sum + last - first + 1, 0),
    details: { chain, positions: positions?.slice(0, MAX_POSITIONS_RECORDED) ?? null },
  });
  return compressible(event, 'application/x-ndjson', lines, {
    'cache-control': 'no-store',
    ...(positions === undefined ? {} : { 'x-positions': positions }),
    ...(next === undefined ? {} : { 'x-next': String(next) }),
  });
}
