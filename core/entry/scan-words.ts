// Identifiers, actions and trace ids, where they lie in a buffer.
import type { Step } from './scan-step.ts';
import { hasAt } from './scan-text.ts';

const QUOTE = 0x22;
const DOT = 0x2e;

const encode = (text: string) => new TextEncoder().encode(text);

function charsOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of encode(characters)) table[byte] = 1;
  return table;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const LETTER = charsOf(LETTERS);
const ALPHANUMERIC = charsOf(LETTERS + DIGITS);
const ID = charsOf(`${LETTERS + DIGITS}._~:@+=-`);
const WORD = charsOf(`${LETTERS + DIGITS}_-`);
const HEX = charsOf('0123456789abcdef');

/** `open`: what the first character may be. */
function runEnd(bytes: Uint8Array, at: number, open: Uint8Array, rest: Uint8Array): number {
  if (open[bytes[at]!] !== 1) return -1;
  at++;
  while (rest[bytes[at]!] === 1) at++;
  return at;
}

export const idStep: Step = ({ bytes }, at) => {
  const end = runEnd(bytes, at + 1, ALPHANUMERIC, ID);
  return bytes[at] === QUOTE && bytes[end] === QUOTE && end - at <= 129 ? end + 1 : -1;
};

/** `noun.verb` or `noun.verb.result`. */
export const actionStep: Step = ({ bytes }, at) => {
  let end = runEnd(bytes, at + 1, LETTER, WORD);
  for (let words = 1; words < 3 && bytes[end] === DOT; words++) {
    end = runEnd(bytes, end + 1, ALPHANUMERIC, WORD);
    if (bytes[end] === QUOTE) return bytes[at] === QUOTE && end - at <= 129 ? end + 1 : -1;
  }
  return -1;
};

export const traceStep: Step = ({ bytes }, at) => {
  const end = runEnd(bytes, at + 1, HEX, HEX);
  if (bytes[at] !== QUOTE || bytes[end] !== QUOTE || end - at !== 33) return -1;
  return hasAt(bytes, at + 1, ZEROS) ? -1 : end + 1;
};

const ZEROS = encode('0'.repeat(32));
