/** Verifies the proof of one entry, and says what it shows. */
import { BundleError } from '../../core/bundle/error.ts';
import { CheckpointError } from '../../core/checkpoint/error.ts';
import { toHex } from '../../core/crypto.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { ProofError } from '../../core/merkle/error.ts';
import { NoteError } from '../../core/note/error.ts';
import type { VerifierKey } from '../../core/note/key.ts';
import { ENTRY_PROOF, type EntryProof } from '../../core/proof/document.ts';
import { EntryProofError } from '../../core/proof/error.ts';
import { type ProvenPosition, verifyEntryProof, verifyLeafProof } from '../../core/proof/verify.ts';
import { visible } from '../../core/visible.ts';
import { keyLines } from './report.ts';

export type ProofVerdict = 'intact' | 'altered' | 'incomplete';

export interface ProofReport {
  readonly verdict: ProofVerdict;
  /** A sentence each; none where the verdict is intact. */
  readonly findings: readonly string[];
  readonly proof: EntryProof;
  /** Absent where nothing was proven. */
  readonly proven?: ProvenPosition;
}

/** What is shown is where a leaf hash stands; of which entry it is, only the entry's bytes tell. */
const WITHOUT_ENTRY =
  "The proof shows where a hash stands. That it is an entry's is not shown without the entry (--entry FILE).";

/**
 * Verifies a proof (docs/format.md, "Entry proof") with the entry that it is said to be of, as the API answers it or in its
 * canonical bytes. Throws a BundleError for one whose checkpoint the keys did not sign.
 */
export function verifyProof(proof: EntryProof, keys: readonly VerifierKey[], entry?: Uint8Array): ProofReport {
  try {
    if (entry === undefined) {
      return { verdict: 'incomplete', findings: [WITHOUT_ENTRY], proof, proven: verifyLeafProof(proof, keys) };
    }
    return { verdict: 'intact', findings: [], proof, proven: verifyEntryProof(canonicalIn(entry), proof, keys) };
  } catch (error) {
    if (error instanceof NoteError || error instanceof CheckpointError) {
      throw new BundleError('checkpoint', `it is not signed by the given keys: ${error.message}`, undefined, error);
    }
    if (!isFault(error)) throw error;
    return { verdict: 'altered', findings: [`The proof does not hold: ${error.message}.`], proof };
  }
}

/** Throws a BundleError for what is no proof of an entry. */
export function parseProof(document: Uint8Array): EntryProof {
  try {
    return ENTRY_PROOF.parse(document);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new BundleError('manifest', `it is no proof of an entry: ${error.message}`, undefined, error);
  }
}

function isFault(error: unknown): error is Error {
  return error instanceof EntryProofError || error instanceof ProofError || error instanceof DocumentError;
}

const BEGIN = new TextEncoder().encode('{"entry":');
const BEHIND = ',"chain":';
const LF = 0x0a;

/**
 * The canonical bytes in what holds an entry: themselves, or between the first member and the second of what the API
 * answers. Whatever comes out is nothing but a candidate, which the leaf hash decides on.
 */
function canonicalIn(entry: Uint8Array): Uint8Array {
  const bytes = entry.at(-1) === LF ? entry.subarray(0, -1) : entry;
  if (!BEGIN.every((byte, i) => bytes[i] === byte)) return bytes;
  const text = new TextDecoder('latin1').decode(bytes);
  const end = text.lastIndexOf(BEHIND);
  return end < 0 ? bytes : bytes.subarray(BEGIN.length, end);
}

/** What is said of a proof: `place`, `keysFrom` and `entryFrom` name it, its keys and its entry as they were given. */
export function proofText(
  asked: { readonly place: string; readonly keysFrom: string; readonly entryFrom?: string | undefined },
  keys: readonly VerifierKey[],
  { verdict, findings, proof, proven }: ProofReport,
): string {
  const { place, keysFrom, entryFrom } = asked;
  const lines = [
    `${visible(place)}: ${verdict}`,
    '',
    ...findings.map((finding) => visible(finding)),
    ...(findings.length > 0 ? [''] : []),
    ...(proven === undefined ? ['proven      nothing'] : provenLines(proof, proven)),
    ...(entryFrom === undefined ? [] : [`entry       from ${visible(entryFrom)}`]),
    ...keyLines(keysFrom, keys),
    '',
    'A proof is of one entry: it says nothing of any other. A bundle (indelible export) shows that nothing was left out.',
  ];
  return `${lines.join('\n')}\n`;
}

function provenLines(
  { tenant, chain, position, leafHash }: EntryProof,
  { digest, checkpoint }: ProvenPosition,
): string[] {
  return [
    `tenant      ${tenant}`,
    `proven      chain ${chain}, position ${position}: leaf hash ${leafHash}`,
    `digest      ${digest.number}, sealed ${digest.sealedAt}`,
    `checkpoint  ${visible(checkpoint.origin)}, ${checkpoint.size} digests, root ${toHex(checkpoint.root)}`,
  ];
}
