// Texts, numbers and any JSON in canonical form, where they lie in a module's memory.
import { type Code, call, i32, local, v128, type WasmFunction } from '../wasm/encode.ts';
import {
  again,
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
  unless,
  unsureIf,
  unsureUnless,
  when,
} from '../wasm/logic.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** What a character may be part of; bits of a table of 256 bytes in memory. */
export const CLASS = { letter: 1, alphanumeric: 2, id: 4, word: 8, hex: 16, digit: 32, number: 64 } as const;
export const CLASSES_AT = 0;

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';

export function classTable(): Uint8Array {
  const table = new Uint8Array(256);
  const add = (bit: number, characters: string) => {
    for (const byte of encode(characters)) table[byte] = table[byte]! | bit;
  };
  add(CLASS.letter, LETTERS);
  add(CLASS.alphanumeric, LETTERS + DIGITS);
  add(CLASS.id, `${LETTERS + DIGITS}._~:@+=-`);
  add(CLASS.word, `${LETTERS + DIGITS}_-`);
  add(CLASS.hex, `${DIGITS}abcdef`);
  add(CLASS.digit, DIGITS);
  add(CLASS.number, `${DIGITS}+-.eE`);
  return table;
}

/** Functions by the order in which a module has them; each reads what begins at its first parameter. */
const TEXTS = ['text', 'bounded', 'run', 'decimal', 'json', 'object', 'isBehind'] as const;
const index = (name: (typeof TEXTS)[number]): number => TEXTS.indexOf(name);

/** What a text may hold: anything, nothing that is escaped but `"` and `\`, or nothing that is escaped at all. */
export const TEXT = { any: 0, plain: 1, name: 2 } as const;

const text = (at: Code, kind: number): Code => call(index('text'), at, i32.const(kind));
/** `least` and `most` count bytes, without the quotation marks. */
export const bounded = (at: Code, kind: number, least: number, most: number): Code =>
  call(index('bounded'), at, i32.const(kind), i32.const(least), i32.const(Math.min(most, 0x7fffffff)));
export const run = (at: Code, kind: number): Code => call(index('run'), at, i32.const(kind));
export const decimal = (at: Code): Code => call(index('decimal'), at);
export const json = (at: Code, room: Code): Code => call(index('json'), at, room);
export const anyObject = (at: Code, room: Code): Code => call(index('object'), at, room);

export const hasClass = (at: Code, kind: number, offset = 0): Code =>
  i32.and(i32.load8(i32.load8(at, offset), CLASSES_AT), i32.const(kind));

export const plus = (a: Code, b: number): Code => i32.add(a, i32.const(b));
const character = (one: string): Code => i32.const(one.charCodeAt(0));

/** Sixteen bytes at a time, until one of them is a quotation mark, a backslash, a control character, or no ASCII. */
function textFunction(): WasmFunction {
  const [at, kind, mask, byte] = [0, 1, 2, 3].map(local.get) as [Code, Code, Code, Code];
  const isOne = (one: number) => v128.isEqual8(v128.load(at), v128.bytes(one));
  const special = v128.or(
    v128.or(isOne(0x22), isOne(0x5c)),
    v128.or(isOne(0x7f), v128.isLess8(v128.load(at), v128.bytes(0x20))),
  );
  const isTail = (offset: number) => isEqual(i32.and(i32.load8(at, offset), i32.const(0xc0)), i32.const(0x80));
  const within = (least: number, most: number) =>
    both(i32.isZero(isLess(byte, i32.const(least))), i32.isZero(isGreater(byte, i32.const(most))));
  const goOn = (bytes: number) => [local.set(0, plus(at, bytes)), again(1)];
  return reader(1, 2, [
    unsureUnless(isByte(at, '"')),
    local.set(0, plus(at, 1)),
    forever([
      local.set(2, v128.mask8(special)),
      when(i32.isZero(mask), goOn(16)),
      local.set(0, i32.add(at, i32.lowestBit(mask))),
      local.set(3, i32.load8(at)),
      when(isEqual(byte, character('"')), exit(plus(at, 1))),
      when(both(within(0xc2, 0xdf), isTail(1)), goOn(2)),
      // Not all that begin with E0 or ED are characters: those need a closer look, as do those of four bytes.
      when(
        both(both(within(0xe1, 0xef), i32.isZero(isEqual(byte, i32.const(0xed)))), both(isTail(1), isTail(2))),
        goOn(3),
      ),
      unsureIf(either(i32.isZero(isEqual(byte, character('\\'))), isEqual(kind, i32.const(TEXT.name)))),
      when(either(isByte(at, '"', 1), isByte(at, '\\', 1)), goOn(2)),
      unsureIf(kind),
      unsureUnless(['b', 'f', 'n', 'r', 't'].map((one) => isByte(at, one, 1)).reduce(either)),
      local.set(0, plus(at, 2)),
    ]),
  ]);
}

function boundedFunction(): WasmFunction {
  const [at, kind, least, most, end] = [0, 1, 2, 3, 4].map(local.get) as [Code, Code, Code, Code, Code];
  const length = i32.sub(i32.sub(end, at), i32.const(2));
  return reader(3, 1, [
    proceed(4, call(index('text'), at, kind)),
    unsureIf(either(isLess(length, least), isGreater(length, most))),
    end,
  ]);
}

