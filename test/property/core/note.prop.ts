// Notes, checkpoints and proofs are read as they were written, and refused when changed.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatCheckpoint, parseCheckpoint } from '../../../core/checkpoint/body.ts';
import { CheckpointError } from '../../../core/checkpoint/error.ts';
import { openCheckpoint } from '../../../core/checkpoint/open.ts';
import { ProofError } from '../../../core/merkle/error.ts';
import { NoteError } from '../../../core/note/error.ts';
import { formatNote, parseNote } from '../../../core/note/note.ts';
import { TlogProofError } from '../../../core/tlog-proof/error.ts';
import { formatTlogProof, parseTlogProof } from '../../../core/tlog-proof/proof.ts';
import { verifyTlogProof } from '../../../core/tlog-proof/verify.ts';
import { NaiveTree } from '../../support/naive-tree.ts';
import { signer } from '../../support/signers.ts';

const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !/\p{Cc}/u.test(text));
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const name = fc.stringMatching(/^[a-z./é—-]{1,20}$/);
const signature = fc.record({
  name,
  keyId: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  signature: fc.uint8Array({ minLength: 1, maxLength: 80 }),
});

test('notes are read as they were written', () => {
  const text = fc.array(fc.oneof(line, fc.constant('')), { minLength: 1 }).map((lines) => `${lines.join('\n')}\n`);
  const note = fc.record({ text, signatures: fc.array(signature, { minLength: 1, maxLength: 20 }) });
  fc.assert(fc.property(note, (given) => expect(parseNote(formatNote(given))).toEqual(given)));
});

test('checkpoints are read as they were written', () => {
  const checkpoint = fc.record({ origin: line, size: fc.maxSafeNat(), root: hash, extensions: fc.array(line) });
  fc.assert(fc.property(checkpoint, (given) => expect(parseCheckpoint(formatCheckpoint(given))).toEqual(given)));
});

test('proofs are read as they were written', () => {
  const proof = fc.record({
    extra: fc.option(fc.uint8Array({ maxLength: 50 }), { nil: undefined }),
    index: fc.maxSafeNat(),
    hashes: fc.array(hash, { maxLength: 53 }),
    checkpoint: line.map((text) => new TextEncoder().encode(text)),
  });
  fc.assert(fc.property(proof, (given) => expect(parseTlogProof(formatTlogProof(given))).toEqual(given)));
});

const origin = 'log.example/p';
const log = [signer(origin, 'ed25519'), signer(origin, 'ml-dsa-44-cosignature')];
const policy = {
  origin,
  logKeys: log.map(({ key }) => key),
  requiredTypes: ['ed25519', 'ml-dsa-44-cosignature'] as const,
};
const tree = new NaiveTree(Array.from({ length: 9 }, (_, i) => Uint8Array.of(i)));
const text = formatCheckpoint({ origin, size: 9, root: tree.root(0, 9), extensions: [] });
const checkpoint = formatNote({ text, signatures: log.map((one) => one.sign(text)) });
const proof = formatTlogProof({ extra: undefined, index: 4, hashes: tree.inclusion(4, 0, 9), checkpoint });

const REFUSALS = [NoteError, CheckpointError, ProofError, TlogProofError];

/** Refused with evidence, whatever it was: neither a crash nor a yes. */
function demandRefusal(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    expect(REFUSALS.some((kind) => error instanceof kind)).toBe(true);
    return;
  }
  expect('accepted').toBe('refused');
}

test('a checkpoint of which one bit was changed is refused', () => {
  openCheckpoint(checkpoint, policy);
  fc.assert(
    fc.property(fc.nat({ max: checkpoint.length * 8 - 1 }), (bit) => {
      const changed = Uint8Array.from(checkpoint);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      demandRefusal(() => openCheckpoint(changed, policy));
    }),
    { numRuns: 400 },
  );
});

test('a proof that was changed, cut short or grew is refused', () => {
  const leaf = tree.root(4, 5);
  verifyTlogProof(parseTlogProof(proof), leaf, policy);
  fc.assert(
    fc.property(fc.nat({ max: proof.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const flipped = Uint8Array.from(proof);
      flipped[at]! ^= change;
      for (const bytes of [flipped, proof.slice(0, at), Uint8Array.of(...proof, change)]) {
        demandRefusal(() => verifyTlogProof(parseTlogProof(bytes), leaf, policy));
      }
    }),
    { numRuns: 400 },
  );
});
