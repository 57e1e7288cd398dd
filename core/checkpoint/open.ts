// Verifies the signatures of a checkpoint under a policy.
import type { SignatureType, VerifierKey } from '../note/key.ts';
import { parseNote } from '../note/note.ts';
import { isCosignature } from '../note/signature.ts';
import { type VerifiedSignature, verifyNote } from '../note/verify.ts';
import { type Checkpoint, parseCheckpoint } from './body.ts';
import { CheckpointError } from './error.ts';

/** Whom to believe about a log. */
export interface CheckpointPolicy {
  readonly origin: string;
  /** At least one of these has to have signed; several are for rotation and for several algorithms. */
  readonly logKeys: readonly VerifierKey[];
  /** Each has to be among the log's signatures, so that leaving out the one that will last does not go unnoticed. */
  readonly requiredTypes?: readonly SignatureType[];
  readonly witnesses?: { readonly keys: readonly VerifierKey[]; readonly atLeast: number };
}

export interface OpenedCheckpoint extends Checkpoint {
  /** By the log's own keys, in the note's order. */
  readonly log: readonly VerifiedSignature[];
  readonly witnesses: readonly VerifiedSignature[];
}

/** When the log's cosignature says that it was made, in seconds since 1970; undefined without a key of that type. */
export function signedAt({ log }: Pick<OpenedCheckpoint, 'log'>): number | undefined {
  return log.find(({ timestamp }) => timestamp !== undefined)?.timestamp;
}

/** The checkpoint, if the policy believes it: throws NoteError or CheckpointError otherwise. */
export function openCheckpoint(bytes: Uint8Array, policy: CheckpointPolicy): OpenedCheckpoint {
  const witnessKeys = policy.witnesses?.keys ?? [];
  checkPolicy(policy.logKeys, witnessKeys);
  const note = parseNote(bytes);
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== policy.origin) {
    throw new CheckpointError('wrong-origin', 'the checkpoint is of another log');
  }
  const verified = verifyNote(note, [...policy.logKeys, ...witnessKeys]);
  const log = verified.filter(({ key }) => has(policy.logKeys, key));
  const witnesses = verified.filter(({ key }) => has(witnessKeys, key));
  checkLog(checkpoint, log, policy.requiredTypes ?? []);
  checkWitnesses(witnesses, policy.witnesses?.atLeast ?? 0);
  return { ...checkpoint, log, witnesses };
}

function checkPolicy(logKeys: readonly VerifierKey[], witnessKeys: readonly VerifierKey[]): void {
  if (logKeys.length === 0) throw new CheckpointError('policy', 'got no key of the log');
  if (!witnessKeys.every(({ type }) => isCosignature(type))) {
    throw new CheckpointError('policy', 'got a witness whose key makes no cosignatures');
  }
  if (witnessKeys.some((key) => has(logKeys, key))) {
    throw new CheckpointError('policy', "got a key of the log as its own witness's");
  }
}

function checkLog(
  { extensions }: Checkpoint,
  log: readonly VerifiedSignature[],
  requiredTypes: readonly SignatureType[],
): void {
  const types = new Set(log.map(({ key }) => key.type));
  if (types.size === 0) throw new CheckpointError('log-signature', 'no key of the log signed the checkpoint');
  for (const type of requiredTypes) {
    if (!types.has(type)) throw new CheckpointError('log-signature', `the log's signature of type ${type} is missing`);
  }
  if (extensions.length > 0 && types.size === 1 && types.has('ml-dsa-44-cosignature')) {
    throw new CheckpointError('unsigned-extension', 'the extension lines are covered by no signature of the log');
  }
}

function checkWitnesses(witnesses: readonly VerifiedSignature[], atLeast: number): void {
  const distinct = new Set(witnesses.map(({ key }) => key.name)).size;
  if (distinct >= atLeast) return;
  throw new CheckpointError('witnesses', `got cosignatures of ${distinct} witnesses, want ${atLeast}`);
}

function has(keys: readonly VerifierKey[], { name, id }: VerifierKey): boolean {
  return keys.some((key) => key.name === name && key.id === id);
}
