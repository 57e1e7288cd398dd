// Parses the text of a query.
import { parseTime } from '../entry/time.ts';
import { ALL, and, type Bound, type FieldTest, not, or, type Query, type WildcardPart } from './ast.ts';
import { expectedOf } from './closed.ts';
import { QueryError } from './error.ts';
import { type Field, fieldAt, SEVERITY_ORDER, similarFields } from './fields.ts';
import { lex, type RangeText, type Token } from './lex.ts';
import { MAX_NESTING, MAX_TERMS } from './limits.ts';
import { readPattern } from './regex.ts';
import { dayOf } from './time.ts';

/** The tree of a query; an empty one asks for every entry. Throws QueryError. */
export function parseQuery(text: string): Query {
  const parser = new Parser(lex(text));
  return parser.query();
}

const isOperator = ({ kind, text, wild }: Token, operator: string): boolean =>
  kind === 'word' && text === operator && wild.size === 0;

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #terms = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  query(): Query {
    if (this.#peek().kind === 'end') return ALL;
    const query = this.#disjunction(0);
    if (this.#peek().kind !== 'end') throw this.#fault('an opening parenthesis to this closing one');
    return query;
  }

  #disjunction(depth: number, field?: Field): Query {
    if (depth > MAX_NESTING) throw this.#fault(`at most ${MAX_NESTING} parentheses inside each other`);
    const of = [this.#conjunction(depth, field)];
    while (isOperator(this.#peek(), 'OR')) {
      this.#at++;
      of.push(this.#conjunction(depth, field));
    }
    return or(...of);
  }

  #conjunction(depth: number, field?: Field): Query {
    const of = [this.#negation(depth, field)];
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'end' || token.kind === 'close' || isOperator(token, 'OR')) return and(...of);
      if (isOperator(token, 'AND')) this.#at++;
      of.push(this.#negation(depth, field));
    }
  }

  #negation(depth: number, field?: Field): Query {
    let negated = false;
    while (isOperator(this.#peek(), 'NOT') || this.#peek().kind === 'minus') {
      this.#at++;
      negated = !negated;
    }
    const query = this.#term(depth, field);
    return negated ? not(query) : query;
  }

  #term(depth: number, field?: Field): Query {
    const token = this.#peek();
    if (token.kind === 'end' || token.kind === 'close' || ['AND', 'OR'].some((one) => isOperator(token, one))) {
      throw this.#fault('a condition: a word, "a phrase", field:value or /a regular expression/');
    }
    this.#at++;
    if (token.kind === 'open') return this.#parenthesis(depth, field);
    if (++this.#terms > MAX_TERMS) throw new QueryError(token.column, `at most ${MAX_TERMS} conditions`);
    if (token.kind === 'field') {
      if (field !== undefined) throw new QueryError(token.column, 'values alone inside of a field’s parentheses');
      return this.#fieldTerm(token, depth);
    }
    return field === undefined ? textTerm(token) : fieldTerm(field, token);
  }

  #parenthesis(depth: number, field?: Field): Query {
    const query = this.#disjunction(depth + 1, field);
    if (this.#peek().kind !== 'close') throw this.#fault('a closing parenthesis');
    this.#at++;
    return query;
  }

  #fieldTerm({ text, column }: Token, depth: number): Query {
    const field = fieldAt(text.split('.'));
    if (field === undefined) throw new QueryError(column, unknownField(text));
    const token = this.#peek();
    if (token.spaced || token.kind === 'close' || token.kind === 'end') {
      throw new QueryError(column + [...text].length + 1, 'a value directly behind the colon');
    }
    this.#at++;
    return token.kind === 'open' ? this.#parenthesis(depth, field) : fieldTerm(field, token);
  }

  #peek(): Token {
    return this.#tokens[this.#at]!;
  }

  #fault(expected: string): QueryError {
    return new QueryError(this.#peek().column, expected);
  }
}

function unknownField(name: string): string {
  const similar = similarFields(name);
  const hint = similar.length === 0 ? '' : ` (such as ${similar.join(', ')})`;
  return `the name of a field${hint}; text with a colon goes in quotes`;
}

