// The table of a stored entry, made into a WebAssembly module that reads entries.
import { MAX_NESTING } from '../limits.ts';
import { type Code, call, encodeModule, i32, local, type WasmFunction } from '../wasm/encode.ts';
import {
  both,
  either,
  exit,
  forever,
  isByte,
  isEqual,
  isGreater,
  isLess,
  isText,
  proceed,
  reader,
  UNSURE,
  unsureIf,
  unsureUnless,
  when,
} from '../wasm/logic.ts';
import { isIdentified } from './actor.ts';
import { TIME_BYTES } from './scan-time.ts';
import { type Member, type Shape, STORED_ENTRY, VERSION_TEXT } from './stored.ts';
import {
  anyObject,
  bounded,
  CLASS,
  CLASSES_AT,
  classTable,
  decimal,
  json,
  plus,
  run,
  TEXT,
  textFunctions,
} from './wasm-texts.ts';
import { NOTES, octetReader, PATTERNS } from './wasm-words.ts';

export const ENTRY_AT = 1_024;
/** Of 64 KiB each: an entry, and room behind it, which may be looked at. */
const PAGES = 2;

const encode = (one: string) => new TextEncoder().encode(one);
const note = (at: number, value: Code): Code => i32.store(i32.const(0), value, at);
const [at, end, count] = [0, 1, 2].map(local.get) as [Code, Code, Code];

/** Notes for what texts alone do not say; by the path of a member. */
function notesBefore(path: string): Code {
  if (path === 'occurredAt') return note(NOTES.occurredAt, at);
  if (path === 'recordedAt') return note(NOTES.recordedAt, at);
  if (path === 'late') return note(NOTES.late, i32.const(1));
  return path === 'actor.id' ? note(NOTES.actorId, i32.const(1)) : [];
}

/** What reads the value at a place, as an expression. */
type Reading = (at: Code) => Code;

class EntryCompiler {
  readonly functions: WasmFunction[] = textFunctions();
  readonly #readers = new Map<WasmFunction, number>();

  #call(one: WasmFunction): Reading {
    const known = this.#readers.get(one);
    const index = known ?? this.functions.push(one) - 1;
    this.#readers.set(one, index);
    return (place) => call(index, place);
  }

  /** `depth`: containers around and including this one, if it is one. */
  reading(shape: Shape, path: string, depth: number): Reading {
    const room = i32.const(MAX_NESTING - depth + 1);
    switch (shape.kind) {
      case 'text':
        return (place) => bounded(place, shape.plain ? TEXT.plain : TEXT.any, shape.least, shape.most);
      case 'pattern':
        return this.#pattern(shape.pattern.source);
      case 'one-of':
        return this.#call(oneOf(shape.values, path));
      case 'number':
        return this.#call(numberReader(shape.least, shape.most));
      case 'array':
        return path === 'redacted' ? () => UNSURE : this.#call(this.#array(shape, path, depth));
      case 'object':
        return this.#call(this.#object(shape.members, path, depth));
      case 'time':
        return this.#call(TIME);
      case 'ip':
        return this.#call(this.#ip);
      case 'version':
        return this.#call(literal(VERSION_TEXT));
      case 'true':
        return this.#call(literal('true'));
      case 'any':
        return (place) => json(place, room);
      case 'any-object':
        return (place) => anyObject(place, room);
    }
  }

  #pattern(source: string): Reading {
    const one = PATTERNS.get(source);
    return one === undefined ? () => UNSURE : this.#call(one);
  }

  readonly #ip: WasmFunction = (() => {
    const octet = this.#call(octetReader);
    return reader(0, 1, [
      unsureUnless(isByte(at, '"')),
      local.set(1, at),
      [0, 1, 2, 3].map((i) => [i === 0 ? [] : unsureUnless(isByte(end, '.')), proceed(1, octet(plus(end, 1)))]),
      unsureUnless(isByte(end, '"')),
      plus(end, 1),
    ]);
  })();

  #array({ least, most, of }: Shape & { readonly kind: 'array' }, path: string, depth: number): WasmFunction {
    const item = this.reading(of, path, depth + 1);
    const total = Math.min(most, 0x7fffffff);
    return reader(0, 2, [
      unsureUnless(isByte(at, '[')),
      local.set(0, plus(at, 1)),
      when(isByte(at, ']'), exit(least === 0 ? plus(at, 1) : UNSURE)),
      forever([
        proceed(0, item(at)),
        local.set(2, plus(count, 1)),
        unsureIf(isGreater(count, i32.const(total))),
        when(isByte(at, ']'), [unsureIf(isLess(count, i32.const(least))), exit(plus(at, 1))]),
        unsureUnless(isByte(at, ',')),
        local.set(0, plus(at, 1)),
      ]),
    ]);
  }

  /** Known members, in their order, each once. */
  #object(members: readonly Member[], path: string, depth: number): WasmFunction {
    const lastRequired = members.findLastIndex(({ required }) => required);
    const steps = members.map(({ name, required, shape }, i): Code => {
      const place = path === '' ? name : `${path}.${name}`;
      const label = encode(`"${name}":`);
      const reading = this.reading(shape, place, depth + 1);
      const close = when(isByte(at, '}'), exit(i < lastRequired ? UNSURE : plus(at, 1)));
      const step = [
        local.set(0, plus(at, label.length)),
        notesBefore(place),
        proceed(0, reading(at)),
        [close, unsureUnless(isByte(at, ',')), local.set(0, plus(at, 1))],
      ];
      return required ? [unsureUnless(isText(at, label)), step] : when(isText(at, label), step);
    });
    return reader(0, 0, [
      unsureUnless(isByte(at, '{')),
      local.set(0, plus(at, 1)),
      lastRequired < 0 ? when(isByte(at, '}'), exit(plus(at, 1))) : [],
      steps,
      UNSURE,
    ]);
  }
}

