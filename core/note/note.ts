// The text and the signature lines of a note (C2SP signed-note).
import { decodeBase64, encodeBase64 } from './base64.ts';
import { NoteError } from './error.ts';
import { checkKeyName, decodeText, encodeText } from './text.ts';

export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  /** What follows the key id; what it is depends on the key's type. */
  readonly signature: Uint8Array;
}

/** C2SP signed-note. Parsed says nothing about who signed it: see verifyNote. */
export interface Note {
  /** With its last line feed; this is what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const DASH = '— ';
const KEY_ID_BYTES = 4;

/** Throws a NoteError for anything but the one serialization of some note. */
export function parseNote(bytes: Uint8Array): Note {
  const whole = decodeText(bytes);
  const blank = whole.lastIndexOf('\n\n');
  if (blank < 0) throw new NoteError('structure', 'got no empty line between text and signatures');
  const block = whole.slice(blank + 2);
  if (!block.endsWith('\n')) throw new NoteError('structure', 'got no line of signature that ends');
  return { text: whole.slice(0, blank + 1), signatures: block.slice(0, -1).split('\n').map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [name, encoded, ...rest] = line.startsWith(DASH) ? line.slice(DASH.length).split(' ') : [];
  if (name === undefined || encoded === undefined || rest.length > 0) {
    throw new NoteError('signature-line', 'got a signature line that is not a dash, a name and a signature');
  }
  checkKeyName(name);
  const bytes = decodeBase64(encoded);
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES) {
    throw new NoteError('signature-line', 'got a signature that is not base64 of a key id and more', name);
  }
  const keyId = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return { name, keyId, signature: bytes.slice(KEY_ID_BYTES) };
}

/** The bytes of a note, in the order of its signatures; parseNote reads them back. */
export function formatNote({ text, signatures }: Note): Uint8Array {
  if (!text.endsWith('\n')) throw new NoteError('structure', 'got a text without a last line feed');
  if (signatures.length === 0) throw new NoteError('structure', 'got no signature');
  const lines = signatures.map(({ name, keyId, signature }) => {
    checkKeyName(name);
    const bytes = new Uint8Array(KEY_ID_BYTES + signature.length);
    new DataView(bytes.buffer).setUint32(0, keyId);
    bytes.set(signature, KEY_ID_BYTES);
    return `${DASH}${name} ${encodeBase64(bytes)}\n`;
  });
  return encodeText(`${text}\n${lines.join('')}`);
}
