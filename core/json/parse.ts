// Parses JSON that has one reading only.
import { MAX_NESTING } from '../limits.ts';
import { type DecodedText, decodeText } from './decode.ts';
import { JsonFault, type JsonFaultCode } from './fault.ts';
import { isExactLiteral, isUnsafeInteger } from './number.ts';
import { placeIn } from './place.ts';
import { toPointer } from './pointer.ts';
import { type JsonObject, type JsonValue, setMember } from './value.ts';

export interface JsonLimits {
  /** Containers inside containers, the outermost counted. */
  readonly maxDepth: number;
  /** What becomes of a decimal that a double can't hold: refused unless rounding is asked for, as RFC 8259 allows. */
  readonly inexact?: 'rounded';
}

/** A batch wraps its entries in an object and an array. */
const DEFAULT_LIMITS: JsonLimits = { maxDepth: MAX_NESTING + 2 };

/** The parser recurses, so no configuration may let a text exhaust the stack. */
const HIGHEST_DEPTH = 1_000;

/**
 * Reads one JSON text (RFC 8259) in one pass, refusing what I-JSON (RFC 7493) warns of: a text that is accepted has one
 * meaning for every reader. Throws a JsonFault at the first fault.
 */
export function parseJson(input: Uint8Array | string, limits: JsonLimits = DEFAULT_LIMITS): JsonValue {
  if (!(limits.maxDepth <= HIGHEST_DEPTH))
    throw new RangeError(`got depth ${limits.maxDepth}, want ≤ ${HIGHEST_DEPTH}`);
  return new Parser(decodeText(input), limits).document();
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const UPPER_E = 0x45;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const LOWER_E = 0x65;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const BYTE_ORDER_MARK = 0xfeff;

/** An integer literal of so many characters is exact in a double, whatever its digits. */
const EXACT_DIGITS = 15;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const NON_FINITE = /^-?(?:NaN|Infinity)/i;
const HEX_DIGIT = /^[0-9a-fA-F]$/;

const hasOwn = Object.prototype.hasOwnProperty;
const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;
const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

class Parser {
  private readonly text: string;
  private readonly broken: DecodedText['broken'];
  private readonly maxDepth: number;
  private readonly exact: boolean;
  private at = 0;
  /** The first `depth` tokens lead to the value being read; what lies behind them is left over. */
  private readonly path: (string | number)[] = [];
  private depth = 0;

  constructor(decoded: DecodedText, { maxDepth, inexact }: JsonLimits) {
    this.text = decoded.text;
    this.broken = decoded.broken;
    this.maxDepth = maxDepth;
    this.exact = inexact === undefined;
  }

  document(): JsonValue {
    if (this.text.charCodeAt(0) === BYTE_ORDER_MARK) this.fail('byte-order-mark', 'got a byte order mark, want none');
    this.skipSpace();
    if (this.at === this.text.length && this.broken === undefined) this.fail('empty', 'got no value, want one');
    const value = this.value();
    this.skipSpace();
    if (this.at < this.text.length) this.fail('trailing-data', `got ${this.character()}, want the end of the text`);
    if (this.broken !== undefined) this.fail(this.broken.code, this.broken.message);
    return value;
  }

  /** Moves to the next token and returns its first code unit, NaN at the end. */
  private skipSpace(): number {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code > SPACE) return code;
      if (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB) return code;
      this.at++;
    }
  }

  private value(): JsonValue {
    const code = this.text.charCodeAt(this.at);
    if (code === QUOTE) return this.string();
    if (code === OPEN_OBJECT) return this.object();
    if (code === OPEN_ARRAY) return this.array();
    if (code === MINUS || isDigit(code)) return this.number(code);
    if (code === LOWER_T) return this.literal('true', true);
    if (code === LOWER_F) return this.literal('false', false);
    if (code === LOWER_N) return this.literal('null', null);
    return this.refuse('a value');
  }

  private literal<T extends JsonValue>(word: string, value: T): T {
    for (let i = 0; i < word.length; i++, this.at++) {
      if (this.text.charCodeAt(this.at) !== word.charCodeAt(i)) this.refuse(`the word ${word}`);
    }
    return value;
  }

  private object(): JsonObject {
    const slot = this.enter();
    const object: JsonObject = {};
    let code = this.skipSpace();
    if (code === CLOSE_OBJECT) return this.leave(object);
    for (;;) {
      if (code !== QUOTE) this.refuse('a member name in quotation marks');
      const start = this.at;
      const key = this.string();
      this.path[slot] = key;
      this.depth = slot + 1;
      if (hasOwn.call(object, key)) {
        this.at = start;
        this.fail('duplicate-key', 'got the same member name twice in one object, want it once');
      }
      if (this.skipSpace() !== COLON) this.refuse('“:”');
      this.at++;
      this.skipSpace();
      setMember(object, key, this.value());
      this.depth = slot;
      code = this.skipSpace();
      if (code === CLOSE_OBJECT) return this.leave(object);
      if (code !== COMMA) this.refuse('“,” or “}”');
      this.at++;
      code = this.skipSpace();
    }
  }

  private array(): JsonValue[] {
    const slot = this.enter();
    const array: JsonValue[] = [];
    if (this.skipSpace() === CLOSE_ARRAY) return this.leave(array);
    for (;;) {
      this.path[slot] = array.length;
      this.depth = slot + 1;
      array.push(this.value());
      this.depth = slot;
      const code = this.skipSpace();
      if (code === CLOSE_ARRAY) return this.leave(array);
      if (code !== COMMA) this.refuse('“,” or “]”');
      this.at++;
      this.skipSpace();
    }
  }

  /** Steps over the opening bracket; returns where the members' tokens go in the path. */
  private enter(): number {
    if (this.depth >= this.maxDepth) {
      this.fail('too-deep', `got more than ${this.maxDepth} levels of nesting, want at most ${this.maxDepth}`);
    }
    this.at++;
    return this.depth;
  }

  private leave<T>(container: T): T {
    this.at++;
    return container;
  }

  private string(): string {
    const start = this.at + 1;
    for (let at = start; ; at++) {
      const code = this.text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return this.text.slice(start, at);
      }
      if (code === BACKSLASH) return this.escapedString(start, at);
      if (!(code >= SPACE)) this.breakOff(at);
    }
  }

  private escapedString(start: number, firstEscape: number): string {
    let result = this.text.slice(start, firstEscape);
    this.at = firstEscape;
    for (;;) {
      result += this.escape();
      const from = this.at;
      let code = this.text.charCodeAt(this.at);
      while (code >= SPACE && code !== QUOTE && code !== BACKSLASH) code = this.text.charCodeAt(++this.at);
      result += this.text.slice(from, this.at);
      if (code === QUOTE) {
        this.at++;
        return result;
      }
      if (code !== BACKSLASH) this.breakOff(this.at);
    }
  }

  private escape(): string {
    const start = this.at;
    const letter = this.text.charAt(++this.at);
    const simple = ESCAPES[letter];
    if (simple !== undefined) {
      this.at++;
      return simple;
    }
    if (letter !== 'u') this.refuse('one of "\\/bfnrtu behind a backslash', 'bad-escape');
    const unit = this.hexUnit();
    if (isHigh(unit) && this.text.startsWith('\\u', this.at)) {
      this.at++;
      const low = this.hexUnit();
      if (isLow(low)) return String.fromCharCode(unit, low);
    }
    if (isHigh(unit) || isLow(unit)) {
      this.at = start;
      this.fail('lone-surrogate', 'got half of a surrogate pair, want both halves');
    }
    return String.fromCharCode(unit);
  }

  /** Starts at the “u”, ends behind its four digits. */
  private hexUnit(): number {
    this.at++;
    for (const end = this.at + 4; this.at < end; this.at++) {
      if (!HEX_DIGIT.test(this.text.charAt(this.at))) this.refuse('four hexadecimal digits behind \\u', 'bad-escape');
    }
    return Number.parseInt(this.text.slice(this.at - 4, this.at), 16);
  }

  private number(first: number): number {
    const start = this.at;
    const code = this.integer(first);
    if (code !== DOT && code !== LOWER_E && code !== UPPER_E && this.at - start <= EXACT_DIGITS)
      return this.small(start);
    let literal = true;
    if (code === DOT) {
      literal = false;
      this.at++;
      this.digits();
    }
    const mark = this.text.charCodeAt(this.at);
    if (mark === LOWER_E || mark === UPPER_E) {
      literal = false;
      const sign = this.text.charCodeAt(++this.at);
      if (sign === PLUS || sign === MINUS) this.at++;
      this.digits();
    }
    const spelled = this.text.slice(start, this.at);
    const value = Number(spelled);
    if (!Number.isFinite(value)) this.failAt(start, 'not-finite', 'got a number beyond the range of a double');
    if (isUnsafeInteger(value) || (literal && !Number.isSafeInteger(value))) {
      this.failAt(start, 'unsafe-integer', 'got an integer beyond ±9007199254740991, want a string for it');
    }
    if (this.exact && !isExactLiteral(spelled, value)) {
      this.failAt(start, 'inexact-number', 'got a number that a double can’t hold exactly, want a string for it');
    }
    return value;
  }

  /** Sign and integer part; returns the code unit behind them. */
  private integer(first: number): number {
    if (first === MINUS) this.at++;
    if (this.text.charCodeAt(this.at) !== ZERO) return this.digits();
    const code = this.text.charCodeAt(++this.at);
    if (isDigit(code)) this.refuse('no digit behind a leading zero', 'bad-number');
    return code;
  }

  private digits(): number {
    let code = this.text.charCodeAt(this.at);
    if (!isDigit(code)) this.refuse('a digit', 'bad-number');
    while (isDigit(code)) code = this.text.charCodeAt(++this.at);
    return code;
  }

  private small(start: number): number {
    const negative = this.text.charCodeAt(start) === MINUS;
    let value = 0;
    for (let at = negative ? start + 1 : start; at < this.at; at++)
      value = value * 10 + this.text.charCodeAt(at) - ZERO;
    return negative ? -value : value;
  }

  private breakOff(at: number): never {
    this.at = at;
    return this.refuse('the rest of a string', 'control-character');
  }

  private character(): string {
    const code = this.text.codePointAt(this.at)!;
    const printable = code > SPACE && code < 0x7f;
    return printable ? `“${String.fromCodePoint(code)}”` : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  }

  /** The character at hand is not what has to stand there; at the end of the text that is another fault. */
  private refuse(want: string, code: JsonFaultCode = 'unexpected-character'): never {
    if (this.at < this.text.length) {
      if (NON_FINITE.test(this.text.slice(this.at, this.at + 9))) {
        return this.fail('not-finite', 'got a number that is not finite, want one that is');
      }
      return this.fail(code, `got ${this.character()}, want ${want}`);
    }
    if (this.broken !== undefined) return this.fail(this.broken.code, this.broken.message);
    return this.fail('unexpected-end', `got the end of the text, want ${want}`);
  }

  private failAt(at: number, code: JsonFaultCode, message: string): never {
    this.at = at;
    return this.fail(code, message);
  }

  private fail(code: JsonFaultCode, message: string): never {
    const pointer = toPointer(this.path.slice(0, this.depth));
    throw new JsonFault(code, message, { pointer, ...placeIn(this.text, this.at) });
  }
}
