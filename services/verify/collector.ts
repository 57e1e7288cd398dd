// Collects findings, each once.
import { type Verdict, worst } from '../../core/verify/finding.ts';
import type { LiveFinding, OnLiveFinding } from './finding.ts';

/** Findings that are kept whole; of more, only how many there are and the verdict. */
const MAX_FINDINGS = 1_000;

/** Gathers findings, each once: what is read twice is found twice. */
export class Collector {
  readonly list: LiveFinding[] = [];
  leftOut = 0;
  verdict: Verdict = 'intact';
  readonly #known = new Set<string>();
  readonly #most: number;

  constructor(most = MAX_FINDINGS) {
    this.#most = most;
  }

  readonly add: OnLiveFinding = (found) => {
    this.verdict = worst(this.verdict, found.verdict);
    const { chain, first, last, seal, object, ...rest } = found;
    const spelled = JSON.stringify([rest.code, rest.tenant, chain, first, last, seal, object, rest.found]);
    if (this.#known.has(spelled)) return;
    if (this.list.length >= this.#most) {
      this.leftOut++;
      return;
    }
    this.#known.add(spelled);
    this.list.push(found);
  };
}
