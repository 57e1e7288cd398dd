// Verifies a proof of C2SP tlog-proof.
import { type CheckpointPolicy, type OpenedCheckpoint, openCheckpoint } from '../checkpoint/open.ts';
import { verifyInclusion } from '../merkle/verify.ts';
import type { TlogProof } from './proof.ts';

/**
 * The checkpoint that holds the leaf at the proof's index. Throws NoteError or CheckpointError when the policy does not
 * believe the checkpoint, ProofError when the leaf is not in its tree there.
 */
export function verifyTlogProof(proof: TlogProof, leafHash: Uint8Array, policy: CheckpointPolicy): OpenedCheckpoint {
  const checkpoint = openCheckpoint(proof.checkpoint, policy);
  const { size, root } = checkpoint;
  verifyInclusion({ index: proof.index, size, leafHash, root }, proof.hashes);
  return checkpoint;
}
