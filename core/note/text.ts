// The characters that notes and key names may have.
import { NoteError } from './error.ts';

/** A note with a hundred post-quantum signatures has room; nothing that anybody sends as a checkpoint is larger. */
export const MAX_NOTE_BYTES = 500_000;

const LINE_FEED = 0x0a;
const FIRST_PRINTABLE = 0x20;

/** The text of a note's bytes: valid UTF-8 (a byte order mark is kept, it was signed) of lines. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length > MAX_NOTE_BYTES) {
    throw new NoteError('size', `got a note of ${bytes.length} bytes, want at most ${MAX_NOTE_BYTES}`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new NoteError('encoding', 'got bytes that are not UTF-8', undefined, cause);
  }
  checkCharacters(text);
  return text;
}

export function encodeText(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new NoteError('encoding', 'got a lone surrogate, which has no UTF-8');
  checkCharacters(text);
  return new TextEncoder().encode(text);
}

function checkCharacters(text: string): void {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < FIRST_PRINTABLE && unit !== LINE_FEED) {
      throw new NoteError('control-character', `got control character ${unit} at offset ${i}`);
    }
  }
}

const NOT_IN_NAMES = /[\p{White_Space}+]/u;

export function checkKeyName(name: string): void {
  encodeText(name);
  if (name === '' || NOT_IN_NAMES.test(name)) {
    throw new NoteError('key-name', 'got a key name that is empty or has a space or a plus sign');
  }
}
