import { findDocument, isDocumentOf } from '../../services/prove/document.ts';
import { compressible } from '../shared/content.ts';
import type { HttpResponse } from '../shared/http.ts';
import { Problem } from '../shared/problem.ts';
import type { Asked } from './asked.ts';

const SHA256 = /^[0-9a-f]{64}$/;

/** Lambda's 6 MB, less what base64 and the rest of the answer take. */
const MAX_ANSWER_BYTES = 6_000_000;

/** Bytes under a hash never change, and are one tenant's. */
const FOR_EVER = { 'cache-control': 'private, max-age=31536000, immutable' };

/** GET /v1/documents/{sha256}?key= */
export async function document({ event, tenant, ports }: Asked): Promise<HttpResponse> {
  const digest = event.pathParameters?.sha256 ?? '';
  if (!SHA256.test(digest)) throw new Problem('invalid-path', 'The hash has to be SHA-256 in lower-case hexadecimal.');
  const key = event.queryStringParameters?.key;
  if (key === undefined) throw new Problem('invalid-query', 'The key of the document has to be given.');
  // Another tenant's documents are to the caller what does not exist is.
  const bytes = isDocumentOf(tenant, key) ? await findDocument(ports.store, key, digest) : undefined;
  if (bytes === undefined) throw new Problem('not-found', 'There is no such document of the tenant.');
  const answer = await compressible(event, 'application/json', bytes, FOR_EVER);
  if (answer.body!.length <= MAX_ANSWER_BYTES) return answer;
  throw new Problem('too-large', 'The document does not fit an answer, not even compressed.', {
    limit: { name: 'answerBytes', value: MAX_ANSWER_BYTES, got: answer.body!.length },
  });
}
