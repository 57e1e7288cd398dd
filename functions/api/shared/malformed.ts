// A body that is no JSON, as a problem.
import type { JsonFault } from '../../../core/json/fault.ts';
import { Problem, type ProblemLimit } from './problem.ts';

export const TOO_DEEP = 'too-deep';

/** A body that is no JSON text with one reading. */
export function malformed({ pointer, code, message, line, column }: JsonFault, nesting: ProblemLimit): Problem {
  // The parser counts the levels of the batch around an entry too, which would be another limit than the configured.
  const tooDeep = `got more than ${nesting.value} levels of nesting in an entry, at line ${line}, column ${column}`;
  const detail = code === TOO_DEEP ? tooDeep : message;
  const fault = { pointer, code, detail, line, column };
  const limit = code === TOO_DEEP ? { limit: nesting } : {};
  return new Problem('malformed-json', detail, { errors: [{ ...fault, ...limit }], ...limit });
}
