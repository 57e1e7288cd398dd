// Comparisons and ways through a function, for modules that read bytes.
import { type Code, I32, i32, local, type WasmFunction } from './encode.ts';

/** What functions answer that read something: where it ends, or this. */
export const UNSURE: Code = i32.const(-1);

export const exit = (value: Code): Code => [value, 0x0f];
export const when = (condition: Code, body: Code): Code => [condition, 0x04, 0x40, body, 0x0b];
export const unless = (condition: Code, body: Code): Code => when(i32.isZero(condition), body);
export const unsureIf = (condition: Code): Code => when(condition, exit(UNSURE));
export const unsureUnless = (condition: Code): Code => unless(condition, exit(UNSURE));

/** Runs for ever, unless `body` leaves the function; `again` in it, `depth` conditions deep, begins anew. */
export const forever = (body: Code): Code => [0x03, 0x40, body, again(0), 0x0b, 0x00];
export const again = (depth: number): Code => [0x0c, depth];

export const isEqual = (a: Code, b: Code): Code => [a, b, 0x46];
export const isByte = (at: Code, character: string, offset = 0): Code =>
  isEqual(i32.load8(at, offset), i32.const(character.charCodeAt(0)));
const isNegative = (a: Code): Code => [a, i32.const(0), 0x48];
/** With signs. */
export const isGreater = (a: Code, b: Code): Code => [a, b, 0x4a];
export const isLess = (a: Code, b: Code): Code => [a, b, 0x48];
/** Both 0 or 1. */
export const both = i32.and;
export const either = i32.or;

/** Whether these bytes stand there: four at a time, the last four over those before where they do not come out even. */
export function isText(at: Code, bytes: Uint8Array): Code {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const offsets =
    bytes.length < 4
      ? Array.from(bytes, (_, i) => i)
      : Array.from({ length: Math.ceil(bytes.length / 4) }, (_, i) => Math.min(4 * i, bytes.length - 4));
  const tests = offsets.map((offset) =>
    bytes.length < 4
      ? isEqual(i32.load8(at, offset), i32.const(bytes[offset]!))
      : isEqual(i32.load(at, offset), i32.const(view.getInt32(offset, true))),
  );
  // Almost always the first tells.
  return tests.reduceRight((rest, first) => [first, 0x04, I32, rest, 0x05, i32.const(0), 0x0b]);
}

/** `index` becomes the end of what `reading` reads; leaves the function where that is not sure. */
export const proceed = (index: number, reading: Code): Code => [
  local.set(index, reading),
  unsureIf(isNegative(local.get(index))),
];

/** Parameters are a place and more; the result is a place. */
export function reader(more: number, locals: number, body: Code): WasmFunction {
  const words = (count: number) => Array.from({ length: count }, () => I32 as typeof I32);
  return { parameters: words(1 + more), result: I32, locals: words(locals), body };
}
