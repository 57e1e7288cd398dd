// Proofs of entries verify, and changed ones do not.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CheckpointError } from '../../core/checkpoint/error.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { ProofError } from '../../core/merkle/error.ts';
import { NoteError } from '../../core/note/error.ts';
import { ENTRY_PROOF, type EntryProof } from '../../core/proof/document.ts';
import { EntryProofError } from '../../core/proof/error.ts';
import { verifyEntryProof } from '../../core/proof/verify.ts';
import { entry, LOG_KEYS, sealed } from '../support/proofs.ts';
import { refusal } from '../support/refusal.ts';

const REFUSALS = [EntryProofError, DocumentError, ProofError, NoteError, CheckpointError];

const position = fc
  .integer({ min: 1, max: 70 })
  .chain((size) => fc.record({ size: fc.constant(size), position: fc.integer({ min: 0, max: size - 1 }) }));
const place = fc.record({ before: fc.integer({ min: 0, max: 9 }), behind: fc.integer({ min: 0, max: 9 }) });

function verdict(bytes: Uint8Array, proof: unknown): string {
  return refusal(REFUSALS, () => {
    const text = new TextEncoder().encode(JSON.stringify(proof, sorted));
    verifyEntryProof(bytes, ENTRY_PROOF.parse(text), LOG_KEYS);
  });
}

/** Canonical, as far as a proof goes. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

test('every position of every tree is proven, and comes back from the document', async () => {
  for (const size of [1, 2, 3, 8, 33]) {
    const proofOf = await sealed({ size, before: 2, behind: 3 });
    for (let at = 0; at < size; at++) {
      const proof = await proofOf(at);
      expect(ENTRY_PROOF.parse(ENTRY_PROOF.format(proof))).toEqual(proof);
      const { digest, checkpoint } = verifyEntryProof(entry(at), proof, LOG_KEYS);
      expect([digest.tenant, digest.seal, checkpoint.size]).toEqual(['acme', 7, 6]);
    }
  }
});

test('no entry has the proof of another', async () => {
  await fc.assert(
    fc.asyncProperty(position, place, fc.nat(70), async ({ size, position: at }, around, other) => {
      fc.pre(other !== at);
      const proof = await (await sealed({ size, ...around }))(at);
      expect(verdict(entry(at), proof)).toBe('accepted');
      expect(verdict(entry(other), proof)).toBe('entry');
    }),
    { numRuns: 40 },
  );
});

/** Every place of a JSON value that holds a number or a text. */
function leavesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, child]) => leavesOf(child, [...path, name]));
}

function changed(proof: EntryProof, path: readonly (string | number)[], change: (value: never) => unknown): unknown {
  const copy = structuredClone(proof);
  // biome-ignore lint/suspicious/noExplicitAny: walks any member
  const parent = path.slice(0, -1).reduce((at: any, name) => at[name], copy);
  const name = path.at(-1)!;
  parent[name] = change(parent[name] as never);
  return copy;
}

test('whatever single thing is changed, the proof is refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ at: position, around: place, pick: fc.nat(), offset: fc.nat(), bit: fc.integer({ min: 0, max: 5 }) }),
      async ({ at, around, pick, offset, bit }) => {
        const proof = await (await sealed({ size: at.size, ...around }))(at.position);
        const places = leavesOf(proof);
        const path = places[pick % places.length]!;
        const edit = (value: string | number) => {
          if (typeof value === 'number') return value ^ (2 ** bit);
          const i = offset % value.length;
          return value.slice(0, i) + String.fromCharCode(value.charCodeAt(i) ^ (2 ** bit)) + value.slice(i + 1);
        };
        expect([path, verdict(entry(at.position), changed(proof, path, edit))]).not.toContain('accepted');
      },
    ),
    { numRuns: 600 },
  );
});

test('a hash more, a hash less or two in another order is refused', async () => {
  const proof = await (await sealed({ size: 9, before: 3, behind: 3 }))(4);
  for (const path of [
    ['inclusion', 'proof'],
    ['log', 'proof'],
  ]) {
    for (const edit of [
      (hashes: string[]) => hashes.slice(1),
      (hashes: string[]) => hashes.slice(0, -1),
      (hashes: string[]) => [...hashes, hashes[0]],
      (hashes: string[]) => [hashes[1], hashes[0], ...hashes.slice(2)],
    ]) {
      expect(verdict(entry(4), changed(proof, path, edit))).not.toBe('accepted');
    }
  }
});
