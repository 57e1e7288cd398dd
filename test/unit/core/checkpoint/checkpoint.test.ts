// Checkpoints that are opened and refused.
import { describe, expect, test } from '@jest/globals';
import { type Checkpoint, formatCheckpoint } from '../../../../core/checkpoint/body.ts';
import {
  decodeTimestamped,
  encodeTimestamped,
  mlDsa44CosignedMessage,
} from '../../../../core/checkpoint/cosignature.ts';
import { CheckpointError } from '../../../../core/checkpoint/error.ts';
import { type CheckpointPolicy, openCheckpoint } from '../../../../core/checkpoint/open.ts';
import { toHex } from '../../../../core/crypto.ts';
import { NoteError } from '../../../../core/note/error.ts';
import { formatNote } from '../../../../core/note/note.ts';
import { messageToSign, noteSignature } from '../../../../core/note/signature.ts';
import { verifyNote } from '../../../../core/note/verify.ts';
import { refusal } from '../../../support/refusal.ts';
import { type Signer, signer } from '../../../support/signers.ts';

const origin = 'log.example/a';
const classic = signer(origin, 'ed25519');
const lasting = signer(origin, 'ml-dsa-44-cosignature');
const witness = signer('witness.example/1', 'ed25519-cosignature');
const second = signer('witness.example/2', 'ml-dsa-44-cosignature');
const checkpoint: Checkpoint = { origin, size: 7, root: new Uint8Array(32).fill(7), extensions: [] };
const logKeys = [classic.key, lasting.key];
const both: CheckpointPolicy = { origin, logKeys, requiredTypes: ['ed25519', 'ml-dsa-44-cosignature'] };
const witnesses = { keys: [witness.key, second.key], atLeast: 2 };

function signed(by: readonly Signer[], change: Partial<Checkpoint> = {}): Uint8Array {
  const text = formatCheckpoint({ ...checkpoint, ...change });
  return formatNote({ text, signatures: by.map((one) => one.sign(text)) });
}

function verdict(bytes: Uint8Array, policy: CheckpointPolicy): string {
  return refusal([CheckpointError, NoteError], () => openCheckpoint(bytes, policy));
}

describe('a checkpoint is opened', () => {
  test('with who signed it, log and witnesses apart', () => {
    const opened = openCheckpoint(signed([witness, classic, second, lasting]), { ...both, witnesses });
    expect(opened).toMatchObject(checkpoint);
    expect(opened.log.map(({ key }) => key.type)).toEqual(['ed25519', 'ml-dsa-44-cosignature']);
    expect(opened.witnesses.map(({ key }) => key.name)).toEqual(['witness.example/1', 'witness.example/2']);
  });

  test('by any one key when no type is required, past signatures of keys that nobody knows', () => {
    expect(verdict(signed([signer('unknown.example', 'ecdsa'), classic]), { origin, logKeys })).toBe('accepted');
    expect(verdict(signed([lasting]), { origin, logKeys })).toBe('accepted');
  });

  test('by one of two keys of a type, as while a key is replaced', () => {
    const next = signer(origin, 'ed25519');
    const policy = { ...both, logKeys: [...logKeys, next.key] };
    expect(verdict(signed([next, lasting]), policy)).toBe('accepted');
  });
});

describe('a checkpoint is refused', () => {
  test.each<[name: string, code: string, bytes: Uint8Array, policy: CheckpointPolicy]>([
    ['of another log', 'wrong-origin', signed([classic, lasting], { origin: 'log.example/b' }), both],
    ['stripped of the signature that lasts', 'log-signature', signed([classic]), both],
    ['stripped of the classic signature', 'log-signature', signed([lasting]), both],
    ['signed by witnesses alone', 'log-signature', signed([witness, second]), { origin, logKeys, witnesses }],
    ['signed by nobody known', 'unverified', signed([signer(origin, 'ed25519')]), both],
    ['seen by too few witnesses', 'witnesses', signed([classic, lasting, witness]), { ...both, witnesses }],
    ['seen by one witness twice', 'witnesses', signed([classic, lasting, witness, witness]), { ...both, witnesses }],
    [
      'with lines that no signature covers',
      'unsigned-extension',
      signed([lasting], { extensions: ['x'] }),
      { origin, logKeys },
    ],
  ])('%s', (_, code, bytes, policy) => expect(verdict(bytes, policy)).toBe(code));

  test.each<[name: string, policy: CheckpointPolicy]>([
    ['that knows no key of the log', { origin, logKeys: [] }],
    ['whose witness makes no cosignatures', { ...both, witnesses: { keys: [signer('w', 'ed25519').key], atLeast: 1 } }],
    ['whose witness is the log', { ...both, witnesses: { keys: [lasting.key], atLeast: 1 } }],
  ])('under a policy %s', (_, policy) => expect(verdict(signed([classic, lasting]), policy)).toBe('policy'));
});