function textTerm(token: Token): Query {
  const { kind, text, column, wild } = token;
  if (kind === 'regex') {
    const { anchored } = readPattern(text, column + 1);
    if (anchored)
      throw new QueryError(column, 'a regular expression without ^ and $, which free text has no places for');
    return { kind: 'text', test: { kind: 'regex', source: text } };
  }
  if (kind !== 'word' && kind !== 'phrase') throw new QueryError(column, 'a condition');
  if (wild.size > 0) return { kind: 'text', test: { kind: 'wildcard', pattern: patternOf(token) } };
  if (text === '') throw new QueryError(column, 'text between the quotation marks');
  return { kind: 'text', test: { kind: 'words', value: text } };
}

function fieldTerm(field: Field, token: Token): Query {
  return { kind: 'field', path: field.path, test: testOf(field, token) };
}

function testOf(field: Field, token: Token): FieldTest {
  const { kind, text, column, wild, range } = token;
  if (kind === 'word' && text === '*' && wild.size === 1) return { kind: 'exists' };
  if (field.kind === 'group')
    throw new QueryError(column, `* behind ${field.path.join('.')}, which has no value of its own`);
  if (kind === 'regex') {
    demand(['keyword', 'text', 'json'], field, column, 'no regular expression');
    readPattern(text, column + 1);
    return { kind: 'regex', source: text };
  }
  if (range !== undefined) return rangeTest(field, range, column);
  if (kind !== 'word' && kind !== 'phrase') throw new QueryError(column, 'a value');
  if (wild.size > 0) {
    demand(['keyword', 'text', 'json', 'list'], field, column, 'no wildcards');
    return { kind: 'wildcard', pattern: patternOf(token) };
  }
  checkValue(field, text, column);
  checkClosed(field, text, column);
  return { kind: 'equals', value: text };
}

function demand(kinds: readonly Field['kind'][], { kind, path }: Field, column: number, expected: string): void {
  if (!kinds.includes(kind)) throw new QueryError(column, `${expected} for ${path.join('.')}, which is a ${kind}`);
}

function rangeTest(field: Field, range: RangeText, column: number): FieldTest {
  demand(['keyword', 'time', 'number', 'json'], field, column, 'no range');
  const { low, high, includesLow, includesHigh } = range;
  const bound = (value: string | undefined, inclusive: boolean): Bound | undefined => {
    if (value === undefined) return undefined;
    checkValue(field, value, column);
    checkSeverity(field, value, column);
    return { value, inclusive };
  };
  const [from, to] = [bound(low, includesLow), bound(high, includesHigh)];
  return { kind: 'range', ...(from === undefined ? {} : { low: from }), ...(to === undefined ? {} : { high: to }) };
}

function checkValue({ kind }: Field, value: string, column: number): void {
  if (kind === 'number' && !isNumber(value)) throw new QueryError(column, 'a number');
  if (kind === 'time' && dayOf(value) === undefined && parseTime(value) === undefined) {
    throw new QueryError(column, 'a time such as 2026-03-01T09:30:00Z, or a day such as 2026-03-01');
  }
}

/** Only of values that are asked for as they are: patterns and ranges may name what no entry has. */
function checkClosed({ path }: Field, value: string, column: number): void {
  const expected = expectedOf(path, value);
  if (expected !== undefined) throw new QueryError(column, expected);
}

/** Severities have an order of their own. */
function checkSeverity({ path }: Field, value: string, column: number): void {
  if (path.join('.') === 'severity' && !SEVERITY_ORDER.some((one) => one === value)) {
    throw new QueryError(column, `one of ${SEVERITY_ORDER.join(', ')}`);
  }
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** As JSON writes them; a finite double. */
export function isNumber(text: string): boolean {
  return NUMBER.test(text) && Number.isFinite(Number(text));
}

function patternOf({ text, wild }: Token): WildcardPart[] {
  const parts: WildcardPart[] = [];
  for (const [i, point] of [...text].entries()) {
    const last = parts.at(-1);
    if (wild.has(i)) {
      const any = point === '*' ? 'run' : 'one';
      if (any === 'run' && typeof last === 'object' && last.any === 'run') continue;
      parts.push({ any });
    } else if (typeof last === 'string') parts[parts.length - 1] = last + point;
    else parts.push(point);
  }
  return parts;
}
