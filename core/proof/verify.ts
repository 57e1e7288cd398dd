// Verifies the proof of an entry.
import { leafHash } from '../chain.ts';
import { type OpenedCheckpoint, signedAt } from '../checkpoint/open.ts';
import { policyOf } from '../checkpoint/policy.ts';
import { equalBytes, fromHex, toHex } from '../crypto.ts';
import { DIGEST, type Digest, isSealedAfter } from '../documents/digest.ts';
import { verifyInclusion } from '../merkle/verify.ts';
import { decodeBase64 } from '../note/base64.ts';
import type { VerifierKey } from '../note/key.ts';
import { encodeText } from '../note/text.ts';
import { formatTlogProof } from '../tlog-proof/proof.ts';
import { verifyTlogProof } from '../tlog-proof/verify.ts';
import { EntryRules, sealWindow, timeFault } from '../verify/entry-rules.ts';
import type { EntryProof } from './document.ts';
import { EntryProofError } from './error.ts';

/** What an entry proof shows, once it has been verified. */
export interface ProvenPosition {
  /** Whose chain it is, and when it was sealed. */
  readonly digest: Digest;
  readonly checkpoint: OpenedCheckpoint;
}

/**
 * Shows that these are the canonical bytes of the entry at the proof's position, in a chain that the log's keys signed.
 * Throws EntryProofError, DocumentError, ProofError, NoteError or CheckpointError when they don't.
 */
export function verifyEntryProof(
  entry: Uint8Array,
  proof: EntryProof,
  logKeys: readonly VerifierKey[],
): ProvenPosition {
  if (toHex(leafHash(entry)) !== proof.leafHash) {
    throw new EntryProofError('entry', 'the proof is of another entry than this');
  }
  const proven = verifyLeafProof(proof, logKeys);
  const rules = new EntryRules(proof.tenant);
  const window = sealWindow(undefined, proven.digest.sealedAt);
  const fault = rules.check(entry) ?? timeFault(rules.recordedAt, window);
  if (fault !== undefined) throw new EntryProofError('entry', `what was sealed is no entry of its time (${fault})`);
  return proven;
}

/** As verifyEntryProof, for whoever has the entry's leaf hash only: its body may have expired. */
export function verifyLeafProof(proof: EntryProof, logKeys: readonly VerifierKey[]): ProvenPosition {
  const bytes = new TextEncoder().encode(proof.digest);
  const digest = DIGEST.parse(bytes);
  verifyInChain(proof, digest);
  const checkpoint = verifyInLog(proof, digest, leafHash(bytes), logKeys);
  return { digest, checkpoint };
}

function verifyInChain({ tenant, chain, position, leafHash: leaf, inclusion }: EntryProof, digest: Digest): void {
  if (digest.tenant !== tenant) throw new EntryProofError('tenant', 'the digest is of another tenant');
  const head = digest.chains.find((one) => one.chain === chain);
  if (head === undefined) throw new EntryProofError('chain', `the digest seals no chain ${chain}`);
  const root = hashOf(inclusion.root);
  if (inclusion.size !== head.size || toHex(root) !== head.root) {
    throw new EntryProofError('tree', `the proof is in another tree of chain ${chain} than the digest seals`);
  }
  const { size } = inclusion;
  verifyInclusion({ index: position, size, leafHash: fromHex(leaf), root }, inclusion.proof.map(hashOf));
}

function verifyInLog(
  proof: EntryProof,
  digest: Digest,
  leaf: Uint8Array,
  logKeys: readonly VerifierKey[],
): OpenedCheckpoint {
  const { index, size, root } = proof.log;
  if (digest.index !== index) throw new EntryProofError('index', `the digest says that it is not leaf ${index}`);
  const tlogProof = {
    extra: undefined,
    index,
    hashes: proof.log.proof.map(hashOf),
    checkpoint: encodeText(proof.checkpoint),
  };
  const checkpoint = verifyTlogProof(tlogProof, leaf, policyOf(logKeys));
  if (checkpoint.size !== size || !equalBytes(checkpoint.root, hashOf(root)) || checkpoint.origin !== digest.log) {
    throw new EntryProofError('log', 'the digest, the proof and the checkpoint are not of one log');
  }
  if (isSealedAfter(digest, signedAt(checkpoint))) {
    throw new EntryProofError('log', 'the digest says that it was sealed after the checkpoint was signed');
  }
  if (!equalBytes(encodeText(proof.tlogProof), formatTlogProof(tlogProof))) {
    throw new EntryProofError('tlog-proof', 'the file of C2SP tlog-proof says something else than the proof');
  }
  return checkpoint;
}

function hashOf(text: string): Uint8Array {
  const hash = decodeBase64(text);
  if (hash === undefined) throw new EntryProofError('hash', 'got a hash that is not in the one spelling of base64');
  return hash;
}
