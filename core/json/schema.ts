// What a JSON value has that its schema does not allow, as faults with pointers: for entries and for every request.
import type { TSchema } from 'typebox';
import { Settings } from 'typebox/system';
import { escapeToken, parsePointer } from './pointer.ts';
import type { JsonValue } from './value.ts';

/** More faults than anyone reads; collecting on would let a small request cost a large answer. */
export const MAX_FAULTS = 100;

Settings.Set({ maxErrors: MAX_FAULTS * 2 });

/** Longer names than any real one are cut in a pointer, or a fault could echo a payload. */
const MAX_TOKEN = 128;

export interface SchemaFault {
  /** RFC 6901: the prefix, and the place in the value. */
  readonly pointer: string;
  readonly code: string;
  /** Says what kind of value was there and what is allowed, never the value. */
  readonly message: string;
}

/** One error of TypeBox's own list. */
interface SchemaError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface FaultWords {
  /** What the value has to be as a whole, for an error that no place explains: `an entry`. */
  readonly whole: string;
  /** What a member that the schema lacks is told, by the pointer of its object and its own name. */
  readonly unknown?: (container: string, name: string) => Omit<SchemaFault, 'pointer'>;
  /** What a pattern asks for; otherwise the description of its schema says it. */
  readonly pattern?: (pattern: string) => string | undefined;
}

/**
 * TypeBox's errors of a value that the schema refuses, one fault a place and never none: what the check refuses stays
 * refused, whether or not the list explains it. Throws Error for a keyword that has no message.
 */
export function faultsOf(
  schema: TSchema,
  errors: readonly unknown[],
  value: JsonValue,
  prefix: string,
  words: FaultWords,
): SchemaFault[] {
  const faults = new Map<string, SchemaFault>();
  for (const error of errors) {
    for (const fault of translated(error as SchemaError, { schema, value, prefix, words })) {
      if (!faults.has(fault.pointer)) faults.set(fault.pointer, fault);
    }
  }
  if (faults.size > 0) return [...faults.values()];
  return [{ pointer: prefix, code: 'not-allowed', message: `got something else, want ${words.whole}` }];
}

interface Checked {
  readonly schema: TSchema;
  readonly value: JsonValue;
  readonly prefix: string;
  readonly words: FaultWords;
}

function translated(error: SchemaError, { schema, value, prefix, words }: Checked): SchemaFault[] {
  const place = prefix + error.instancePath;
  // The false schema stands behind every unknown member; additionalProperties only counts them, and may be cut off.
  if (error.keyword === 'boolean') return [unknownMember(error.instancePath, prefix, words)];
  if (error.keyword === 'additionalProperties') return [];
  if (error.keyword === 'required') {
    return (error.params.requiredProperties as string[]).map((name) => missingMember(place, name));
  }
  const got = describeValue(at(value, error.instancePath));
  const [code, want] = expectation(error, schema, words);
  return [{ pointer: place, code, message: `got ${got}, want ${want}` }];
}

export function missingMember(place: string, name: string): SchemaFault {
  return {
    ...{ pointer: `${place}/${name}`, code: 'missing-field' },
    message: 'got nothing, want a value: it is required',
  };
}

const UNKNOWN = { code: 'unknown-field', message: 'got an unknown field, want only the fields that it has' };

function unknownMember(instancePath: string, prefix: string, { unknown = () => UNKNOWN }: FaultWords): SchemaFault {
  const container = instancePath.slice(0, instancePath.lastIndexOf('/'));
  const name = parsePointer(instancePath)!.at(-1)!;
  const token = [...name].length > MAX_TOKEN ? `${[...name].slice(0, MAX_TOKEN).join('')}…` : name;
  return { pointer: `${prefix}${container}/${escapeToken(token)}`, ...unknown(container, name) };
}

function expectation(error: SchemaError, schema: TSchema, words: FaultWords): [code: string, want: string] {
  const { keyword, params } = error;
  switch (keyword) {
    case 'type':
      return ['wrong-type', article(String(params.type))];
    case 'minLength':
      return ['too-short', `at least ${params.limit} character${params.limit === 1 ? '' : 's'}`];
    case 'maxLength':
      return ['too-long', `at most ${params.limit} characters`];
    case 'minItems':
      return ['too-few-items', `at least ${params.limit} item${params.limit === 1 ? '' : 's'}`];
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
      return ['bad-format', words.pattern?.(String(params.pattern)) ?? describedAt(schema, error.schemaPath)];
    case 'format':
      return FORMATS[String(params.format)] ?? ['bad-format', describedAt(schema, error.schemaPath)];
    default:
      throw new Error(`got the schema keyword ${keyword}, want one that has a message`);
  }
}

const ARTICLES: Readonly<Record<string, string>> = { object: 'an object', array: 'an array', integer: 'an integer' };

function article(type: string): string {
  return ARTICLES[type] ?? `a ${type}`;
}

const FORMATS: Readonly<Record<string, [code: string, want: string]>> = {
  'date-time': ['bad-time', 'an RFC 3339 time with its offset'],
};

/** A schema's own description says what its pattern means. */
function describedAt(root: TSchema, schemaPath: string): string {
  let schema: unknown = root;
  for (const token of parsePointer(schemaPath.slice(1)) ?? []) schema = (schema as Record<string, unknown>)[token];
  return (schema as { readonly description?: string }).description ?? 'another form';
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
