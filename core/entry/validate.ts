// Finds every way in which a value differs from a schema.
import { Compile } from 'typebox/schema';
import { Settings } from 'typebox/system';
import { escapeToken, parsePointer } from '../json/pointer.ts';
import type { JsonValue } from '../json/value.ts';
import type { Fault } from './faults.ts';
import { EntryInputSchema, PLAIN_PATTERN } from './schema.ts';

/** More faults than anyone reads; collecting on would let a small request cost a large answer. */
export const MAX_FAULTS = 100;

Settings.Set({ maxErrors: MAX_FAULTS * 2 });

const input = Compile(EntryInputSchema);

/** Members of an entry that a client sees when it reads one back, but never sends. */
const SERVER_MEMBERS: ReadonlySet<string> = new Set(['recordedAt', 'recorder', 'redacted', 'late']);

/** Longer names than any real one are cut in a pointer, or a fault could echo a payload. */
const MAX_TOKEN = 128;

/** Every way in which the value differs from the schema, one fault a place; none when it is an entry as sent. */
export function schemaFaults(value: JsonValue, prefix: string): Fault[] {
  if (input.Check(value)) return [];
  const [, errors] = input.Errors(value);
  const faults = new Map<string, Fault>();
  for (const error of errors) {
    for (const fault of translate(error as SchemaError, value, prefix)) {
      if (!faults.has(fault.pointer)) faults.set(fault.pointer, fault);
    }
  }
  // What the compiled check refuses stays refused, whether or not the list of errors explains it.
  if (faults.size === 0)
    return [{ pointer: prefix, code: 'not-an-entry', message: 'got something else, want an entry' }];
  return [...faults.values()];
}

interface SchemaError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

function translate(error: SchemaError, root: JsonValue, prefix: string): Fault[] {
  const place = prefix + error.instancePath;
  // The false schema stands behind every unknown member; additionalProperties only counts them, and may be cut off.
  if (error.keyword === 'boolean') return [unknownMember(error.instancePath, prefix)];
  if (error.keyword === 'additionalProperties') return [];
  if (error.keyword === 'required') {
    return (error.params.requiredProperties as string[]).map((key) => missingMember(place, key));
  }
  const got = describeValue(at(root, error.instancePath));
  const [code, want] = expectation(error);
  return [{ pointer: place, code, message: `got ${got}, want ${want}` }];
}

export function missingMember(place: string, key: string): Fault {
  return { pointer: `${place}/${key}`, code: 'missing-field', message: 'got nothing, want a value: it is required' };
}

function unknownMember(instancePath: string, prefix: string): Fault {
  const container = instancePath.slice(0, instancePath.lastIndexOf('/'));
  const key = parsePointer(instancePath)!.at(-1)!;
  const token = [...key].length > MAX_TOKEN ? `${[...key].slice(0, MAX_TOKEN).join('')}…` : key;
  const pointer = `${prefix}${container}/${escapeToken(token)}`;
  if (container === '' && SERVER_MEMBERS.has(key)) {
    return { pointer, code: 'server-field', message: 'got a value, want none: only the server sets this field' };
  }
  const wanted = container === '' ? 'the fields of an entry, or metadata for anything else' : 'the fields that it has';
  return { pointer, code: 'unknown-field', message: `got an unknown field, want only ${wanted}` };
}

function expectation({ keyword, params, schemaPath }: SchemaError): [code: string, want: string] {
  switch (keyword) {
    case 'type':
      return ['wrong-type', `${article(String(params.type))}`];
    case 'minLength':
      return ['too-short', `at least ${params.limit} character`];
    case 'maxLength':
      return ['too-long', `at most ${params.limit} characters`];
    case 'maxItems':
      return ['too-many-items', `at most ${params.limit} items`];
    case 'enum':
      return ['not-allowed', `one of ${(params.allowedValues as string[]).join(', ')}`];
    case 'const':
      return ['not-allowed', String(params.allowedValue)];
    case 'minimum':
      return ['out-of-range', `at least ${params.limit}`];
    case 'maximum':
      return ['out-of-range', `at most ${params.limit}`];
    case 'pattern':
      return ['bad-format', wantedFormat(schemaPath)];
    default:
      throw new Error(`got the schema keyword ${keyword}, want one that has a message`);
  }
}

const ARTICLES: Readonly<Record<string, string>> = { object: 'an object', array: 'an array', integer: 'an integer' };

function article(type: string): string {
  return ARTICLES[type] ?? `a ${type}`;
}

/** A schema's own description says what its pattern means. */
function wantedFormat(schemaPath: string): string {
  let schema: unknown = EntryInputSchema;
  for (const token of parsePointer(schemaPath.slice(1)) ?? []) schema = (schema as Record<string, unknown>)[token];
  const { description, pattern } = schema as { description?: string; pattern: string };
  return pattern === PLAIN_PATTERN ? 'no control characters' : (description ?? 'another form');
}

function at(root: JsonValue, pointer: string): JsonValue {
  let value = root;
  for (const token of parsePointer(pointer) ?? []) value = (value as Record<string, JsonValue>)[token]!;
  return value;
}

/** What a value is like, without saying what it is: it may be a secret in the wrong place. */
export function describeValue(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length} item${value.length === 1 ? '' : 's'}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return `a ${typeof value}`;
  const { length } = [...value];
  return `a string of ${length} character${length === 1 ? '' : 's'}`;
}
