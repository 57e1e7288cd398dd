// GET /v1/chains/{chain}/bodies: the sealed entries of a chain that still exist.
import { countOf, formatPositions } from '../../../core/documents/positions.ts';
import { MAX_PLAIN_BYTES, readBodies } from '../../../services/prove/bodies.ts';
import { type Bodies, shortened } from '../../../services/prove/bodies-answer.ts';
import { headOf } from '../../../services/prove/chain.ts';
import { recordRead } from '../../../services/record/read.ts';
import { EVIDENCE_OPERATIONS } from '../operations/evidence.ts';
import { compressible, takes } from '../shared/content.ts';
import type { HttpEvent, HttpResponse } from '../shared/http.ts';
import { pathOf, queryOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import type { Asked } from './asked.ts';

/** Characters of the positions' text that the record of the read keeps. */
const MAX_POSITIONS_RECORDED = 1_000;

/** For clients that take gzip: a window of the archive with all of its segments (services/archive) and one block more. */
const MAX_PACKED_BYTES = 16_000_000;

/** Lambda's 6 MB in base64, less what the rest of the answer takes. */
const MAX_ANSWER_BYTES = 6_000_000;

/** Measured on entries: 6.5:1 at 206 MB/s, where zlib's default has 7.2:1 at 93 MB/s. */
const LEVEL = 3;

/** GET /v1/chains/{chain}/bodies?from=&through= */
export async function bodies({ event, reader, ports, newest, digestsOf, lists }: Asked): Promise<HttpResponse> {
  const { chain } = pathOf(event, EVIDENCE_OPERATIONS.readBodies.pathParameters);
  const { from = 0, through: asked = Number.MAX_SAFE_INTEGER } = queryOf(event, EVIDENCE_OPERATIONS.readBodies.query);
  const digests = newest && digestsOf(newest);
  const digest = (await digests?.newest())?.digest;
  const head = digest && headOf(digest, chain);
  if (digests === undefined || head === undefined) {
    throw new Problem('not-found', `Nothing of chain ${chain} is sealed.`);
  }
  const through = Math.min(asked, head.size);
  const maxBytes = takes(event, 'gzip') ? MAX_PACKED_BYTES : MAX_PLAIN_BYTES;
  const { answer, positions, rows } = await fitting(
    event,
    await readBodies({ ...ports, lists }, digests, chain, from, through, maxBytes),
  );
  await recordRead(ports.recording, reader, {
    action: 'audit.evidence_read',
    rows,
    details: { chain, positions: positions?.slice(0, MAX_POSITIONS_RECORDED) ?? null },
  });
  return answer;
}

interface Fitting {
  readonly answer: HttpResponse;
  readonly positions: string | undefined;
  readonly rows: number;
}

/** As much of what was read as fits one answer: how far it shrinks is known when it is compressed. */
async function fitting(event: HttpEvent, read: Bodies): Promise<Fitting> {
  for (let bodies = read; ; bodies = shortened(bodies, bodies.lines.length / 2)) {
    const { lines, runs, next } = bodies;
    const positions = runs.length === 0 ? undefined : formatPositions(runs);
    const headers = {
      'cache-control': 'no-store',
      ...(positions === undefined ? {} : { 'x-positions': positions }),
      ...(next === undefined ? {} : { 'x-next': String(next) }),
    };
    const answer = await compressible(event, 'application/x-ndjson', lines, headers, LEVEL);
    const fits = answer.body!.length <= MAX_ANSWER_BYTES;
    if (fits || lines.length <= MAX_PLAIN_BYTES / 2) return { answer, positions, rows: countOf(runs) };
  }
}
