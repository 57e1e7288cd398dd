// GET /v1/documents/{sha256}: a document that a digest names.
import { holdsPrefix } from '../../../names/hold.ts';
import { findDocument, isDocumentOf } from '../../../services/prove/document.ts';
import { recordRead } from '../../../services/record/read.ts';
import { EVIDENCE_OPERATIONS } from '../operations/evidence.ts';
import { compressible } from '../shared/content.ts';
import type { HttpResponse } from '../shared/http.ts';
import { pathOf, queryOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import type { Asked } from './asked.ts';

/** Lambda's 6 MB, less what base64 and the rest of the answer take. */
const MAX_ANSWER_BYTES = 6_000_000;

/** Bytes under a hash never change, and are one tenant's. */
const FOR_EVER = { 'cache-control': 'private, max-age=31536000, immutable' };

/** GET /v1/documents/{sha256}?key= */
export async function document({ event, tenant, reader, ports }: Asked): Promise<HttpResponse> {
  const { sha256: digest } = pathOf(event, EVIDENCE_OPERATIONS.readDocument.pathParameters);
  const { key } = queryOf(event, EVIDENCE_OPERATIONS.readDocument.query);
  // Another tenant's documents are to the caller what does not exist is.
  const bytes = isDocumentOf(tenant, key) ? await findDocument(ports.store, key, digest) : undefined;
  if (bytes === undefined) throw new Problem('not-found', 'There is no such document of the tenant.');
  // Holds name people; the other documents are hashes, sizes and places.
  if (key.startsWith(holdsPrefix(tenant))) {
    await recordRead(ports.recording, reader, { action: 'audit.evidence_read', details: { document: key } });
  }
  const answer = await compressible(event, 'application/json', bytes, FOR_EVER);
  if (answer.body!.length <= MAX_ANSWER_BYTES) return answer;
  throw new Problem('too-large', 'The document does not fit an answer, not even compressed.', {
    limit: { name: 'answerBytes', value: MAX_ANSWER_BYTES, got: answer.body!.length },
  });
}
