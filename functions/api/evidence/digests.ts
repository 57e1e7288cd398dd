// GET /v1/digests: the tenant's digests with their proofs.
import type { ObjectRef } from '../../../core/documents/fields.ts';
import { encodeBase64 } from '../../../core/note/base64.ts';
import type { PublishedSeal } from '../../../services/log/published.ts';
import { type DigestPage, digestPage, MAX_DIGESTS, sealOfSize } from '../../../services/prove/pages.ts';
import { firstUnsealed, tombstonesFrom } from '../../../services/prove/tombstones.ts';
import { EVIDENCE_OPERATIONS } from '../operations/evidence.ts';
import { compressible } from '../shared/content.ts';
import type { HttpResponse } from '../shared/http.ts';
import { queryOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import type { Asked } from './asked.ts';

/** GET /v1/digests?after=&limit=&size= */
export async function digests(asked: Asked): Promise<HttpResponse> {
  const { event, tenant, ports, digestsOf } = asked;
  const { after, limit = MAX_DIGESTS, size } = queryOf(event, EVIDENCE_OPERATIONS.listDigests.query);
  const published = await publishedAt(asked, size);
  const own = digestsOf(published);
  const page = await digestPage(own, ports, after, limit);
  const tombstones: ObjectRef[] = [];
  // Behind the last digest: what no digest has sealed, as it is now.
  if (page.next === undefined) {
    const from = await firstUnsealed(ports.store, own);
    for await (const { ref } of tombstonesFrom(ports.store, tenant, from)) tombstones.push(ref);
  }
  const body = new TextEncoder().encode(JSON.stringify({ ...bodyOf(tenant, published, page), tombstones }));
  return compressible(event, 'application/json', body, { 'cache-control': 'no-store' });
}

async function publishedAt({ ports, newest }: Asked, size: number | undefined): Promise<PublishedSeal> {
  if (newest === undefined) {
    throw new Problem('not-sealed', 'Nothing is sealed yet.', { members: { sealed: 0, nextBy: null } });
  }
  const published = size === undefined ? newest : await sealOfSize(newest, size, ports);
  if (published !== undefined) return published;
  throw new Problem('invalid-query', 'The size has to be that of a published checkpoint.');
}

function bodyOf(tenant: string, { note }: PublishedSeal, { digests, seals, next }: DigestPage) {
  return {
    tenant,
    checkpoint: textOf(note),
    digests: digests.map(({ digest, index, bytes, proof }) => ({
      number: digest.number,
      index,
      digest: textOf(bytes),
      proof: proof.map(encodeBase64),
    })),
    seals: seals.map(({ seal, size, root, proof }) => ({
      seal,
      size,
      root: encodeBase64(root),
      proof: proof.map(encodeBase64),
    })),
    next: next ?? null,
  };
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
