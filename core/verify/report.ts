// The report of a verification.
import type { Finding, Verdict } from './finding.ts';
import { worst } from './finding.ts';
import type { Tally } from './tally.ts';

/** Findings that are kept whole; of more, only how many there are and the verdict. */
const MAX_FINDINGS = 1_000;

export interface ChainReport {
  readonly chain: number;
  /** As the newest digest says. */
  readonly size: number;
  /** The positions whose entries were checked; those beyond are covered by hashes alone. */
  readonly from: number;
  readonly through: number;
  readonly tally: Tally;
}

export interface VerifiedDigests {
  readonly first: number;
  readonly last: number;
  /** Of the digest before the first. */
  readonly anchorSealedAt: string | undefined;
  readonly firstSealedAt: string;
  readonly lastSealedAt: string;
  readonly nextBy: string;
}

/** What was checked and what was found. */
export interface Report {
  readonly verdict: Verdict;
  readonly tenant: string;
  readonly log: { readonly origin: string; readonly size: number; readonly root: string };
  readonly digests: VerifiedDigests | undefined;
  readonly chains: readonly ChainReport[];
  /** The first ones. */
  readonly findings: readonly Finding[];
  readonly findingsLeftOut: number;
}

/** Keeps findings within bounds; the verdict counts all of them. */
export class Findings {
  readonly list: Finding[] = [];
  leftOut = 0;
  verdict: Verdict = 'intact';

  readonly add = (found: Finding): void => {
    this.verdict = worst(this.verdict, found.verdict);
    if (this.list.length < MAX_FINDINGS) this.list.push(found);
    else this.leftOut++;
  };
}
