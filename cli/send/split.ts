// Finds the entries of a text that comes in pieces: lines, or the items of the lists that CloudTrail and others write.

/** An entry as it stands in the text, not parsed: numbers and doubled names are for the API to judge. */
export interface Item {
  readonly text: string;
  /** Where: `:3` for a line, `#/Records/2` for an item of a list (RFC 6901), `:3#/Records/2` where the list begins later. */
  readonly place: string;
  /** Why it is none, when that shows without looking into it. */
  readonly fault?: string;
}

/** `{"Records":[…]}` is what CloudTrail writes, `{"entries":[…]}` what POST /v1/entries takes. */
const LIST = /^\s*\{\s*"(Records|entries)"\s*:\s*\[/;
const ARRAY = /^\s*\[/;
/** No list begins with more than this before its first item, but for blanks that nobody writes. */
const LOOKAHEAD = 256;

const CUT = 'the file ends inside of its list';

export class Splitter {
  #rest = '';
  #line = 1;
  #first = true;
  #list: List | undefined;
  /** After a list: the brace of the object that it is in. */
  #closing = false;

  push(text: string): Item[] {
    this.#rest += text;
    return [...this.#items(false)];
  }

  end(): Item[] {
    const items = [...this.#items(true)];
    if (this.#list === undefined) return items;
    const text = this.#list.cut(this.#rest);
    return [...items, { text, place: this.#list.place, fault: CUT }];
  }

  *#items(ended: boolean): Generator<Item> {
    for (;;) {
      if (this.#list !== undefined) {
        yield* this.#list.items(this.#rest);
        const end = this.#list.end;
        this.#take(this.#list.consumed());
        if (end === undefined) return;
        this.#closing = this.#list.inObject;
        this.#list = undefined;
      }
      if (this.#closing && !this.#close(ended)) return;
      if (this.#rest.length < LOOKAHEAD && !ended) return;
      if (this.#begin()) continue;
      const newline = this.#rest.indexOf('\n');
      if (newline === -1 && !ended) return;
      if (newline === -1 && this.#rest === '') return;
      const place = `:${this.#line}`;
      const text = this.#take(newline === -1 ? this.#rest.length : newline + 1).replace(/\n$/, '');
      if (text.trim() === '') continue;
      this.#first = false;
      yield { text, place };
    }
  }

  /** Whether a list begins here. An array only as the first thing of a file: in the midst of lines it is a fault. */
  #begin(): boolean {
    const head = this.#rest.slice(0, LOOKAHEAD);
    const found = LIST.exec(head) ?? (this.#first ? ARRAY.exec(head) : null);
    if (found === null) return false;
    const blank = /^\s*/.exec(head)![0];
    this.#take(blank.length);
    const name = found[1];
    const at = this.#line === 1 ? '' : `:${this.#line}`;
    this.#take(found[0].length - blank.length);
    this.#list = new List(`${at}#${name === undefined ? '' : `/${name}`}`, name !== undefined);
    this.#first = false;
    return true;
  }

  #close(ended: boolean): boolean {
    const blank = /^\s*/.exec(this.#rest)![0].length;
    if (blank === this.#rest.length && !ended) return false;
    if (this.#rest[blank] === '}') this.#take(blank + 1);
    this.#closing = false;
    return true;
  }

  #take(length: number): string {
    const text = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#line++;
    return text;
  }
}

/** One list, from behind its opening bracket on. */
class List {
  readonly inObject: boolean;
  readonly #place: string;
  /** What matters for where an item ends. */
  readonly #marks = /["\\[\]{},]/g;
  #count = 0;
  #depth = 0;
  #inString = false;
  /** Into the text that was given: the item's beginning, and what was looked at. */
  #start = 0;
  #at = 0;
  #end: number | undefined;

  constructor(place: string, inObject: boolean) {
    this.#place = place;
    this.inObject = inObject;
  }

  get place(): string {
    return `${this.#place}/${this.#count}`;
  }

  get end(): number | undefined {
    return this.#end;
  }

  /** What of the text belongs to whole items; the next call gets the text from there on. */
  consumed(): number {
    const length = this.#end ?? this.#start;
    this.#at -= length;
    this.#start = 0;
    return length;
  }

  cut(text: string): string {
    return text.slice(this.#start).trim();
  }

  *items(text: string): Generator<Item> {
    const marks = this.#marks;
    marks.lastIndex = this.#at;
    for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
      const { index } = found;
      // What is escaped may be in the next piece.
      if (found[0] === '\\') marks.lastIndex = index + 2;
      this.#at = marks.lastIndex;
      const last = this.#nested(found[0]);
      if (last === undefined) continue;
      yield* this.#item(text.slice(this.#start, index), last);
      this.#start = index + 1;
      if (!last) continue;
      this.#end = index + 1;
      return;
    }
    this.#at = Math.max(this.#at, text.length);
  }

  /** Follows one mark; answers whether the list ends there where an item does. */
  #nested(mark: string): boolean | undefined {
    if (mark === '"') this.#inString = !this.#inString;
    if (mark === '"' || mark === '\\' || this.#inString) return undefined;
    if (this.#depth === 0 && mark === ',') return false;
    if (this.#depth === 0 && mark === ']') return true;
    if (mark === '{' || mark === '[') this.#depth++;
    if (mark === '}' || mark === ']') this.#depth--;
    return undefined;
  }

  *#item(text: string, last: boolean): Generator<Item> {
    const { place } = this;
    // `[]` has no item; `[1,]` has a second one that is nothing.
    if (last && this.#count === 0 && text.trim() === '') return;
    this.#count++;
    yield { text: text.trim(), place };
  }
}
