// A query as a condition in Athena's SQL.
import type { FieldTest, Query, TextTest } from './ast.ts';
import type { Field } from './fields.ts';
import { fold, foldSql, jsonEscaped, MEMBER_NAMES } from './fold.ts';
import { fieldOf, JSON_NUMBER } from './match.ts';
import { isNumeric, type Range, severitiesIn, timeRange } from './range.ts';
import { readPattern } from './regex.ts';
import { CHARACTER, wildcardSource } from './source.ts';
import { spanOf } from './time.ts';

/**
 * The query as a condition over the archive's table (names/segment.ts and its partitions), in the SQL of Trino that Athena's
 * engine version 3 runs. It is true for exactly the entries that match.ts's predicate accepts: each condition is two-valued,
 * so that NOT is exact where a value is missing.
 */
export function toSql(query: Query): string {
  switch (query.kind) {
    case 'all':
      return 'true';
    case 'and':
    case 'or':
      return `(${query.of.map(toSql).join(query.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `NOT ${toSql(query.of)}`;
    case 'related':
      return known(relatedSql(query.type, query.id));
    case 'text':
      return known(textSql(query.test));
    case 'field':
      return known(fieldSql(fieldOf(query.path), query.test));
  }
}

const known = (condition: string): string => `coalesce(${condition}, false)`;

/** The one escape that a string of standard SQL has. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** As core/query/fold.ts makes it: split at the names of members and put together again. */
const HAYSTACK = `array_join(regexp_split(entry, ${literal(MEMBER_NAMES)}), ' ')`;

function textSql(test: TextTest): string {
  switch (test.kind) {
    case 'words':
      return contains(foldSql(HAYSTACK), fold(jsonEscaped(test.value)));
    case 'wildcard':
      return fits(foldSql(HAYSTACK), wildcardSource(test.pattern, { folded: true }));
    case 'regex':
      return fits(HAYSTACK, readPattern(test.source, 1).source);
  }
}

const contains = (text: string, needle: string): string => `strpos(${text}, ${literal(needle)}) > 0`;
const fits = (text: string, source: string): string => `regexp_like(${text}, ${literal(source)})`;

function fieldSql(field: Field, test: FieldTest): string {
  const { kind } = field;
  if (kind === 'list') return listSql(field, test);
  if (test.kind === 'exists') return `${jsonText(field.path)} <> 'null'`;
  const text = textOf(field);
  switch (kind) {
    case 'time':
      return timeSql(field, test);
    case 'number':
      return numberSql(field.column ?? `CAST(${text} AS double)`, test);
    case 'text':
      return readableSql(text, test);
    case 'json':
      return jsonSql(field, text, test);
    default:
      if (test.kind === 'range' && field.path.join('.') === 'severity') return oneOf(text, severitiesIn(test));
      return keywordSql(text, test);
  }
}

/** A column where the archive has one, or else the scalar in the entry itself. */
function textOf({ column, path }: Field): string {
  return column ?? `json_extract_scalar(entry, ${literal(jsonPath(path))})`;
}

const jsonPath = (path: readonly string[]): string => `$.${path.join('.')}`;

/** Of the value in the entry, whatever it is: JSON text, 'null' for null, NULL for none. */
const jsonText = (path: readonly string[]): string => `json_format(json_extract(entry, ${literal(jsonPath(path))}))`;

function keywordSql(text: string, test: FieldTest): string {
  switch (test.kind) {
    case 'equals':
      return `${text} = ${literal(test.value)}`;
    case 'wildcard':
      return fits(text, wholeSource(test.pattern));
    case 'regex':
      return fits(text, readPattern(test.source, 1).source);
    case 'range':
      return rangeSql(text, test, literal);
    case 'exists':
      return `${text} IS NOT NULL`;
  }
}

/** A pattern over a value itself, not over JSON. A dot takes a line's end too here. */
function wholeSource(pattern: Extract<FieldTest, { kind: 'wildcard' }>['pattern']): string {
  const parts = pattern.map((part) => {
    if (typeof part === 'string') return part.replace(/[!-/:-@[-`{-~]/g, '\\$&');
    return part.any === 'run' ? '(?:.|\\n)*' : '(?:.|\\n)';
  });
  return `\\A${parts.join('')}\\z`;
}

function readableSql(text: string, test: FieldTest): string {
  if (test.kind === 'equals') return contains(foldSql(text), fold(test.value));
  if (test.kind !== 'wildcard') return keywordSql(text, test);
  return fits(foldSql(text), wholeSource(test.pattern.map((part) => (typeof part === 'string' ? fold(part) : part))));
}

