// Notes and their signatures.
import { expect, test } from '@jest/globals';
import { SignatureError, verifyEcdsa, verifyEd25519 } from '../../../../core/crypto.ts';
import { NoteError } from '../../../../core/note/error.ts';
import { formatNote, type Note, parseNote } from '../../../../core/note/note.ts';
import { MAX_NOTE_BYTES } from '../../../../core/note/text.ts';
import { verifyNote } from '../../../../core/note/verify.ts';
import { refusal } from '../../../support/refusal.ts';
import { signer } from '../../../support/signers.ts';

const author = signer('author.example', 'ed25519');
const signature = { name: 'a', keyId: 1, signature: Uint8Array.of(1) };

test.each<[name: string, code: string, note: Note]>([
  ['no line feed at its end', 'structure', { text: 'a', signatures: [signature] }],
  ['no signature', 'structure', { text: 'a\n', signatures: [] }],
  ['a carriage return', 'control-character', { text: 'a\r\n', signatures: [signature] }],
  ['a lone surrogate', 'encoding', { text: '\ud800\n', signatures: [signature] }],
  ['a space in a key name', 'key-name', { text: 'a\n', signatures: [{ ...signature, name: 'a b' }] }],
])('a note with %s is not written', (_, code, note) => {
  expect(refusal([NoteError], () => formatNote(note))).toBe(code);
});

test('the text is what stands before the last empty line, whatever it looks like', () => {
  const text = '\n— a AAAAAQE=\n\n\ufeffé\n\n';
  const note = { text, signatures: [author.sign(text), signature] };
  expect(parseNote(formatNote(note))).toEqual(note);
  expect(verifyNote(parseNote(formatNote(note)), [author.key])).toHaveLength(1);
});

test('sixteen signatures and more are read, a note without bounds is not', () => {
  const signatures = Array.from({ length: 100 }, () => ({ ...signature, signature: new Uint8Array(2428) }));
  expect(parseNote(formatNote({ text: 'a\n', signatures })).signatures).toHaveLength(100);
  expect(refusal([NoteError], () => parseNote(new Uint8Array(MAX_NOTE_BYTES + 1)))).toBe('size');
});

test('a signature by ECDSA verifies, and no other encoding of it', () => {
  const old = signer('old.example', 'ecdsa');
  const text = 'a\n';
  const line = old.sign(text);
  expect(verifyNote({ text, signatures: [line] }, [old.key])).toEqual([{ key: old.key, timestamp: undefined }]);
  const longer = Uint8Array.of(...line.signature, 0);
  const act = () => verifyEcdsa(old.key.publicKey, new TextEncoder().encode(text), longer);
  expect(refusal([SignatureError], act)).toBe('signature');
});

test('a key under which any message would verify is not a key', () => {
  const neutral = Uint8Array.of(1, ...new Uint8Array(31));
  const act = () => verifyEd25519(neutral, Uint8Array.of(1, 2, 3), Uint8Array.of(...neutral, ...new Uint8Array(32)));
  expect(refusal([SignatureError], act)).toBe('key');
});
