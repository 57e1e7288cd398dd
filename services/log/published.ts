// Finds and verifies the checkpoints that seals have published.
import { CheckpointError } from '../../core/checkpoint/error.ts';
import { type CheckpointPolicy, type OpenedCheckpoint, openCheckpoint } from '../../core/checkpoint/open.ts';
import { NoteError } from '../../core/note/error.ts';
import type { VerifierKey } from '../../core/note/key.ts';
import { MAX_NOTE_BYTES } from '../../core/note/text.ts';
import { checkpointKey } from '../../names/log.ts';
import { DigestLog, type LoggedDigest } from './digests.ts';
import { type EvidenceReader, genuineAt, type OnForeign } from './versions.ts';

/** What reading the published log takes. */
export interface LogPorts {
  readonly store: EvidenceReader;
  readonly policy: CheckpointPolicy;
  /** Told of versions that cover genuine ones; without it they are passed over in silence. */
  readonly onForeign?: OnForeign;
}

/** The deployment's own checkpoints: signed by both of its keys, since one of them alone may be broken one day. */
export function ownPolicy(origin: string, logKeys: readonly VerifierKey[]): CheckpointPolicy {
  return { origin, logKeys, requiredTypes: ['ed25519', 'ml-dsa-44-cosignature'] };
}

/** A seal whose checkpoint is signed and whose last digest says that it is this seal's. */
export interface PublishedSeal {
  readonly seal: number;
  readonly checkpoint: OpenedCheckpoint;
  /** The checkpoint's bytes. */
  readonly note: Uint8Array;
  /** Version of the checkpoint's object. */
  readonly version: string;
  readonly log: DigestLog;
  readonly last: LoggedDigest;
}

/**
 * The seal of that number, if it was published. A checkpoint does not say which seal's it is, and whoever can write the
 * archive can put a copy of an old one under a new number: so the newest digest under its root has to say it.
 */
export async function openSeal(
  seal: number,
  { store, policy, onForeign }: LogPorts,
): Promise<PublishedSeal | undefined> {
  return genuineAt(
    store,
    checkpointKey(seal),
    MAX_NOTE_BYTES,
    async (note, version) => {
      const checkpoint = openNote(note, policy);
      if (checkpoint === undefined || checkpoint.size === 0) return undefined;
      const log = new DigestLog(store, checkpoint, onForeign);
      const last = await log.at(checkpoint.size - 1);
      return last.digest.seal === seal ? { seal, checkpoint, note, version, log, last } : undefined;
    },
    onForeign,
  );
}

/**
 * The newest published seal; undefined before the first. Seals are dense, so it is found by doubling and halving from
 * `hint` on, a number that need not be right. Copies of checkpoints under numbers that are not sealed yet can only make it
 * take longer.
 */
export async function latestSeal(ports: LogPorts, hint = 0): Promise<PublishedSeal | undefined> {
  const signed = await latest(hint, (seal) => hasCheckpoint(seal, ports));
  if (signed === undefined) return undefined;
  const found = await openSeal(signed, ports);
  if (found !== undefined) return found;
  const genuine = await latest(0, async (seal) => (await openSeal(seal, ports)) !== undefined);
  return genuine === undefined ? undefined : openSeal(genuine, ports);
}

/** The greatest number that `exists`, if all that are smaller do. */
async function latest(hint: number, exists: (seal: number) => Promise<boolean>): Promise<number | undefined> {
  let low = (await exists(hint)) ? hint : -1;
  let high = low < 0 ? hint : Number.POSITIVE_INFINITY;
  for (let step = 1; high === Number.POSITIVE_INFINITY; step *= 2) {
    if (await exists(low + step)) low += step;
    else high = low + step;
  }
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (await exists(middle)) low = middle;
    else high = middle;
  }
  return low < 0 ? undefined : low;
}

async function hasCheckpoint(seal: number, { store, policy }: LogPorts): Promise<boolean> {
  const found = await genuineAt(store, checkpointKey(seal), MAX_NOTE_BYTES, (note) => openNote(note, policy));
  return found !== undefined;
}

/** Undefined unless the policy believes it. */
export function openNote(note: Uint8Array, policy: CheckpointPolicy): OpenedCheckpoint | undefined {
  try {
    return openCheckpoint(note, policy);
  } catch (error) {
    if (error instanceof NoteError || error instanceof CheckpointError) return undefined;
    throw error;
  }
}