/** Behind all characters of a class, of which there may be none. */
function runFunction(): WasmFunction {
  const [at, kind] = [local.get(0), local.get(1)];
  const isOne = i32.and(i32.load8(i32.load8(at), CLASSES_AT), kind);
  return reader(1, 0, forever([unless(isOne, exit(at)), local.set(0, plus(at, 1))]));
}

/** A decimal of so many digits is the shortest one of its double. */
const EXACT_DIGITS = 15;
/** From six zeros behind the point on, RFC 8785 writes an exponent. */
const PLAIN_ZEROS = 6;

/** Of few digits and without exponent. */
function decimalFunction(): WasmFunction {
  const [at, negative, begin, digits, fraction] = [0, 1, 2, 3, 4].map(local.get) as [Code, Code, Code, Code, Code];
  const isZero = isByte(begin, '0');
  const isMore = (count: Code, than: number) => isGreater(count, i32.const(than));
  return reader(0, 4, [
    local.set(1, isByte(at, '-')),
    local.set(2, local.tee(0, i32.add(at, negative))),
    local.set(0, run(at, CLASS.digit)),
    local.set(3, i32.sub(at, begin)),
    unsureIf(either(i32.isZero(digits), either(isMore(digits, EXACT_DIGITS), both(isZero, isMore(digits, 1))))),
    when(isByte(at, '.'), [
      local.set(4, plus(at, 1)),
      local.set(0, run(plus(at, 1), CLASS.digit)),
      local.set(4, i32.sub(at, fraction)),
      unsureIf(
        either(
          i32.isZero(fraction),
          either(
            isEqual(i32.load8(i32.sub(at, i32.const(1))), character('0')),
            isMore(i32.add(digits, fraction), EXACT_DIGITS),
          ),
        ),
      ),
      unsureIf(both(isZero, isMore(fraction, PLAIN_ZEROS))),
      local.set(1, i32.const(0)),
    ]),
    unsureIf(either(both(negative, isZero), i32.isZero(i32.isZero(hasClass(at, CLASS.number))))),
    at,
  ]);
}

/** Items, each behind the other; `item` reads one at the place in local 0 and leaves that behind it. */
function listed(close: string, item: Code): Code {
  const at = local.get(0);
  return [
    local.set(0, plus(at, 1)),
    when(isByte(at, close), exit(plus(at, 1))),
    forever([
      item,
      when(isByte(at, close), exit(plus(at, 1))),
      unsureUnless(isByte(at, ',')),
      local.set(0, plus(at, 1)),
    ]),
  ];
}

function jsonFunction(): WasmFunction {
  const [at, room] = [local.get(0), local.get(1)];
  const words = ['true', 'false', 'null'].map((word) => when(isText(at, encode(word)), exit(plus(at, word.length))));
  return reader(1, 0, [
    when(isByte(at, '"'), exit(text(at, TEXT.any))),
    when(isByte(at, '{'), exit(anyObject(at, room))),
    when(isByte(at, '['), [
      unsureIf(isLess(room, i32.const(1))),
      listed(']', proceed(0, json(at, i32.sub(room, i32.const(1))))),
    ]),
    words,
    decimal(at),
  ]);
}

/** Names without escapes and without characters beyond the BMP, which UTF-16 orders as UTF-8 does. */
function objectFunction(): WasmFunction {
  const [at, room, name, end, before, beforeEnd] = [0, 1, 2, 3, 4, 5].map(local.get) as [
    Code,
    Code,
    Code,
    Code,
    Code,
    Code,
  ];
  return reader(1, 4, [
    unsureUnless(both(isByte(at, '{'), isGreater(room, i32.const(0)))),
    listed('}', [
      local.set(2, at),
      proceed(3, text(at, TEXT.name)),
      unsureUnless(isByte(end, ':')),
      when(beforeEnd, unsureUnless(call(index('isBehind'), name, end, before, beforeEnd))),
      local.set(4, name),
      local.set(5, end),
      proceed(0, json(plus(end, 1), i32.sub(room, i32.const(1)))),
    ]),
  ]);
}

/** Whether a name comes behind another; both with their quotation marks, of which the closing one is less than what it is compared to. */
function isBehindFunction(): WasmFunction {
  const [a, aEnd, b, bEnd] = [0, 1, 2, 3].map(local.get) as [Code, Code, Code, Code];
  const one = i32.const(1);
  return reader(
    3,
    0,
    forever([
      local.set(0, plus(a, 1)),
      local.set(2, plus(b, 1)),
      when(isEqual(a, i32.sub(aEnd, one)), exit(i32.const(0))),
      when(isEqual(b, i32.sub(bEnd, one)), exit(one)),
      unless(isEqual(i32.load8(a), i32.load8(b)), exit(isGreater(i32.load8(a), i32.load8(b)))),
    ]),
  );
}

/** In the order of TEXTS. */
export function textFunctions(): WasmFunction[] {
  return [
    ...[textFunction(), boundedFunction(), runFunction(), decimalFunction(), jsonFunction(), objectFunction()],
    isBehindFunction(),
  ];
}
