// A query as a predicate over entries.
import { RE2JS } from 're2js';
import type { Entry } from '../entry/schema.ts';
import { parseTime } from '../entry/time.ts';
import type { FieldTest, Query, TextTest } from './ast.ts';
import { type Field, fieldAt } from './fields.ts';
import { fold, haystack, jsonEscaped } from './fold.ts';
import { isNumeric, numberInRange, severitiesIn, textInRange, timeRange } from './range.ts';
import { readPattern } from './regex.ts';
import { wildcardSource } from './source.ts';
import { spanOf } from './time.ts';
import { itemsOf, scalarText, valueAt } from './values.ts';
import { wildcardMatcher } from './wildcard.ts';

/** An entry, and its canonical bytes. */
export interface Candidate {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
}

type Test = (candidate: Texts) => boolean;

const DECODER = new TextDecoder();

/** What free text is sought in, made once an entry however many conditions ask for it. */
class Texts {
  readonly entry: Entry;
  readonly #bytes: Uint8Array;
  #plain: string | undefined;
  #folded: string | undefined;

  constructor({ entry, bytes }: Candidate) {
    this.entry = entry;
    this.#bytes = bytes;
  }

  get plain(): string {
    this.#plain ??= haystack(DECODER.decode(this.#bytes));
    return this.#plain;
  }

  get folded(): string {
    this.#folded ??= fold(this.plain);
    return this.#folded;
  }
}

/** The query as a predicate; sql.ts says the same to Athena. */
export function compileQuery(query: Query): (candidate: Candidate) => boolean {
  const test = compile(query);
  return (candidate) => test(new Texts(candidate));
}

function compile(query: Query): Test {
  switch (query.kind) {
    case 'all':
      return () => true;
    case 'and': {
      const tests = query.of.map(compile);
      return (texts) => tests.every((test) => test(texts));
    }
    case 'or': {
      const tests = query.of.map(compile);
      return (texts) => tests.some((test) => test(texts));
    }
    case 'not': {
      const test = compile(query.of);
      return (texts) => !test(texts);
    }
    case 'related': {
      const { type, id } = query;
      return ({ entry: { related } }) =>
        Array.isArray(related) && related.some((one) => one?.type === type && one.id === id);
    }
    case 'text':
      return textTest(query.test);
    case 'field':
      return fieldTest(fieldOf(query.path), query.test);
  }
}

/** A tree that was not parsed may name what is no field. */
export function fieldOf(path: readonly string[]): Field {
  const field = fieldAt(path);
  if (field === undefined) throw new RangeError(`${path.join('.')} is no field of an entry`);
  return field;
}

function textTest(test: TextTest): Test {
  switch (test.kind) {
    case 'words': {
      const needle = fold(jsonEscaped(test.value));
      return ({ folded }) => folded.includes(needle);
    }
    case 'wildcard': {
      const finds = finder(wildcardSource(test.pattern, { folded: true }));
      return ({ folded }) => finds(folded);
    }
    case 'regex': {
      const finds = finder(readPattern(test.source, 1).source);
      return ({ plain }) => finds(plain);
    }
  }
}

function finder(source: string): (text: string) => boolean {
  const expression = RE2JS.compile(source);
  return (text) => expression.test(text);
}

function fieldTest(field: Field, test: FieldTest): Test {
  const { kind, path } = field;
  if (test.kind === 'exists') return existence(field);
  if (kind === 'list') {
    const fits = textFits(test);
    return ({ entry }) => itemsOf(entry, field).some(fits);
  }
  if (kind === 'time') {
    const { from, to } = test.kind === 'range' ? timeRange(test) : spanOf((test as Equals).value)!;
    return onText(path, (text) => {
      const time = parseTime(text);
      return time !== undefined && time >= from && time < to;
    });
  }
  if (kind === 'number') {
    const fits =
      test.kind === 'range'
        ? (n: number) => numberInRange(test, n)
        : (n: number) => n === Number((test as Equals).value);
    return ({ entry }) => {
      const value = valueAt(entry, path);
      return typeof value === 'number' && fits(value);
    };
  }
  if (kind === 'json') return jsonTest(path, test);
  return onText(
    path,
    kind === 'text' ? readableFits(test) : path.join('.') === 'severity' ? severityFits(test) : textFits(test),
  );
}

type Equals = Extract<FieldTest, { kind: 'equals' }>;

function onText(path: readonly string[], fits: (text: string) => boolean): Test {
  return ({ entry }) => {
    const value = valueAt(entry, path);
    return typeof value === 'string' && fits(value);
  };
}

function existence(field: Field): Test {
  if (field.kind === 'list') return ({ entry }) => itemsOf(entry, field).length > 0;
  return ({ entry }) => {
    const value = valueAt(entry, field.path);
    return value !== undefined && value !== null;
  };
}

/** Of text that identifies. */
function textFits(test: FieldTest): (text: string) => boolean {
  switch (test.kind) {
    case 'equals':
      return (text) => text === test.value;
    case 'wildcard':
      return wildcardMatcher(test.pattern);
    case 'regex':
      return finder(readPattern(test.source, 1).source);
    case 'range':
      return (text) => textInRange(test, text);
    case 'exists':
      return () => true;
  }
}

/** Of text to read: it occurs somewhere, whatever the case; a pattern has to fit the whole. */
function readableFits(test: FieldTest): (text: string) => boolean {
  if (test.kind === 'equals') {
    const needle = fold(test.value);
    return (text) => fold(text).includes(needle);
  }
  if (test.kind !== 'wildcard') return textFits(test);
  const fits = wildcardMatcher(test.pattern.map((part) => (typeof part === 'string' ? fold(part) : part)));
  return (text) => fits(fold(text));
}

function severityFits(test: FieldTest): (text: string) => boolean {
  if (test.kind !== 'range') return textFits(test);
  const within = new Set(severitiesIn(test));
  return (text) => within.has(text);
}

/** A scalar by its text; a list by whether an item equals. */
function jsonTest(path: readonly string[], test: FieldTest): Test {
  const fits = test.kind === 'range' && isNumeric(test) ? numericFits(test) : textFits(test);
  return ({ entry }) => {
    const value = valueAt(entry, path);
    if (Array.isArray(value)) return test.kind === 'equals' && value.some((item) => scalarText(item) === test.value);
    const text = scalarText(value);
    return text !== undefined && fits(text);
  };
}

const numericFits = (test: Extract<FieldTest, { kind: 'range' }>) => (text: string) =>
  JSON_NUMBER.test(text) && numberInRange(test, Number(text));

/** What sql.ts takes for a number too, before it casts. */
export const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
