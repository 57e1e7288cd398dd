// Whether the digest log of a bundle is one log, and holds the digests where they say.
import { toHex } from '../crypto.ts';
import { ProofError } from '../merkle/error.ts';
import { verifyConsistency } from '../merkle/verify.ts';
import type { DigestPlace } from '../verify/digests.ts';
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
  /** Number of the first digest that the bundle has whole, and those of its digests from there on that are in the log. */
  readonly first: number;
  readonly digests: readonly DigestPlace[];
  readonly known?: KnownCheckpoint;
}

/**
 * Checks that the log is one log since the seal of the bundle's first digest, that each digest is in the seal that it
 * says, and that a kept checkpoint is of the log.
 */
export async function checkSeals(
  { tenant, log, seals, first, digests, known }: SealsTask,
  report: OnFinding,
): Promise<void> {
  const add = (code: FindingCode, seal: number | undefined, expected: string, found: string) =>
    report(finding(code, { tenant, ...(seal === undefined ? {} : { seal }), expected, found }));
  const own = new OwnSeals(first, digests, add);
  let last: SealHead | undefined;
  let linked = known === undefined;
  for await (const head of seals) {
    if (last !== undefined && (head.seal !== last.seal + 1 || head.size <= last.size)) {
      add('seals-inconsistent', head.seal, `seal ${last.seal + 1} with more than ${last.size} leaves`, `${head.size}`);
    }
    own.check(head, last);
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

/** What a tenant's digests say of the seals that made them. */
class OwnSeals {
  readonly #first: DigestPlace | undefined;
  readonly #byIndex: readonly DigestPlace[];
  readonly #add: Add;
  #next = 0;

  constructor(first: number, digests: readonly DigestPlace[], add: Add) {
    this.#first = digests.find(({ number }) => number === first);
    this.#byIndex = digests.toSorted((a, b) => a.index - b.index);
    this.#add = add;
  }

  /** The seal of a line, behind that of the line before. */
  check({ seal, size }: SealHead, before: SealHead | undefined): void {
    if (before === undefined && this.#first !== undefined && this.#first.seal !== seal) {
      this.#add('seals-inconsistent', seal, `seal ${this.#first.seal} of the first digest in front`, `seal ${seal}`);
    }
    for (
      let own = this.#byIndex[this.#next];
      own !== undefined && own.index < size;
      own = this.#byIndex[++this.#next]
    ) {
      if (own.seal === seal) continue;
      this.#add('seals-inconsistent', seal, `leaf ${own.index} to be of seal ${own.seal}`, `seal ${seal}`);
    }
  }
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
