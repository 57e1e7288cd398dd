import { toPointer } from '../../core/json/pointer.ts';
import { isJsonObject, type JsonValue } from '../../core/json/value.ts';
import { Problem, type ProblemFault } from '../shared/problem.ts';

/** What to record, and where it lies in the body. */
export type Request =
  | { readonly kind: 'entry'; readonly entry: JsonValue }
  | { readonly kind: 'batch'; readonly entries: readonly JsonValue[]; readonly pointer: '/entries' };

export function readRequest(body: JsonValue): Request {
  if (!isJsonObject(body)) throw invalid([fault('', 'not-an-object', 'want an entry or {"entries": [...]}')]);
  if (!Object.hasOwn(body, 'entries')) return { kind: 'entry', entry: body };
  const { entries, ...others } = body;
  const unknown = Object.keys(others).map((key) =>
    fault(toPointer([key]), 'unknown-field', 'a batch holds entries only'),
  );
  if (unknown.length > 0) throw invalid(unknown);
  if (!Array.isArray(entries)) throw invalid([fault('/entries', 'not-an-array', 'want an array of entries')]);
  return { kind: 'batch', entries, pointer: '/entries' };
}

function fault(pointer: string, code: string, detail: string): ProblemFault {
  return { pointer, code, detail };
}

function invalid(errors: readonly ProblemFault[]): Problem {
  return new Problem('invalid-entry', 'Nothing was recorded.', { errors });
}
