// The vectors of notes, keys and proofs.
import { expect, test } from '@jest/globals';
import { leafHash } from '../../../../core/chain.ts';
import { parseCheckpoint } from '../../../../core/checkpoint/body.ts';
import { CheckpointError } from '../../../../core/checkpoint/error.ts';
import { equalBytes, fromHex } from '../../../../core/crypto.ts';
import { NoteError } from '../../../../core/note/error.ts';
import { formatVerifierKey, parseVerifierKey } from '../../../../core/note/key.ts';
import { parseNote } from '../../../../core/note/note.ts';
import { verifyNote } from '../../../../core/note/verify.ts';
import { decodeEntryBundle } from '../../../../core/tiles/entry-bundle.ts';
import { TileError } from '../../../../core/tiles/error.ts';
import { parsePath } from '../../../../core/tiles/path.ts';
import { TlogProofError } from '../../../../core/tlog-proof/error.ts';
import { formatTlogProof, parseTlogProof } from '../../../../core/tlog-proof/proof.ts';
import { verifyTlogProof } from '../../../../core/tlog-proof/verify.ts';
import { refusal } from '../../../support/refusal.ts';
import { vectors } from '../../../vectors/load.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

interface RefusedNote {
  readonly note?: string;
  readonly hex?: string;
  readonly vkeys: readonly string[];
  readonly code: string;
}

test.each(vectors<RefusedNote>('note/refused'))('note refused: %s', (_, { note, hex, vkeys, code }) => {
  const bytes = hex === undefined ? utf8(note!) : fromHex(hex);
  const got = refusal([NoteError], () => verifyNote(parseNote(bytes), vkeys.map(parseVerifierKey)));
  expect(got).toBe(code);
});

test.each(vectors<{ vkey: string; code: string }>('vkey/refused'))('verifier key refused: %s', (_, { vkey, code }) => {
  expect(refusal([NoteError], () => parseVerifierKey(vkey))).toBe(code);
});

test.each(vectors<{ text: string; code: string }>('checkpoint/refused'))('checkpoint refused: %s', (_, vector) => {
  expect(refusal([CheckpointError], () => parseCheckpoint(vector.text))).toBe(vector.code);
});

test.each(vectors<{ path: string; code: string }>('tile-path/refused'))('path refused: %s', (_, { path, code }) => {
  expect(refusal([TileError], () => parsePath(path))).toBe(code);
});

type RefusedBundle = { readonly hex: string; readonly width: number; readonly code: string };

test.each(vectors<RefusedBundle>('bundle/refused'))('bundle refused: %s', (_, { hex, width, code }) => {
  expect(refusal([TileError], () => decodeEntryBundle(fromHex(hex), width))).toBe(code);
});

test.each(vectors<{ proof: string; code: string }>('tlog-proof/refused'))('proof refused: %s', (_, { proof, code }) => {
  expect(refusal([TlogProofError], () => parseTlogProof(utf8(proof)))).toBe(code);
});

interface AcceptedProof {
  readonly proof: string;
  readonly leaf: string;
  readonly origin: string;
  readonly logKeys: readonly string[];
  readonly witnessKeys: readonly string[];
  readonly timestamps: readonly (number | null)[];
}

test.each(vectors<AcceptedProof>('tlog-proof/accepted'))('proof accepted: %s', (_, vector) => {
  const bytes = utf8(vector.proof);
  const proof = parseTlogProof(bytes);
  expect(equalBytes(formatTlogProof(proof), bytes)).toBe(true);
  const keys = vector.logKeys.map(parseVerifierKey);
  expect(keys.map(formatVerifierKey)).toEqual(vector.logKeys);
  const { log, witnesses } = verifyTlogProof(proof, leafHash(utf8(vector.leaf)), {
    origin: vector.origin,
    logKeys: keys,
    requiredTypes: ['ed25519', 'ml-dsa-44-cosignature'],
    witnesses: { keys: vector.witnessKeys.map(parseVerifierKey), atLeast: vector.witnessKeys.length },
  });
  expect([...log, ...witnesses].map(({ timestamp }) => timestamp ?? null)).toEqual(vector.timestamps);
});
