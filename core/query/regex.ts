// The regular expressions that queries may hold.
import { QueryError } from './error.ts';
import { MAX_REGEX_LENGTH, MAX_REGEX_STATES } from './limits.ts';

/**
 * The regular expressions that every engine here reads alike: literals, `.`, classes, `\d \w \s` (ASCII) and their opposites,
 * groups, alternation, `* + ?` and `{m,n}`, `^` and `$` at the ends of the value. It is rewritten so that nothing is left
 * to an engine's own opinion: `\d` becomes `[0-9]`, `$` becomes `\z`, punctuation is escaped. No back-references and no
 * look-around, so that it is matched in time linear in the value.
 */
export interface Pattern {
  /** For RE2 (DuckDB, and the predicate) and for Joni (Trino) alike. */
  readonly source: string;
  readonly anchored: boolean;
}

const SHORTHAND: Readonly<Record<string, string>> = {
  d: '0-9',
  w: '0-9A-Z_a-z',
  s: '\\t\\n\\x0b\\f\\r ',
};
const SETS: ReadonlySet<string> = new Set(Object.values(SHORTHAND));
const CONTROL: Readonly<Record<string, string>> = { n: '\\n', r: '\\r', t: '\\t', f: '\\f' };
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const COUNTED = /^\{(\d{1,4})(,(\d{0,4}))?\}/;

/** Throws QueryError at `column` plus where in the expression the fault is. */
export function readPattern(text: string, column: number): Pattern {
  const points = [...text];
  if (points.length > MAX_REGEX_LENGTH) {
    throw new QueryError(column, `a regular expression of at most ${MAX_REGEX_LENGTH} characters`);
  }
  return new Reader(points, column).read();
}

interface Piece {
  readonly source: string;
  /** States it takes. */
  readonly size: number;
  /** How often the innermost part is repeated by counted repetitions around each other. */
  readonly repeats: number;
}

class Reader {
  readonly #points: readonly string[];
  readonly #column: number;
  #at = 0;
  #anchored = false;

  constructor(points: readonly string[], column: number) {
    this.#points = points;
    this.#column = column;
  }