/** Its digits are for whoever has noted the place. */
const TIME = reader(0, 0, [unsureUnless(both(isByte(at, '"'), isByte(at, '"', TIME_BYTES - 1))), plus(at, TIME_BYTES)]);

function literal(word: string): WasmFunction {
  return reader(0, 0, [unsureUnless(isText(at, encode(word))), plus(at, word.length)]);
}

function oneOf(values: readonly string[], path: string): WasmFunction {
  const tests = values.map((value) => {
    const noted = path === 'actor.type' ? note(NOTES.identified, i32.const(isIdentified(value) ? 1 : 0)) : [];
    return when(isText(at, encode(`"${value}"`)), [noted, exit(plus(at, value.length + 2))]);
  });
  return reader(0, 0, [tests, UNSURE]);
}

/** Decimals that are certainly less than a bound by their digits before the point; others need a closer look. */
function numberReader(least: number, most: number): WasmFunction {
  const bound = String(Math.min(Math.floor(most), 1e15));
  const digits = i32.sub(run(end, CLASS.digit), end);
  const isLower = both(
    isEqual(digits, i32.const(bound.length)),
    isLess(i32.load8(end), i32.const(bound.charCodeAt(0))),
  );
  return reader(0, 1, [
    local.set(1, i32.add(at, isByte(at, '-'))),
    least === -most ? [] : unsureIf(isGreater(end, at)),
    unsureUnless(either(isLess(digits, i32.const(bound.length)), isLower)),
    least > 0 ? UNSURE : decimal(at),
  ]);
}

/** Exports `memory` and `entry`, which reads from a place on and answers where the entry there ends. */
export function entryModule(): Uint8Array<ArrayBuffer> {
  const compiler = new EntryCompiler();
  const whole = compiler.reading(STORED_ENTRY, '', 1);
  const reset = [NOTES.late, NOTES.actorId, NOTES.identified].map((one) => note(one, i32.const(0)));
  const entry: WasmFunction = { ...reader(0, 0, [reset, whole(at)]), exported: 'entry' };
  return encodeModule({
    functions: [...compiler.functions, entry],
    data: [{ at: CLASSES_AT, bytes: classTable() }],
    pages: PAGES,
  });
}
