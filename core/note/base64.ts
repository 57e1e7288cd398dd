// Base64 of C2SP's texts.
import { base64Of, unbase64 } from '../crypto.ts';

/** RFC 4648, section 4, with padding: the only base64 in C2SP's texts. */
export function encodeBase64(bytes: Uint8Array): string {
  return base64Of(bytes);
}

/** Undefined for everything but the one spelling that encoding the result gives back. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = unbase64(text);
  return encodeBase64(bytes) === text ? bytes : undefined;
}
