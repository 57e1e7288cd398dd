/**
 * Event patterns: EventBridge's language, which Lambda's filter criteria share. A pattern is compiled once, and what AWS
 * would refuse at deployment is refused here with the path to it.
 */
import { BlockList, isIP } from 'node:net';

export type EventMatcher = (event: unknown) => boolean;

/** A pattern that AWS would refuse: the path to the place and the reason. */
export class InvalidPattern extends Error {
  override readonly name = 'InvalidPattern';
  constructor(path: readonly string[], reason: string) {
    super(`Event pattern is not valid. Reason: ${reason} at ${path.length > 0 ? path.join('.') : 'its root'}`);
  }
}

type Path = readonly string[];
type Rule = (value: unknown) => boolean;
type Matcher = (argument: unknown, path: Path) => Rule;

export function compilePattern(pattern: unknown): EventMatcher {
  const parsed = typeof pattern === 'string' ? parse(pattern) : pattern;
  if (!isObject(parsed) || Object.keys(parsed).length === 0)
    throw new InvalidPattern([], 'it must be a non-empty object');
  return compileObject(parsed, []);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidPattern([], `it is not JSON (${cause instanceof Error ? cause.message : cause})`);
  }
}

/** Every field must match; `$or` holds alternatives for the fields that they name. */
function compileObject(pattern: Record<string, unknown>, path: Path): EventMatcher {
  const checks = Object.entries(pattern).map(([key, value]): EventMatcher => {
    const here = [...path, key];
    if (key === '$or') return compileOr(value, path);
    if (Array.isArray(value)) return compileField(key, value, here);
    if (!isObject(value)) throw new InvalidPattern(here, 'a field takes an object or an array of values');
    const nested = compileObject(value, here);
    // An array of objects matches when one and the same element satisfies the whole nested pattern.
    return (event) => {
      const field = read(event, key);
      return Array.isArray(field) ? field.some(nested) : nested(field);
    };
  });
  return (event) => checks.every((check) => check(event));
}

function compileOr(value: unknown, path: Path): EventMatcher {
  const here = [...path, '$or'];
  if (!Array.isArray(value) || value.length < 2 || !value.every(isObject)) {
    throw new InvalidPattern(here, '$or takes an array of at least two patterns');
  }
  const alternatives = value.map((alternative, index) => compileObject(alternative, [...here, String(index)]));
  return (event) => alternatives.some((alternative) => alternative(event));
}

function compileField(key: string, values: readonly unknown[], path: Path): EventMatcher {
  if (values.length === 0) throw new InvalidPattern(path, 'an empty array matches nothing');
  const existence = values.filter((value) => isObject(value) && Object.hasOwn(value, 'exists'));
  if (existence.length > 0) return compileExists(key, existence, values, path);
  const rules = values.map((value) => compileValue(value, path));
  return (event) => {
    const field = read(event, key);
    if (field === undefined) return false;
    const elements = Array.isArray(field) ? field : [field];
    return elements.some((element) => !isObject(element) && rules.some((rule) => rule(element)));
  };
}

function compileExists(key: string, existence: readonly unknown[], all: readonly unknown[], path: Path): EventMatcher {
  const wanted = (existence[0] as { exists: unknown }).exists;
  if (typeof wanted !== 'boolean') throw new InvalidPattern(path, 'exists takes true or false');
  const others = all.filter((value) => !existence.includes(value));
  const otherwise = others.length > 0 ? compileField(key, others, path) : () => false;
  // Existence is a question about leaves: a field that holds an object or an empty array does not "exist".
  const exists = (event: unknown): boolean => {
    const field = read(event, key);
    if (Array.isArray(field)) return field.length > 0;
    return field !== undefined && !isObject(field);
  };
  return (event) => exists(event) === wanted || otherwise(event);
}

function compileValue(value: unknown, path: Path): Rule {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return (field) => field === value;
  if (!isObject(value)) throw new InvalidPattern(path, 'a value is a string, number, boolean, null or a matcher');
  const entries = Object.entries(value);
  const [entry] = entries;
  if (entries.length !== 1 || !entry) throw new InvalidPattern(path, 'a matcher has exactly one key');
  const matcher = MATCHERS[entry[0]];
  if (!matcher) throw new InvalidPattern(path, `unrecognized match type ${entry[0]}`);
  return matcher(entry[1], path);
}

const MATCHERS: Readonly<Record<string, Matcher>> = {
  prefix: (argument, path) => affix(argument, path, 'prefix', (text, part) => text.startsWith(part)),
  suffix: (argument, path) => affix(argument, path, 'suffix', (text, part) => text.endsWith(part)),
  'equals-ignore-case': (argument, path) => {
    const wanted = text(argument, path, 'equals-ignore-case').toLowerCase();
    return (field) => typeof field === 'string' && field.toLowerCase() === wanted;
  },
  wildcard: (argument, path) => wildcard(text(argument, path, 'wildcard'), path),
  numeric,
  cidr,
  'anything-but': anythingBut,
};

