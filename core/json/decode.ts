// Decodes UTF-8 as far as it is well-formed.
import type { JsonFaultCode } from './fault.ts';

/** A text, cut where it stops being well-formed: what came before still says where in the document that is. */
export interface DecodedText {
  readonly text: string;
  readonly broken?: { readonly code: JsonFaultCode; readonly message: string };
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lossy = new TextDecoder('utf-8', { ignoreBOM: true });
const REPLACEMENT = /\ufffd/g;

export function decodeText(input: Uint8Array | string): DecodedText {
  if (typeof input === 'string') {
    if (input.isWellFormed()) return { text: input };
    const message = 'got a lone surrogate, want well-formed Unicode';
    return { text: input.slice(0, loneSurrogate(input)), broken: { code: 'lone-surrogate', message } };
  }
  try {
    return { text: strict.decode(input) };
  } catch {
    const message = 'got a byte sequence that is not UTF-8';
    return { text: validPrefix(input), broken: { code: 'invalid-utf8', message } };
  }
}

/** Precondition: the text is not well-formed. */
function loneSurrogate(text: string): number {
  let at = 0;
  for (const character of text) {
    if (!character.isWellFormed()) break;
    at += character.length;
  }
  return at;
}

/** The decoder doesn't say where it failed; the first replacement that the bytes don't spell themselves does. */
function validPrefix(bytes: Uint8Array): string {
  const text = lossy.decode(bytes);
  let from = 0;
  let offset = 0;
  for (const { index } of text.matchAll(REPLACEMENT)) {
    offset += new TextEncoder().encode(text.slice(from, index)).length;
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return text.slice(0, index);
    from = index;
  }
  return text;
}
