import { type Verdict, worst } from '../../core/verify/finding.ts';
import { emptyTally } from '../../core/verify/tally.ts';
import type { ShardEnd } from '../../names/verify.ts';
import { Collector } from './collector.ts';
import { type Checked, VERIFICATION_PART, type VerificationPlan } from './documents.ts';
import { type LiveFinding, liveFinding } from './finding.ts';
import { merged } from './merge.ts';
import { readPaper } from './papers.ts';
import type { VerifyPorts } from './port.ts';

/** Findings of one verification that are kept. */
const MAX_FINDINGS = 10_000;

/** What all shards found, in the order of the plan. */
export interface Gathered {
  readonly tenants: readonly Checked[];
  /** Of the findings about the log that all tenants share. */
  readonly logVerdict: Verdict;
  readonly findings: readonly LiveFinding[];
  readonly findingsLeftOut: number;
}

/** Reads the parts of every shard. What a shard that failed did not come to is a finding. */
export async function gather(
  plan: VerificationPlan,
  results: readonly ShardEnd[],
  ports: VerifyPorts,
): Promise<Gathered> {
  const gathering = new Gathering(plan);
  const ends = new Map(results.map((end) => [end.shard, end]));
  for (let shard = 0; shard < plan.shards; shard++) await gathering.add(shard, ends.get(shard), ports);
  return gathering.result();
}

class Gathering {
  readonly #plan: VerificationPlan;
  readonly #found = new Collector(MAX_FINDINGS);
  readonly #checked = new Map<string, Checked>();
  #logVerdict: Verdict = 'intact';

  constructor(plan: VerificationPlan) {
    this.#plan = plan;
  }

  async add(shard: number, end: ShardEnd | undefined, ports: VerifyPorts): Promise<void> {
    const done = end?.done === true;
    for (let part = end?.cursor?.part; part !== undefined; ) {
      const read = await readPaper(ports, VERIFICATION_PART, part);
      const { progress, checked, findings, findingsLeftOut, verdict, previous } = read;
      if (shard === 0) this.#logVerdict = worst(this.#logVerdict, verdict);
      // Of a tenant that was left in the middle the newest part knows most, and that is read first.
      if (!done && progress?.begun !== undefined) this.#take(progress.begun);
      for (const one of checked) this.#take(one);
      for (const one of findings) this.#find(one);
      this.#found.leftOut += findingsLeftOut;
      part = previous;
    }
    if (!done) this.#miss(shard);
  }

  #take(checked: Checked): void {
    if (!this.#checked.has(checked.tenant)) this.#checked.set(checked.tenant, checked);
  }

  /** Whoever reads the log may come across what is wrong with it. */
  #find(found: LiveFinding): void {
    this.#found.add(found);
    if (found.tenant === undefined) this.#logVerdict = worst(this.#logVerdict, found.verdict);
  }

  #miss(shard: number): void {
    const expected = 'a check of everything';
    const found = 'a check that failed before its end';
    if (shard === 0) {
      this.#found.add(liveFinding('not-verified', { expected, found }));
      this.#logVerdict = worst(this.#logVerdict, 'incomplete');
    }
    const { shards, tenants } = this.#plan;
    for (const [i, { tenant }] of tenants.entries()) {
      if (1 + (i % (shards - 1)) !== shard) continue;
      const begun = this.#checked.get(tenant) ?? { tenant, verdict: 'intact', tally: emptyTally(), notes: [] };
      this.#found.add(liveFinding('not-verified', { tenant, expected, found }));
      this.#checked.set(tenant, { ...begun, verdict: worst(begun.verdict, 'incomplete') });
    }
  }

  result(): Gathered {
    const checked = this.#plan.tenants.flatMap(({ tenant }) => this.#checked.get(tenant) ?? []);
    return {
      ...{ tenants: checked, logVerdict: this.#logVerdict },
      ...{ findings: merged(this.#found.list), findingsLeftOut: this.#found.leftOut },
    };
  }
}
