// Writes WebAssembly modules as bytes: just the part of the format that the modules of this project use.

/** Instructions as bytes, or nested lists of them, in the order in which they run. */
export type Code = number | readonly Code[];

/** Types of locals and parameters. */
export const I32 = 0x7f;
export const V128 = 0x7b;
type ValueType = typeof I32 | typeof V128;

export interface WasmFunction {
  /** Given where the host calls it. */
  readonly exported?: string;
  readonly parameters: readonly ValueType[];
  readonly result?: ValueType;
  /** Behind the parameters. */
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/** Constants that are in memory from the start. */
interface WasmData {
  readonly at: number;
  readonly bytes: Uint8Array;
}

export interface WasmModule {
  readonly functions: readonly WasmFunction[];
  readonly data: readonly WasmData[];
  /** Of the memory, 64 KiB each; it is exported as `memory` and can grow. */
  readonly pages: number;
}

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = { type: 1, function: 3, memory: 5, export: 7, code: 10, data: 11 } as const;
const FUNCTION_TYPE = 0x60;
const KIND = { function: 0, memory: 2 } as const;
const END = 0x0b;

/** WebAssembly core specification, "Binary format". */
export function encodeModule({ functions, data, pages }: WasmModule): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, result }) => [
    FUNCTION_TYPE,
    vector(parameters),
    vector(result === undefined ? [] : [result]),
  ]);
  const exported = functions.flatMap(({ exported: name }, index) =>
    name === undefined ? [] : [[text(name), KIND.function, unsigned(index)]],
  );
  const bodies = functions.map(({ locals, body }) =>
    sized([vector(locals.map((type) => [unsigned(1), type])), body, END]),
  );
  const constants = data.map(({ at, bytes }) => [0, i32.const(at), END, vector([...bytes])]);
  return Uint8Array.from(
    flatten([
      MAGIC_AND_VERSION,
      section(SECTION.type, vector(types)),
      section(SECTION.function, vector(functions.map((_, index) => unsigned(index)))),
      section(SECTION.memory, vector([[0, unsigned(pages)]])),
      section(SECTION.export, vector([[text('memory'), KIND.memory, 0], ...exported])),
      section(SECTION.code, vector(bodies)),
      section(SECTION.data, vector(constants)),
    ]),
  );
}

function flatten(code: Code, out: number[] = []): number[] {
  if (typeof code === 'number') out.push(code);
  else for (const part of code) flatten(part, out);
  return out;
}

const section = (id: number, content: Code): Code => [id, sized(content)];
const vector = (items: readonly Code[]): Code => [unsigned(items.length), items];
const text = (name: string): Code => vector([...new TextEncoder().encode(name)]);

function sized(content: Code): Code {
  const bytes = flatten(content);
  return [unsigned(bytes.length), bytes];
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest & 0x7f];
}

/** Without a promise of alignment, which every machine takes. */
const place = (offset: number): Code => [0, unsigned(offset)];

const binary =
  (opcode: Code) =>
  (a: Code, b: Code): Code => [a, b, opcode];

export const local = {
  get: (index: number): Code => [0x20, unsigned(index)],
  set: (index: number, value: Code): Code => [value, 0x21, unsigned(index)],
  tee: (index: number, value: Code): Code => [value, 0x22, unsigned(index)],
};

export const i32 = {
  const: (value: number): Code => [0x41, signed(value | 0)],
  load: (at: Code, offset = 0): Code => [at, 0x28, place(offset)],
  load8: (at: Code, offset = 0): Code => [at, 0x2d, place(offset)],
  store: (at: Code, value: Code, offset = 0): Code => [at, value, 0x36, place(offset)],
  add: binary(0x6a),
  sub: binary(0x6b),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: (a: Code, bits: number): Code => [a, i32.const(bits), 0x74],
  shr: (a: Code, bits: number): Code => [a, i32.const(bits), 0x76],
  rotr: (a: Code, bits: number): Code => [a, i32.const(bits), 0x78],
  /** Without signs. */
  isLess: binary(0x49),
  isZero: (a: Code): Code => [a, 0x45],
  /** Of the lowest 1. */
  lowestBit: (a: Code): Code => [a, 0x68],
};

const simd = (opcode: number): Code => [0xfd, unsigned(opcode)];

export const v128 = {
  load: (at: Code, offset = 0): Code => [at, simd(0x00), place(offset)],
  /** One word from memory, in all four lanes. */
  loadSplat: (at: Code, offset = 0): Code => [at, simd(0x09), place(offset)],
  store: (at: Code, value: Code, offset = 0): Code => [at, value, simd(0x0b), place(offset)],
  /** Bytes of two vectors, by their places in both. */
  shuffle: (a: Code, b: Code, places: readonly number[]): Code => [a, b, simd(0x0d), places],
  /** The same byte sixteen times. */
  bytes: (value: number): Code => [simd(0x0c), Array.from({ length: 16 }, () => value)],
  isEqual8: binary(simd(0x23)),
  /** With signs: bytes from 0x80 on are less than all others. */
  isLess8: binary(simd(0x25)),
  /** A bit for each byte whose highest bit is 1. */
  mask8: (a: Code): Code => [a, simd(0x64)],
  splat32: (a: Code): Code => [a, simd(0x11)],
  and: binary(simd(0x4e)),
  or: binary(simd(0x50)),
  xor: binary(simd(0x51)),
  add32: binary(simd(0xae)),
  shl32: (a: Code, bits: number): Code => [a, i32.const(bits), simd(0xab)],
  shr32: (a: Code, bits: number): Code => [a, i32.const(bits), simd(0xad)],
};

const VOID = 0x40;

/** `body` again and again, for as long as `condition` holds behind it. */
export const doWhile = (body: Code, condition: Code): Code => [0x03, VOID, body, condition, 0x0d, 0, END];
export const call = (index: number, ...parameters: readonly Code[]): Code => [parameters, 0x10, unsigned(index)];
