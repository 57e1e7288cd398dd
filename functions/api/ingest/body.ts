// What POST /v1/entries is asked to record: one entry, or a batch.
import { isJsonObject, type JsonValue } from '../../../core/json/value.ts';
import { BatchEnvelope } from '../operations/entries.ts';
import { Problem } from '../shared/problem.ts';
import { requestFaults } from '../shared/schema.ts';

/** What to record, and where it lies in the body. The entries themselves are held against their schema when they are prepared. */
export type Request =
  | { readonly kind: 'entry'; readonly entry: JsonValue }
  | { readonly kind: 'batch'; readonly entries: readonly JsonValue[]; readonly pointer: '/entries' };

/** Throws Problem invalid-entry for what is around the entries of a batch. */
export function readRequest(body: JsonValue): Request {
  if (!isJsonObject(body) || !Object.hasOwn(body, 'entries')) return { kind: 'entry', entry: body };
  const errors = requestFaults(BatchEnvelope, body);
  if (errors.length > 0) throw new Problem('invalid-entry', 'Nothing was recorded.', { errors });
  return { kind: 'batch', entries: body.entries as readonly JsonValue[], pointer: '/entries' };
}
