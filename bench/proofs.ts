// Measures the size of proofs.
import { inclusionPath } from '../core/merkle/path.ts';
import { ENTRY_PROOF, type EntryProof } from '../core/proof/document.ts';
import { latestSeal } from '../services/log/published.ts';
import { TenantDigests } from '../services/prove/digests.ts';
import { proveEntry } from '../services/prove/entry.ts';
import { DAY_MS, Deployment } from '../test/support/sealing.ts';

const SIZES = [1_000, 1_000_000];
const HASH_BYTES = 32;

/** Of the first leaf, which has as long a path as any. */
const pathOf = (size: number): number => inclusionPath(0, size).length;

/**
 * A hash of the chain's path is 44 characters of base64, two quotes and a comma. One of the log's is there a second time,
 * as a line of the tlog-proof whose end JSON spells with two characters.
 */
const CHAIN_HASH_BYTES = 47;
const LOG_HASH_BYTES = CHAIN_HASH_BYTES + 46;

/** `large` has a chain acme#0 of about a million entries. */
export async function printProofs(large: Deployment): Promise<void> {
  const small = new Deployment();
  for (let seal = 0; seal < 2; seal++) {
    await small.record('acme#0', small.some('payment', 500));
    await small.seal();
    small.pass(DAY_MS);
  }
  const measured = [await realProof(small), await realProof(large)];
  console.log('Proof of one entry: its leaf to the digest, the digest to the checkpoint, both signatures');
  for (const { proof, bytes } of measured) {
    console.log(
      `  measured: chain of ${whole(proof.inclusion.size)}, log of ${whole(proof.log.size)}: ${whole(bytes)} bytes, ` +
        `of which digest ${whole(proof.digest.length)}, checkpoint ${whole(proof.checkpoint.length)} twice`,
    );
  }
  const [{ proof, bytes }] = measured as [Measured];
  const fixed = bytes - pathBytes(proof.inclusion.proof.length, proof.log.proof.length);
  const predicted = fixed + pathBytes(measured[1]!.proof.inclusion.proof.length, measured[1]!.proof.log.proof.length);
  console.log(
    `  computed: ${whole(fixed)} bytes + ${CHAIN_HASH_BYTES} a hash of the chain's path + ${LOG_HASH_BYTES} a hash of the log's` +
      ` (for the second one above: ${whole(predicted)})`,
  );
  for (const chain of SIZES) for (const log of SIZES) printComputed(chain, log, fixed, proof);
}

function printComputed(chain: number, log: number, fixed: number, { digest, checkpoint }: EntryProof): void {
  const bytes = fixed + pathBytes(pathOf(chain), pathOf(log));
  const naive = HASH_BYTES * (chain + log) + digest.length + checkpoint.length;
  console.log(
    `    chain of ${whole(chain).padStart(9)}, log of ${whole(log).padStart(9)}: ${pathOf(chain)} and ${pathOf(log)} hashes, ` +
      `${whole(bytes)} bytes; naive, all leaf hashes of both: ${whole(naive).padStart(10)}`,
  );
}

const pathBytes = (chain: number, log: number): number => chain * CHAIN_HASH_BYTES + log * LOG_HASH_BYTES;

interface Measured {
  readonly proof: EntryProof;
  readonly bytes: number;
}

/** As it is served. */
async function realProof(deployment: Deployment): Promise<Measured> {
  const ports = await deployment.log();
  const published = await latestSeal(ports);
  if (published === undefined) throw new Error('nothing is sealed');
  const proof = await proveEntry(ports, new TenantDigests('acme', published, deployment.store), 0, 0);
  if (!('inclusion' in proof)) throw new Error('the entry is not sealed');
  return { proof, bytes: ENTRY_PROOF.format(proof).length };
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