function affix(argument: unknown, path: Path, name: string, holds: (text: string, part: string) => boolean): Rule {
  if (isObject(argument) && Object.hasOwn(argument, 'equals-ignore-case')) {
    const part = text(argument['equals-ignore-case'], path, name).toLowerCase();
    return (field) => typeof field === 'string' && holds(field.toLowerCase(), part);
  }
  const part = text(argument, path, name);
  return (field) => typeof field === 'string' && holds(field, part);
}

/** `*` is any run of characters, `\*` and `\\` are themselves; two stars in a row are refused, as on AWS. */
function wildcard(argument: string, path: Path): Rule {
  const parts: string[] = [''];
  for (let at = 0; at < argument.length; at++) {
    const letter = argument[at] as string;
    const next = argument[at + 1];
    if (letter === '*') {
      if (next === '*') throw new InvalidPattern(path, 'consecutive wildcard characters');
      parts.push('');
    } else if (letter === '\\') {
      if (next !== '*' && next !== '\\') throw new InvalidPattern(path, 'a backslash escapes * or \\ only');
      parts[parts.length - 1] += next;
      at++;
    } else parts[parts.length - 1] += letter;
  }
  return (field) => typeof field === 'string' && glob(parts, field);
}

/** Greedy left to right with a fixed first and last part: linear, so no pattern can be made to take forever. */
function glob(parts: readonly string[], field: string): boolean {
  const first = parts[0] as string;
  if (parts.length === 1) return field === first;
  const last = parts[parts.length - 1] as string;
  if (!field.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = field.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return field.length - last.length >= at && field.endsWith(last);
}

const COMPARISONS: Readonly<Record<string, (field: number, bound: number) => boolean>> = {
  '=': (field, bound) => field === bound,
  '<': (field, bound) => field < bound,
  '<=': (field, bound) => field <= bound,
  '>': (field, bound) => field > bound,
  '>=': (field, bound) => field >= bound,
};

function numeric(argument: unknown, path: Path): Rule {
  if (!Array.isArray(argument) || (argument.length !== 2 && argument.length !== 4)) {
    throw new InvalidPattern(path, 'numeric takes one or two pairs of comparison and number');
  }
  const rules: ((field: number) => boolean)[] = [];
  for (let at = 0; at < argument.length; at += 2) {
    const comparison = COMPARISONS[String(argument[at])];
    const bound: unknown = argument[at + 1];
    if (!comparison) throw new InvalidPattern(path, `unrecognized numeric comparison ${String(argument[at])}`);
    if (typeof bound !== 'number') throw new InvalidPattern(path, 'numeric compares with a number');
    rules.push((field) => comparison(field, bound));
  }
  return (field) => typeof field === 'number' && rules.every((rule) => rule(field));
}

function cidr(argument: unknown, path: Path): Rule {
  const [address = '', bits = ''] = text(argument, path, 'cidr').split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d+$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) {
    throw new InvalidPattern(path, 'malformed CIDR');
  }
  const block = new BlockList();
  block.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return (field) =>
    typeof field === 'string' && isIP(field) === family && block.check(field, family === 4 ? 'ipv4' : 'ipv6');
}

/** Values, or one nested matcher (prefix, suffix, equals-ignore-case, wildcard) over one string or a list of them. */
function anythingBut(argument: unknown, path: Path): Rule {
  if (isObject(argument)) {
    const [[name, nested] = ['', undefined], ...more] = Object.entries(argument);
    const matcher = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(name) ? MATCHERS[name] : undefined;
    if (!matcher || more.length > 0) throw new InvalidPattern(path, `unsupported anything-but matcher ${name}`);
    const rules = (Array.isArray(nested) ? nested : [nested]).map((part) => matcher(part, path));
    return (field) => !rules.some((rule) => rule(field));
  }
  const values = Array.isArray(argument) ? argument : [argument];
  const scalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value) || value === null;
  if (values.length === 0 || !values.every(scalar)) {
    throw new InvalidPattern(path, 'anything-but takes a value, a list of values or a matcher');
  }
  return (field) => !values.includes(field);
}

function text(argument: unknown, path: Path, name: string): string {
  if (typeof argument !== 'string') throw new InvalidPattern(path, `${name} takes a string`);
  return argument;
}

function read(event: unknown, key: string): unknown {
  return isObject(event) && Object.hasOwn(event, key) ? event[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
