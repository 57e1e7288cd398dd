// Gathers what the shards of a verification have found.
import { type Verdict, worst } from '../../core/verify/finding.ts';
import { addTally, emptyTally } from '../../core/verify/tally.ts';
import { ahead } from './ahead.ts';
import { Collector } from './collector.ts';
import { type Checked, VERIFICATION_PART, type VerificationPart, type VerificationPlan } from './documents.ts';
import { type LiveFinding, liveFinding } from './finding.ts';
import { merged } from './merge.ts';
import type { VerifyPorts } from './port.ts';
import { readArtifact } from './step-artifacts.ts';
import type { ShardEnd } from './steps.ts';
import { shardOf, type WorkItem, workOf } from './work.ts';

/** Findings of one verification that are kept. */
const MAX_FINDINGS = 10_000;

/** Shards whose parts are read at the same time; a shard that works for two days leaves some two hundred. */
const SHARDS_AHEAD = 8;

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
  const read = (shard: number) => partsOf(ends.get(shard), ports);
  let shard = 0;
  for await (const parts of ahead(0, plan.shards - 1, SHARDS_AHEAD, read)) {
    gathering.add(shard, ends.get(shard)?.done === true, parts);
    shard++;
  }
  return gathering.result();
}

/** Newest first: each names the one before. */
async function partsOf(end: ShardEnd | undefined, ports: VerifyPorts): Promise<VerificationPart[]> {
  const parts: VerificationPart[] = [];
  for (let part = end?.cursor?.part; part !== undefined; part = parts.at(-1)!.previous) {
    parts.push(await readArtifact(ports, VERIFICATION_PART, part));
  }
  return parts;
}

class Gathering {
  readonly #plan: VerificationPlan;
  readonly #found = new Collector(MAX_FINDINGS);
  /** By the item of work. */
  readonly #checked = new Map<number, Checked>();
  readonly #work: readonly WorkItem[];
  #logVerdict: Verdict = 'intact';

  constructor(plan: VerificationPlan) {
    this.#plan = plan;
    this.#work = workOf(plan);
  }

  add(shard: number, done: boolean, parts: readonly VerificationPart[]): void {
    const work = shard === 0 ? [] : this.#work.filter((one) => shardOf(one, this.#plan) === shard);
    for (const { progress, checked, findings, findingsLeftOut, verdict } of parts) {
      if (shard === 0) this.#logVerdict = worst(this.#logVerdict, verdict);
      // Of what was left in the middle the newest part knows most, and that is read first.
      if (!done && progress?.begun !== undefined) this.#take(work[progress.next]!.item, progress.begun);
      for (const { item, of } of checked) this.#take(item, of);
      for (const one of findings) this.#find(one);
      this.#found.leftOut += findingsLeftOut;
    }
    if (!done) this.#miss(shard, work);
  }

  #take(item: number, checked: Checked): void {
    if (!this.#checked.has(item)) this.#checked.set(item, checked);
  }

  /** Whoever reads the log may come across what is wrong with it. */
  #find(found: LiveFinding): void {
    this.#found.add(found);
    if (found.tenant === undefined) this.#logVerdict = worst(this.#logVerdict, found.verdict);
  }

  #miss(shard: number, work: readonly WorkItem[]): void {
    const expected = 'a check of everything';
    const found = 'a check that failed before its end';
    if (shard === 0) {
      this.#found.add(liveFinding('not-verified', { expected, found }));
      this.#logVerdict = worst(this.#logVerdict, 'incomplete');
    }
    for (const { item, tenant: planned } of work) {
      const { tenant } = planned;
      const begun = this.#checked.get(item) ?? { tenant, verdict: 'intact', tally: emptyTally(), notes: [] };
      this.#found.add(liveFinding('not-verified', { tenant, expected, found }));
      this.#checked.set(item, { ...begun, verdict: worst(begun.verdict, 'incomplete') });
    }
  }

  result(): Gathered {
    const tenants = new Map<string, Checked>();
    for (const { item, tenant } of this.#work) {
      const checked = this.#checked.get(item);
      const before = tenants.get(tenant.tenant);
      if (checked !== undefined) tenants.set(tenant.tenant, before === undefined ? checked : joined(before, checked));
    }
    return {
      ...{ tenants: [...tenants.values()], logVerdict: this.#logVerdict },
      ...{ findings: merged(this.#found.list), findingsLeftOut: this.#found.leftOut },
    };
  }
}

/** Two pieces of one tenant: between them they counted each position once. */
function joined(a: Checked, b: Checked): Checked {
  const tally = { ...a.tally };
  addTally(tally, b.tally);
  const notes = [...new Set([...a.notes, ...b.notes])];
  return { ...b, ...a, verdict: worst(a.verdict, b.verdict), tally, notes };
}
