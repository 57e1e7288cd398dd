// Requests against the schemas that describe them in the API's document: one validator for bodies, paths and queries.
import type { TSchema } from 'typebox';
import { Format } from 'typebox/format';
import { Errors } from 'typebox/schema';
import { parseTime } from '../../../core/entry/time.ts';
import { faultsOf, MAX_FAULTS } from '../../../core/json/schema.ts';
import type { JsonValue } from '../../../core/json/value.ts';
import type { ProblemFault } from './problem.ts';

// A time that passes is one that the handlers can read: leap seconds and the years that there are included.
Format.Set('date-time', (text) => parseTime(text) !== undefined);

const WORDS = { whole: 'what the API describes' };

/** Every way in which a value differs from its schema, one fault a place, MAX_FAULTS at most; none when it is valid. */
export function requestFaults(schema: TSchema, value: JsonValue): ProblemFault[] {
  const [valid, errors] = Errors(schema, value);
  if (valid) return [];
  const faults = faultsOf(schema, errors, value, '', WORDS);
  return faults.slice(0, MAX_FAULTS).map(({ pointer, code, message }) => ({ pointer, code, detail: message }));
}
