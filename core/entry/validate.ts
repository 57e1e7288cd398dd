// An entry as sent against its schema: every difference as a fault.
import { Compile } from 'typebox/schema';
import { type FaultWords, faultsOf, type SchemaFault } from '../json/schema.ts';
import type { JsonValue } from '../json/value.ts';
import { EntryInputSchema, PLAIN_PATTERN } from './schema.ts';

const input = Compile(EntryInputSchema);

/** Members of an entry that a client sees when it reads one back, but never sends. */
const SERVER_MEMBERS: ReadonlySet<string> = new Set(['recordedAt', 'recorder', 'redacted', 'late']);

const WORDS: FaultWords = {
  whole: 'an entry',
  unknown: (container, name) => {
    if (container === '' && SERVER_MEMBERS.has(name)) {
      return { code: 'server-field', message: 'got a value, want none: only the server sets this field' };
    }
    const wanted =
      container === '' ? 'the fields of an entry, or metadata for anything else' : 'the fields that it has';
    return { code: 'unknown-field', message: `got an unknown field, want only ${wanted}` };
  },
  pattern: (pattern) => (pattern === PLAIN_PATTERN ? 'no control characters' : undefined),
};

/** Every way in which the value differs from the schema, one fault a place; none when it is an entry as sent. */
export function schemaFaults(value: JsonValue, prefix: string): SchemaFault[] {
  if (input.Check(value)) return [];
  const [, errors] = input.Errors(value);
  return faultsOf(EntryInputSchema, errors, value, prefix, WORDS);
}
