// Verifies the proof of an export against the log's keys.
import { leafHash } from '../chain.ts';
import { type OpenedCheckpoint, signedAt } from '../checkpoint/open.ts';
import { policyOf } from '../checkpoint/policy.ts';
import { fromHex, HASH_BYTES } from '../crypto.ts';
import { DIGEST, type Digest, isSealedAfter } from '../documents/digest.ts';
import { verifyMany } from '../merkle/many.ts';
import { decodeBase64 } from '../note/base64.ts';
import type { VerifierKey } from '../note/key.ts';
import { encodeText } from '../note/text.ts';
import { verifyTlogProof } from '../tlog-proof/verify.ts';
import type { ExportProof } from './manifest.ts';
import { type ChainRows, rowsBelow } from './rows.ts';

/** What the proof says of itself does not fit what it is of. */
export class ExportProofError extends Error {
  override readonly name = 'ExportProofError';
  readonly code: 'tenant' | 'log' | 'chain' | 'rows' | 'hash';

  constructor(code: ExportProofError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** What an export's proof shows, once it has been verified. */
export interface ProvenExport {
  readonly digest: Digest;
  readonly checkpoint: OpenedCheckpoint;
  /** Rows that are entries of the tenant's sealed chains, at their places. */
  readonly sealed: number;
  /** Rows that nothing is shown of: they were not sealed when the export was made. */
  readonly unsealed: number;
}

/**
 * Shows that these rows are entries of the tenant's chains, each at its place, as a checkpoint of the log seals them. It
 * can't show that no row was left out. `hashes` are those of proof.bin. Throws ExportProofError, DocumentError, ProofError,
 * NoteError or CheckpointError.
 */
export function verifyExportProof(
  tenant: string,
  proof: ExportProof,
  hashes: Uint8Array,
  rows: readonly ChainRows[],
  logKeys: readonly VerifierKey[],
): ProvenExport {
  const bytes = encodeText(proof.digest);
  const digest = DIGEST.parse(bytes);
  if (digest.tenant !== tenant || proof.tenant !== tenant) {
    throw new ExportProofError('tenant', 'the digest is of another tenant than the export');
  }
  const { index } = proof.log;
  if (digest.index !== index) throw new ExportProofError('log', `the digest says that it is not leaf ${index}`);
  const path = {
    extra: undefined,
    index,
    hashes: proof.log.proof.map(hashOf),
    checkpoint: encodeText(proof.checkpoint),
  };
  const checkpoint = verifyTlogProof(path, leafHash(bytes), policyOf(logKeys));
  if (checkpoint.origin !== digest.log) throw new ExportProofError('log', 'the digest is of another log');
  if (isSealedAfter(digest, signedAt(checkpoint))) {
    throw new ExportProofError('log', 'the digest says that it was sealed after the checkpoint was signed');
  }
  const sealed = verifyChains(proof, digest, hashes, rows);
  const all = rows.reduce((sum, { positions }) => sum + positions.length, 0);
  if (all - sealed !== proof.unsealed) {
    throw new ExportProofError('rows', `got ${all - sealed} rows that are not sealed, want ${proof.unsealed}`);
  }
  return { digest, checkpoint, sealed, unsealed: proof.unsealed };
}

function verifyChains({ chains }: ExportProof, digest: Digest, hashes: Uint8Array, rows: readonly ChainRows[]): number {
  let [at, sealed] = [0, 0];
  const shown = new Set<number>();
  for (const { chain, rows: count, hashes: length } of chains) {
    const head = digest.chains.find((one) => one.chain === chain);
    const own = rows.find((one) => one.chain === chain);
    if (head === undefined || own === undefined)
      throw new ExportProofError('chain', `chain ${chain} has no rows or no seal`);
    if (rowsBelow(own, head.size) !== count) {
      throw new ExportProofError('rows', `chain ${chain} has another number of sealed rows than ${count}`);
    }
    const indexes = own.positions.subarray(0, count);
    const list = slices(hashes, at, length);
    verifyMany({ size: head.size, indexes }, own.leafAt, list, fromHex(head.root));
    at += length * HASH_BYTES;
    sealed += count;
    shown.add(chain);
  }
  if (at !== hashes.length) throw new ExportProofError('hash', 'there are more hashes than the proof says');
  const hidden = rows.find(({ chain, positions }) => {
    const size = digest.chains.find((one) => one.chain === chain)?.size ?? 0;
    return !shown.has(chain) && rowsBelow({ positions }, size) > 0;
  });
  if (hidden !== undefined)
    throw new ExportProofError('chain', `chain ${hidden.chain} has sealed rows without a proof`);
  return sealed;
}

function* slices(hashes: Uint8Array, from: number, count: number): Generator<Uint8Array, void, undefined> {
  const end = Math.min(hashes.length, from + count * HASH_BYTES);
  for (let at = from; at + HASH_BYTES <= end; at += HASH_BYTES) yield hashes.subarray(at, at + HASH_BYTES);
}

function hashOf(text: string): Uint8Array {
  const hash = decodeBase64(text);
  if (hash === undefined) throw new ExportProofError('hash', 'got a hash that is not in the one spelling of base64');
  return hash;
}