  read(): Pattern {
    const { source, size } = this.#alternation(0);
    if (this.#at < this.#points.length) throw this.#fault('no closing parenthesis without an opening one');
    if (size > MAX_REGEX_STATES) throw this.#fault('fewer or smaller repetitions: this one would explode');
    return { source, anchored: this.#anchored };
  }

  #alternation(depth: number): Piece {
    if (depth > MAX_GROUPS) throw this.#fault(`at most ${MAX_GROUPS} groups inside each other`);
    const branches = [this.#sequence(depth)];
    while (this.#take('|')) branches.push(this.#sequence(depth));
    return {
      source: branches.map(({ source }) => source).join('|'),
      size: branches.reduce((sum, { size }) => sum + size, 0),
      repeats: Math.max(...branches.map(({ repeats }) => repeats)),
    };
  }

  #sequence(depth: number): Piece {
    let source = '';
    let size = 1;
    let repeats = 1;
    while (this.#at < this.#points.length && !['|', ')'].includes(this.#peek()!)) {
      const piece = this.#repeated(this.#atom(depth));
      source += piece.source;
      size += piece.size;
      repeats = Math.max(repeats, piece.repeats);
    }
    return { source, size, repeats };
  }

  #repeated(atom: Piece): Piece {
    const mark = this.#peek();
    if (mark === '*' || mark === '+' || mark === '?') {
      this.#at++;
      this.#refuseSecond();
      return { source: atom.source + mark, size: atom.size + 1, repeats: atom.repeats };
    }
    if (mark !== '{') return atom;
    const counted = COUNTED.exec(this.#points.slice(this.#at).join(''));
    if (counted === null) throw this.#fault('a repetition {m}, {m,} or {m,n}; a brace itself is \\{');
    const least = Number(counted[1]);
    const most = counted[2] === undefined ? least : counted[3] === '' ? undefined : Number(counted[3]);
    if (most !== undefined && most < least) throw this.#fault('a repetition whose end is not below its beginning');
    const size = atom.size * Math.max(1, most ?? least + 1);
    const repeats = atom.repeats * Math.max(1, least, most ?? 0);
    if (size > MAX_REGEX_STATES || repeats > MAX_REPEAT) {
      throw this.#fault('fewer or smaller repetitions: this one would explode');
    }
    this.#at += counted[0].length;
    this.#refuseSecond();
    return { source: atom.source + counted[0], size, repeats };
  }

  #refuseSecond(): void {
    if (['*', '+', '?', '{'].includes(this.#peek() ?? '')) throw this.#fault('one repetition of a part, not two');
  }

  #atom(depth: number): Piece {
    const point = this.#points[this.#at++]!;
    if (point === '(') return this.#group(depth);
    if (point === '[') return this.#class();
    if (point === '.') return one('[^\\n]');
    if (point === '^' || point === '$') {
      this.#anchored = true;
      return one(point === '^' ? '\\A' : '\\z');
    }
    if (point === '\\') return this.#escape();
    if ('*+?{'.includes(point)) throw this.#fault('something to repeat', -1);
    return one(literal(point));
  }

  #group(depth: number): Piece {
    if (this.#peek() === '?') {
      this.#at++;
      if (!this.#take(':')) throw this.#fault('a group without look-around or flags: ( … ) or (?: … )');
    }
    const inner = this.#alternation(depth + 1);
    if (!this.#take(')')) throw this.#fault('a closing parenthesis');
    return { ...inner, source: `(?:${inner.source})` };
  }

  #escape(): Piece {
    const point = this.#points[this.#at++];
    if (point === undefined) throw this.#fault('a character behind the backslash');
    const shorthand = SHORTHAND[point.toLowerCase()];
    if (shorthand !== undefined) return one(point === point.toLowerCase() ? `[${shorthand}]` : `[^${shorthand}]`);
    return one(this.#escaped(point));
  }

  #escaped(point: string): string {
    const control = CONTROL[point];
    if (control !== undefined) return control;
    if (PUNCTUATION.test(point) || point === ' ') return literal(point);
    throw this.#fault('one of \\d \\w \\s \\D \\W \\S \\n \\r \\t \\f, or punctuation, behind the backslash', -1);
  }

  #class(): Piece {
    const negated = this.#take('^');
    let items = '';
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.#at >= this.#points.length || (first && this.#peek() === ']')) {
        throw this.#fault('characters, and a closing bracket');
      }
      items += this.#classItem();
    }
    this.#at++;
    return one(`[${negated ? '^' : ''}${items}]`);
  }

  #classItem(): string {
    const low = this.#classPoint();
    if (SETS.has(low) || this.#peek() !== '-' || this.#points[this.#at + 1] === ']') return low;
    this.#at++;
    const high = this.#classPoint();
    if (SETS.has(high)) throw this.#fault('a range between two characters');
    if (codeOf(low) > codeOf(high)) throw this.#fault('a range whose end is not below its beginning');
    return `${low}-${high}`;
  }

  #classPoint(): string {
    const point = this.#points[this.#at++];
    if (point === undefined) throw this.#fault('a closing bracket');
    if (point === '[') throw this.#fault('\\[ for a bracket inside of a class', -1);
    if (point !== '\\') return literal(point);
    const escaped = this.#points[this.#at++] ?? '';
    return SHORTHAND[escaped] ?? this.#escaped(escaped);
  }

  #peek(): string | undefined {
    return this.#points[this.#at];
  }

  #take(point: string): boolean {
    if (this.#peek() !== point) return false;
    this.#at++;
    return true;
  }

  #fault(expected: string, offset = 0): QueryError {
    return new QueryError(this.#column + this.#at + offset, expected);
  }
}

/** Groups inside each other; the reader is recursive. */
const MAX_GROUPS = 20;
/** What RE2 takes at most, of repetitions inside of repetitions their product. */
const MAX_REPEAT = 1_000;

const one = (source: string): Piece => ({ source, size: 1, repeats: 1 });

const CODES: Readonly<Record<string, string>> = { '\\n': '\n', '\\r': '\r', '\\t': '\t', '\\f': '\f' };

function codeOf(item: string): number {
  return (CODES[item] ?? item.replace(/^\\/, '')).codePointAt(0)!;
}

function literal(point: string): string {
  if (point === '\n') return '\\n';
  if (point === '\r') return '\\r';
  return PUNCTUATION.test(point) ? `\\${point}` : point;
}
