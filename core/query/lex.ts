// The tokens of a query.
import { QueryError } from './error.ts';
import { MAX_QUERY_LENGTH } from './limits.ts';

/** A part of a query, with the column at which it begins. */
export interface Token {
  readonly kind: 'open' | 'close' | 'word' | 'phrase' | 'regex' | 'field' | 'range' | 'minus' | 'compare' | 'end';
  /** Of a word, phrase or field: its text, escapes resolved. Of a regex: its source. Of a comparison: its sign. */
  readonly text: string;
  readonly column: number;
  /** Of a word: indexes (in code points of `text`) of characters that were not escaped and are wildcards. */
  readonly wild: ReadonlySet<number>;
  /** Of a range. */
  readonly range?: RangeText;
  /** Whether blanks stand before it. */
  readonly spaced: boolean;
}

export interface RangeText {
  /** Undefined for `*`, which is no bound. */
  readonly low: string | undefined;
  readonly high: string | undefined;
  readonly includesLow: boolean;
  readonly includesHigh: boolean;
}

const NO_WILDCARDS: ReadonlySet<number> = new Set();
const BLANK = /\s/u;
/** Names that the JSON paths of Trino and of DuckDB both take as they are. */
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;
/** Below these are the application's own names. */
const OPEN_PATH = /^(?:metadata|change)\./;
const SIGNS = ['>=', '<=', '>', '<'];

/** Throws QueryError. */
export function lex(text: string): Token[] {
  const points = [...text];
  if (points.length > MAX_QUERY_LENGTH) {
    throw new QueryError(MAX_QUERY_LENGTH + 1, `a query of at most ${MAX_QUERY_LENGTH} characters`);
  }
  return new Lexer(points).tokens();
}

class Lexer {
  readonly #points: readonly string[];
  #at = 0;
  #spaced = true;
  /** Behind a field's colon a value follows: signs and brackets mean something only there. */
  #value = false;

  constructor(points: readonly string[]) {
    this.#points = points;
  }

  tokens(): Token[] {
    const tokens: Token[] = [];
    for (;;) {
      const before = this.#at;
      while (this.#at < this.#points.length && BLANK.test(this.#points[this.#at]!)) this.#at++;
      this.#spaced = this.#at > before || before === 0;
      if (this.#spaced) this.#value = false;
      if (this.#at >= this.#points.length) return [...tokens, this.#token('end', '', this.#at + 1)];
      const token = this.#next();
      this.#value = token.kind === 'field';
      tokens.push(token);
    }
  }

  #next(): Token {
    const column = this.#at + 1;
    const point = this.#points[this.#at]!;
    if (point === '(' || point === ')') {
      this.#at++;
      return this.#token(point === '(' ? 'open' : 'close', point, column);
    }
    if (point === '"') return this.#phrase(column);
    if (point === '/') return this.#regex(column);
    if (this.#value) {
      if (point === '[' || point === '{') return this.#range(column);
      const sign = SIGNS.find((one) => this.#points.slice(this.#at, this.#at + one.length).join('') === one);
      if (sign !== undefined) return this.#comparison(sign, column);
    }
    if (point === '-' && this.#spaced && !this.#value) {
      this.#at++;
      return this.#token('minus', '-', column);
    }
    return this.#word(column);
  }

  #comparison(sign: string, column: number): Token {
    this.#at += sign.length;
    const operand = this.#points[this.#at] === '"' ? this.#phrase(this.#at + 1) : this.#word(this.#at + 1);
    if (operand.text === '') throw new QueryError(this.#at + 1, `a value behind ${sign}`);
    const { text } = operand;
    const inclusive = sign.endsWith('=');
    const range = sign.startsWith('>')
      ? { low: text, high: undefined, includesLow: inclusive, includesHigh: true }
      : { low: undefined, high: text, includesLow: true, includesHigh: inclusive };
    return { ...this.#token('range', '', column), range };
  }

  #phrase(column: number): Token {
    let text = '';
    for (this.#at++; this.#points[this.#at] !== '"'; this.#at++) {
      if (this.#points[this.#at] === '\\') this.#at++;
      const point = this.#points[this.#at];
      if (point === undefined) throw new QueryError(column, 'a closing quotation mark to this one');
      text += point;
    }
    this.#at++;
    return this.#token('phrase', text, column);
  }

  /** A slash inside of it is escaped; every other escape is the expression's own. */
  #regex(column: number): Token {
    let source = '';
    for (this.#at++; this.#points[this.#at] !== '/'; this.#at++) {
      const point = this.#points[this.#at];
      if (point === undefined)
        throw new QueryError(column, 'a closing slash to this one; text with a slash goes in quotes');
      const next = this.#points[this.#at + 1];
      if (point === '\\' && next !== undefined) {
        source += next === '/' ? '/' : point + next;
        this.#at++;
      } else source += point;
    }
    this.#at++;
    if (source === '') throw new QueryError(column, 'a regular expression between the slashes');
    return this.#token('regex', source, column);
  }

  #range(column: number): Token {
    const includesLow = this.#points[this.#at++] === '[';
    const low = this.#bound();
    if (this.#bound(true) !== 'TO') throw new QueryError(this.#at + 1, 'TO between the bounds: [low TO high]');
    const high = this.#bound();
    this.#blanks();
    const end = this.#points[this.#at++];
    if (end !== ']' && end !== '}') throw new QueryError(this.#at, '] or } behind the upper bound');
    if (low === undefined && high === undefined) throw new QueryError(column, 'at least one bound that is not *');
    return { ...this.#token('range', '', column), range: { low, high, includesLow, includesHigh: end === ']' } };
  }

  #bound(bare = false): string | undefined {
    this.#blanks();
    const column = this.#at + 1;
    if (this.#points[this.#at] === '"' && !bare) return this.#phrase(column).text;
    let text = '';
    for (; this.#at < this.#points.length && !/[\s\]}]/u.test(this.#points[this.#at]!); this.#at++) {
      if (this.#points[this.#at] === '\\') this.#at++;
      text += this.#points[this.#at] ?? '';
    }
    if (text === '') throw new QueryError(column, bare ? 'TO between the bounds: [low TO high]' : 'a bound, or *');
    return text === '*' && !bare ? undefined : text;
  }

  #blanks(): void {
    while (BLANK.test(this.#points[this.#at] ?? '')) this.#at++;
  }

  /** A bare word, or the name of a field when a colon ends it. */
  #word(column: number): Token {
    const text: string[] = [];
    const wild = new Set<number>();
    for (; this.#at < this.#points.length; this.#at++) {
      const point = this.#points[this.#at]!;
      if (BLANK.test(point) || '()"'.includes(point)) break;
      if (point === '\\') {
        const escaped = this.#points[++this.#at];
        if (escaped === undefined) throw new QueryError(this.#at, 'a character behind the backslash');
        text.push(escaped);
        continue;
      }
      if (point === ':' && !this.#value && FIELD_NAME.test(text.join('')) && wild.size === 0) {
        this.#at++;
        return this.#token('field', text.join(''), column);
      }
      if (point === ':' && !this.#value && OPEN_PATH.test(text.join(''))) {
        throw new QueryError(
          column,
          'names of letters, digits and _ in a path; what is elsewhere is found by its text',
        );
      }
      if (point === '*' || point === '?') wild.add(text.length);
      text.push(point);
    }
    return { ...this.#token('word', text.join(''), column), wild };
  }

  #token(kind: Token['kind'], text: string, column: number): Token {
    return { kind, text, column, wild: NO_WILDCARDS, spaced: this.#spaced };
  }
}
