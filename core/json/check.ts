// Whether a value that something else has parsed is one that JSON can say.
import { isUnsafeInteger } from './number.ts';
import { escapeToken } from './pointer.ts';

export interface ValueFault {
  readonly pointer: string;
  readonly code: 'too-deep' | 'lone-surrogate' | 'not-finite' | 'unsafe-integer' | 'not-json';
  readonly message: string;
}

/**
 * What parseJson demands of a text, demanded of a value that something else parsed (an event that a runtime hands over).
 * Collects every fault; a container that is too deep is reported once and not entered.
 */
export function checkValue(value: unknown, maxDepth: number, pointer = ''): ValueFault[] {
  const faults: ValueFault[] = [];
  visit(value, maxDepth, () => pointer, faults);
  return faults;
}

/** Where a value is, spelled only when a fault asks for it. */
type Locate = () => string;

function visit(value: unknown, room: number, locate: Locate, faults: ValueFault[]): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed())
      faults.push(fault(locate, 'lone-surrogate', 'got a lone surrogate, want well-formed Unicode'));
  } else if (typeof value === 'number') {
    checkNumber(value, locate, faults);
  } else if (typeof value === 'object' && value !== null) {
    if (room <= 0) faults.push(fault(locate, 'too-deep', 'got more levels of nesting than are allowed'));
    else if (Array.isArray(value)) visitArray(value, room - 1, locate, faults);
    else visitObject(value, room - 1, locate, faults);
  } else if (value !== null && typeof value !== 'boolean') {
    faults.push(fault(locate, 'not-json', `got ${typeof value}, want a JSON value`));
  }
}

function visitArray(array: readonly unknown[], room: number, locate: Locate, faults: ValueFault[]): void {
  for (let i = 0; i < array.length; i++) visit(array[i], room, () => `${locate()}/${i}`, faults);
}

function visitObject(object: object, room: number, locate: Locate, faults: ValueFault[]): void {
  for (const key of Object.keys(object)) {
    const locateMember = () => `${locate()}/${escapeToken(key.toWellFormed())}`;
    if (!key.isWellFormed())
      faults.push(fault(locateMember, 'lone-surrogate', 'got a lone surrogate in a member name'));
    visit((object as Record<string, unknown>)[key], room, locateMember, faults);
  }
}

function checkNumber(value: number, locate: Locate, faults: ValueFault[]): void {
  if (!Number.isFinite(value)) faults.push(fault(locate, 'not-finite', 'got a number that is not finite'));
  else if (isUnsafeInteger(value)) {
    faults.push(fault(locate, 'unsafe-integer', 'got an integer beyond ±9007199254740991, want a string for it'));
  }
}

function fault(locate: Locate, code: ValueFault['code'], message: string): ValueFault {
  return { pointer: locate(), code, message };
}

/** No canonical form of the value is shorter than this: the UTF-16 length of its names and strings. Stops at `enough`. */
export function textLength(value: unknown, enough: number): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let length = 0;
  for (const key of Object.keys(value)) {
    length +=
      (Array.isArray(value) ? 0 : key.length) + textLength((value as Record<string, unknown>)[key], enough - length);
    if (length > enough) break;
  }
  return length;
}