function rangeSql(value: string, { low, high }: Range, write: (bound: string) => string): string {
  return [
    ...(low === undefined ? [] : [`${value} ${low.inclusive ? '>=' : '>'} ${write(low.value)}`]),
    ...(high === undefined ? [] : [`${value} ${high.inclusive ? '<=' : '<'} ${write(high.value)}`]),
  ].join(' AND ');
}

/** With an exponent, since SQL takes other numbers for decimals. */
const double = (text: string): string => Number(text).toExponential().replace('e', 'E').replace('+', '');

function numberSql(value: string, test: FieldTest): string {
  if (test.kind === 'range') return rangeSql(value, test, double);
  return `${value} = ${double((test as { readonly value: string }).value)}`;
}

function timeSql({ column }: Field, test: FieldTest): string {
  const { from, to } = test.kind === 'range' ? timeRange(test) : spanOf((test as { readonly value: string }).value)!;
  return [
    ...(Number.isFinite(from) ? [`${column} >= ${timestamp(from)}`] : []),
    ...(Number.isFinite(to) ? [`${column} < ${timestamp(to)}`] : []),
  ].join(' AND ');
}

/** Epoch milliseconds as a timestamp of the archive's columns, which are in UTC. */
function timestamp(time: number): string {
  return `TIMESTAMP '${new Date(time).toISOString().replace('T', ' ').slice(0, -1)}'`;
}

const oneOf = (text: string, values: readonly string[]): string =>
  values.length === 0 ? 'false' : `${text} IN (${values.map(literal).join(', ')})`;

/** A scalar by its text; a list by whether it holds the value, in whichever type has this text. */
function jsonSql({ path }: Field, text: string, test: FieldTest): string {
  if (test.kind === 'range' && isNumeric(test)) {
    const number = `CASE WHEN ${fits(text, anchored(JSON_NUMBER))} THEN CAST(${text} AS double) END`;
    return rangeSql(number, test, double);
  }
  if (test.kind !== 'equals') return keywordSql(text, test);
  const list = `json_extract(entry, ${literal(jsonPath(path))})`;
  const items = itemLiterals(test.value).map((item) => known(`json_array_contains(${list}, ${item})`));
  return `(${[known(keywordSql(text, test)), ...items].join(' OR ')})`;
}

const anchored = ({ source }: RegExp): string => source.replace('^', '\\A').replace('$', '\\z');

function itemLiterals(value: string): string[] {
  if (value === 'true' || value === 'false') return [literal(value), value];
  const number = Number(value);
  // Only the canonical spelling of a number equals it, as with scalars.
  return String(number) === value && Number.isFinite(number)
    ? [literal(value), ...(Number.isSafeInteger(number) ? [`CAST(${value} AS bigint)`] : []), double(value)]
    : [literal(value)];
}

/**
 * Items of `related` are flat objects of strings, in canonical JSON: `"id":"` begins a value there and stands nowhere inside
 * of one, where quotation marks are escaped. So what is sought can be sought in the list's text. Addresses hold no
 * quotation mark, bracket or comma.
 */
/** Members of canonical JSON are in order: between an item's id and its type are name and reference. */
function relatedSql(type: string, id: string): string {
  const member = (name: string, value: string) => `"${name}":"${wildcardSource([value], { folded: false })}"`;
  return fits(jsonText(['related']), `${member('id', id)}(?:,"[a-z]+":"${CHARACTER}*")*,${member('type', type)}`);
}

function listSql({ path }: Field, test: FieldTest): string {
  const member = path[0] === 'related' ? path.at(-1)! : undefined;
  const text = jsonText(member === undefined ? path : path.slice(0, -1));
  const [before, after] = member === undefined ? ['[\\[,]"', '"[,\\]]'] : [`"${member}":"`, '"'];
  switch (test.kind) {
    case 'equals':
      if (member !== undefined) return contains(text, `"${member}":"${jsonEscaped(test.value)}"`);
      return `json_array_contains(json_extract(entry, ${literal(jsonPath(path))}), ${literal(test.value)})`;
    case 'wildcard':
      return fits(text, `${before}${wildcardSource(test.pattern, { folded: false })}${after}`);
    case 'exists':
      return member === undefined ? `strpos(${text}, '["') = 1` : contains(text, `"${member}":"`);
    default:
      throw new RangeError(`a ${test.kind} is no condition on a list`);
  }
}