test('extension lines that the classic signature covers are given out', () => {
  expect(openCheckpoint(signed([classic, lasting], { extensions: ['x', 'y'] }), both).extensions).toEqual(['x', 'y']);
});

test('two keys that share name and id are not told apart by luck', () => {
  const other = { ...classic.key, publicKey: signer(origin, 'ed25519').key.publicKey };
  const note = { text: formatCheckpoint(checkpoint), signatures: [classic.sign(formatCheckpoint(checkpoint))] };
  expect(refusal([NoteError], () => verifyNote(note, [classic.key, other]))).toBe('ambiguous-key');
  expect(verifyNote(note, [classic.key, { ...classic.key }])).toHaveLength(1);
});

describe('what is signed', () => {
  const text = formatCheckpoint(checkpoint);

  test('by ML-DSA-44 is the cosigned_message of C2SP tlog-cosignature, field by field', () => {
    const ascii = (value: string) => toHex(new TextEncoder().encode(value));
    const fields = [
      ascii('subtree/v1\n\0'),
      `0d${ascii(origin)}`,
      '0000000069800000',
      `0d${ascii(origin)}`,
      '0000000000000000',
      '0000000000000007',
      '07'.repeat(32),
    ];
    expect(toHex(messageToSign(lasting.key, text, 0x69800000))).toBe(fields.join(''));
  });

  test('by an Ed25519 cosigner is the text behind two lines', () => {
    expect(new TextDecoder().decode(messageToSign(witness.key, text, 12))).toBe(`cosignature/v1\ntime 12\n${text}`);
  });

  test.each([-1, 0.5, 253_402_300_800, 2 ** 53, Number.NaN])('never has the time %p', (time) => {
    expect(refusal([NoteError], () => messageToSign(lasting.key, text, time))).toBe('timestamp');
    expect(refusal([NoteError], () => messageToSign(witness.key, text, time))).toBe('timestamp');
  });

  test('has a time that is read exactly or not at all', () => {
    const last = { timestamp: Date.parse('9999-12-31T23:59:59.000Z') / 1_000, signature: Uint8Array.of(1) };
    expect(decodeTimestamped(encodeTimestamped(last))).toEqual(last);
    const beyond = encodeTimestamped({ ...last, timestamp: last.timestamp + 1 });
    expect(refusal([NoteError], () => decodeTimestamped(beyond))).toBe('timestamp');
    expect(refusal([NoteError], () => decodeTimestamped(beyond.slice(0, 8)))).toBe('signature');
  });

  test('has a time exactly where the type has a place for it', () => {
    const raw = new Uint8Array(64);
    expect(refusal([NoteError], () => messageToSign(classic.key, text, 1))).toBe('timestamp');
    expect(refusal([NoteError], () => noteSignature(lasting.key, raw))).toBe('timestamp');
  });

  test('by ML-DSA-44 names cosigner and log in at most 255 bytes', () => {
    const long = 'é'.repeat(128);
    expect(refusal([NoteError], () => mlDsa44CosignedMessage(long, 0, checkpoint))).toBe('signature');
    expect(refusal([NoteError], () => mlDsa44CosignedMessage('a', 0, { ...checkpoint, origin: long }))).toBe(
      'signature',
    );
    expect(mlDsa44CosignedMessage('é'.repeat(127), 0, checkpoint)).toHaveLength(12 + 255 + 8 + 14 + 48);
  });

  test("stays below the signing service's 4,096 bytes", () => {
    const widest = { ...checkpoint, origin: 'o'.repeat(255), size: Number.MAX_SAFE_INTEGER };
    expect(mlDsa44CosignedMessage('c'.repeat(255), 253_402_300_799, widest).length).toBeLessThan(4096);
    expect(formatCheckpoint(widest).length).toBeLessThan(4096);
  });
});
