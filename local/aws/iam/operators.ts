/** Condition operators of IAM policies. */
import { BlockList, isIP } from 'node:net';
import { compile, type Lookup, matches, matchesArn } from './glob.ts';

type Compare = (actual: string, wanted: string, lookup: Lookup | undefined) => boolean;

export interface Operator {
  readonly name: string;
  /** `Null` asks whether the key is there, and compares nothing. */
  readonly compare?: Compare;
  /** StringNotEquals and the like: true when no wanted value fits, and when the key is missing. */
  readonly negated: boolean;
  /** …IfExists: true when the key is missing. */
  readonly ifExists: boolean;
  readonly set?: 'ForAnyValue' | 'ForAllValues';
}

const literal = (text: string, lookup: Lookup | undefined): string | undefined => {
  const pattern = compile(text, lookup);
  // Operators without wildcards: `*` and `?` are themselves.
  return pattern?.map((code) => (code === -1 ? '*' : code === -2 ? '?' : String.fromCharCode(code))).join('');
};

const equals: Compare = (actual, wanted, lookup) => actual === literal(wanted, lookup);
const equalsIgnoringCase: Compare = (actual, wanted, lookup) =>
  actual.toLowerCase() === literal(wanted, lookup)?.toLowerCase();
const like: Compare = (actual, wanted, lookup) => {
  const pattern = compile(wanted, lookup);
  return pattern !== undefined && matches(pattern, actual);
};
const arnLike: Compare = (actual, wanted, lookup) => {
  const pattern = compile(wanted, lookup);
  return pattern !== undefined && matchesArn(pattern, actual);
};

const number =
  (test: (actual: number, wanted: number) => boolean): Compare =>
  (actual, wanted) =>
    isNumber(actual) && isNumber(wanted) && test(Number(actual), Number(wanted));

const date =
  (test: (actual: number, wanted: number) => boolean): Compare =>
  (actual, wanted) => {
    const [left, right] = [time(actual), time(wanted)];
    return left !== undefined && right !== undefined && test(left, right);
  };

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

/** ISO 8601, or seconds since 1970. */
function time(text: string): number | undefined {
  const ms = isNumber(text) ? Number(text) * 1000 : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

const inNetwork: Compare = (actual, wanted) => {
  const [address = '', bits] = wanted.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(actual) !== family) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const network = new BlockList();
  network.addSubnet(address, bits === undefined ? (family === 4 ? 32 : 128) : Number(bits), type);
  return network.check(actual, type);
};

const BASES: Readonly<Record<string, Compare>> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: equalsIgnoringCase,
  StringLike: like,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  NumericEquals: number((actual, wanted) => actual === wanted),
  NumericLessThan: number((actual, wanted) => actual < wanted),
  NumericLessThanEquals: number((actual, wanted) => actual <= wanted),
  NumericGreaterThan: number((actual, wanted) => actual > wanted),
  NumericGreaterThanEquals: number((actual, wanted) => actual >= wanted),
  DateEquals: date((actual, wanted) => actual === wanted),
  DateLessThan: date((actual, wanted) => actual < wanted),
  DateLessThanEquals: date((actual, wanted) => actual <= wanted),
  DateGreaterThan: date((actual, wanted) => actual > wanted),
  DateGreaterThanEquals: date((actual, wanted) => actual >= wanted),
  Bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  BinaryEquals: (actual, wanted) => actual === wanted,
  IpAddress: inNetwork,
};

const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

const FORM = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/;

export function isOperator(name: string): boolean {
  const [, set, base = '', ifExists] = FORM.exec(name) ?? [];
  if (base === 'Null') return set === undefined && ifExists === undefined;
  return Object.hasOwn(BASES, base) || Object.hasOwn(NEGATED, base);
}

/** Of a name that `isOperator` knows. */
export function parseOperator(name: string): Operator {
  const [, set, base = '', ifExists] = FORM.exec(name) ?? [];
  const negated = Object.hasOwn(NEGATED, base);
  const compare = BASES[negated ? NEGATED[base]! : base];
  return {
    name,
    ...(compare === undefined ? {} : { compare }),
    negated,
    ifExists: ifExists !== undefined,
    ...(set === undefined ? {} : { set: set as 'ForAnyValue' | 'ForAllValues' }),
  };
}

/** `actual` is undefined when the request has no such key. */
export function holds(
  operator: Operator,
  wanted: readonly string[],
  actual: readonly string[] | undefined,
  lookup: Lookup | undefined,
): boolean {
  const { compare } = operator;
  if (!compare) return wanted.some((value) => (value.toLowerCase() === 'true') === (actual === undefined));
  if (actual === undefined) {
    if (operator.ifExists || operator.set === 'ForAllValues') return true;
    return operator.set === undefined && operator.negated;
  }
  const fits = (value: string) => wanted.some((candidate) => compare(value, candidate, lookup)) !== operator.negated;
  const all = operator.set === 'ForAllValues' || (operator.set === undefined && operator.negated);
  return all ? actual.every(fits) : actual.some(fits);
}
