import { toHex } from '../crypto.ts';
import { ProofError } from '../merkle/error.ts';
import { verifyConsistency } from '../merkle/verify.ts';
import type { LogHead, SealHead } from '../verify/evidence.ts';
import { type FindingCode, finding, type OnFinding } from '../verify/finding.ts';

/** A checkpoint of the same log that somebody kept, its signatures verified. */
interface KnownCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
}

interface SealsTask {
  readonly tenant: string;
  readonly log: LogHead;
  readonly seals: AsyncIterable<SealHead>;
  readonly known?: KnownCheckpoint;
}

/** Checks that the log is one log since the first seal of the bundle, and that a kept checkpoint is of it. */
export async function checkSeals({ tenant, log, seals, known }: SealsTask, report: OnFinding): Promise<void> {
  const add = (code: FindingCode, seal: number | undefined, expected: string, found: string) =>
    report(finding(code, { tenant, ...(seal === undefined ? {} : { seal }), expected, found }));
  let last: SealHead | undefined;
  let linked = known === undefined;
  for await (const head of seals) {
    if (last !== undefined && (head.seal !== last.seal + 1 || head.size <= last.size)) {
      add('seals-inconsistent', head.seal, `seal ${last.seal + 1} with more than ${last.size} leaves`, `${head.size}`);
    }
    const fault = inconsistency(head, log);
    if (fault !== undefined)
      add('seals-inconsistent', head.seal, `the checkpoint of ${log.size} to go on from it`, fault);
    if (known?.size === head.size && fault === undefined) {
      linked = true;
      if (toHex(known.root) !== toHex(head.root)) fork(known, head, add);
    }
    last = head;
  }
  if (last?.size !== log.size) {
    add('seals-inconsistent', last?.seal, `a last seal of ${log.size} leaves`, `${last?.size ?? 'none'}`);
  }
  if (known !== undefined && !linked) unlinked(known, log, add);
}

type Add = (code: FindingCode, seal: number | undefined, expected: string, found: string) => void;

function fork(known: KnownCheckpoint, head: Pick<SealHead, 'seal' | 'root'>, add: Add): void {
  add('checkpoint-forked', head.seal, `root ${toHex(known.root)} at ${known.size} leaves`, toHex(head.root));
}

function unlinked(known: KnownCheckpoint, log: LogHead, add: Add): void {
  const expected = `the log to have the ${known.size} leaves of the known checkpoint`;
  if (known.size > log.size) add('checkpoint-smaller', undefined, expected, `${log.size} leaves`);
  else add('checkpoint-unlinked', undefined, expected, 'no proof from a checkpoint of that size');
}

function inconsistency({ size, root, proof }: SealHead, log: LogHead): string | undefined {
  try {
    verifyConsistency({ older: { size, root }, newer: log }, proof);
    return undefined;
  } catch (error) {
    if (error instanceof ProofError) return error.message;
    throw error;
  }
}
