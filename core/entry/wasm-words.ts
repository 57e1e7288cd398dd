// Identifiers, actions, trace ids, octets of addresses and the tenant's name, where they lie in a module's memory.
import { TENANT_PATTERN } from '../../names/patterns.ts';
import { type Code, i32, local, type WasmFunction } from '../wasm/encode.ts';
import {
  both,
  exit,
  forever,
  isByte,
  isEqual,
  isGreater,
  isLess,
  isText,
  reader,
  unless,
  unsureIf,
  unsureUnless,
  when,
} from '../wasm/logic.ts';
import { ACTION_PATTERN, ENTRY_ID_PATTERN, TRACE_ID_PATTERN } from './schema.ts';
import { CLASS, hasClass, plus, run } from './wasm-texts.ts';

/** Where the module has what it is given and what it notes, four bytes each; the notes are places or 0 and 1. */
export const NOTES = { occurredAt: 256, recordedAt: 260, late: 264, actorId: 268, identified: 272, tenantBytes: 276 };
/** The tenant, quoted. */
export const TENANT_AT = 512;

const encode = (one: string) => new TextEncoder().encode(one);
const [at, end, count] = [0, 1, 2].map(local.get) as [Code, Code, Code];

/** Longest identifier and action, with the opening quotation mark. */
const LONGEST_WORD = 129;
const endsWord = (longest = LONGEST_WORD): Code =>
  both(isByte(end, '"'), i32.isZero(isGreater(i32.sub(end, at), i32.const(longest))));

const idReader = reader(0, 1, [
  unsureUnless(both(isByte(at, '"'), i32.isZero(i32.isZero(hasClass(at, CLASS.alphanumeric, 1))))),
  local.set(1, run(plus(at, 2), CLASS.id)),
  unsureUnless(endsWord()),
  plus(end, 1),
]);

/** Behind a dot and the word behind that. */
const dottedWord: Code = [
  unsureUnless(isByte(end, '.')),
  unsureUnless(hasClass(end, CLASS.alphanumeric, 1)),
  local.set(1, run(plus(end, 2), CLASS.word)),
];

/** `noun.verb` or `noun.verb.result`. */
const actionReader = reader(0, 1, [
  unsureUnless(isByte(at, '"')),
  unsureUnless(hasClass(at, CLASS.letter, 1)),
  local.set(1, run(plus(at, 2), CLASS.word)),
  dottedWord,
  when(isByte(end, '.'), dottedWord),
  unsureUnless(endsWord()),
  plus(end, 1),
]);

const TRACE_DIGITS = 32;

const traceReader = reader(0, 1, [
  unsureUnless(isByte(at, '"')),
  local.set(1, run(plus(at, 1), CLASS.hex)),
  unsureUnless(both(isByte(end, '"'), isEqual(i32.sub(end, at), i32.const(1 + TRACE_DIGITS)))),
  unsureIf(isText(plus(at, 1), encode('0'.repeat(TRACE_DIGITS)))),
  plus(end, 1),
]);

/** A decimal without leading zeros, up to 255; three digits at most are looked at. */
export const octetReader = reader(0, 2, [
  local.set(2, at),
  forever([
    unless(both(i32.isZero(i32.isZero(hasClass(at, CLASS.digit))), isLess(i32.sub(at, count), i32.const(3))), [
      unsureIf(isEqual(at, count)),
      unsureIf(isGreater(end, i32.const(255))),
      unsureIf(both(isByte(count, '0'), isGreater(i32.sub(at, count), i32.const(1)))),
      exit(at),
    ]),
    // Ten times the value so far.
    local.set(1, i32.add(i32.shl(end, 3), i32.shl(end, 1))),
    local.set(1, i32.add(end, i32.sub(i32.load8(at), i32.const(0x30)))),
    local.set(0, plus(at, 1)),
  ]),
]);

/** The tenant's name, quoted. */
const tenantReader = reader(0, 2, [
  local.set(2, i32.load(i32.const(0), NOTES.tenantBytes)),
  local.set(1, i32.const(0)),
  forever([
    unless(isLess(end, count), exit(i32.add(at, count))),
    unsureUnless(isEqual(i32.load8(i32.add(at, end)), i32.load8(end, TENANT_AT))),
    local.set(1, plus(end, 1)),
  ]),
]);

/** By the source of the pattern that they are readers of. */
export const PATTERNS: ReadonlyMap<string, WasmFunction> = new Map([
  [new RegExp(ENTRY_ID_PATTERN).source, idReader],
  [new RegExp(TENANT_PATTERN).source, tenantReader],
  [new RegExp(ACTION_PATTERN).source, actionReader],
  [new RegExp(TRACE_ID_PATTERN).source, traceReader],
]);
