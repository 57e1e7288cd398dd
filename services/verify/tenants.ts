import { worst } from '../../core/verify/finding.ts';
import { emptyTally } from '../../core/verify/tally.ts';
import { segmentsPrefix } from '../../names/archive.ts';
import { digestKey, LOG } from '../../names/log.ts';
import { tenantReportsPrefix } from '../../names/verify.ts';
import { BuriedObject } from '../log/versions.ts';
import type { Slice, TenantContext } from './context.ts';
import { foreignFindings } from './covered.ts';
import { type KnownDigest, TenantDigests } from './digests.ts';
import { type Checked, type DigestPlace, type Progress, TENANT_REPORT, type VerificationPlan } from './documents.ts';
import { buried, liveFinding, type OnLiveFinding } from './finding.ts';
import { SealedLists } from './lists.ts';
import type { LogView } from './log.ts';
import { newestPaper } from './papers.ts';
import type { VerifyPorts } from './port.ts';
import { PHASES } from './tenant.ts';

/** A tenant as the plan has it. */
type Planned = VerificationPlan['tenants'][number];

/** Checks the shard's tenants one after the other; where it stopped, or undefined at the end. */
export async function checkTenants(slice: Slice, view: LogView): Promise<Progress | undefined> {
  const { plan, shard, checked, isOver } = slice;
  const tenants = plan.tenants.filter((_, i) => 1 + (i % (plan.shards - 1)) === shard);
  for (let next = slice.progress.next; next < tenants.length; next++) {
    const begun = next === slice.progress.next ? slice.progress : { next };
    const stopped = await new TenantCheck(slice, view, tenants[next]!).run(begun);
    if ('phase' in stopped) return { ...stopped, next };
    if (stopped.begun !== undefined) checked.push(stopped.begun);
    if (isOver() && next + 1 < tenants.length) return { next: next + 1 };
  }
  return undefined;
}

/** One tenant's check, as far as time allows. */
class TenantCheck {
  readonly #slice: Slice;
  readonly #ports: VerifyPorts;
  readonly #view: LogView;
  readonly #planned: Planned;
  readonly #digests: TenantDigests;
  #checked: Checked;

  constructor(slice: Slice, view: LogView, planned: Planned) {
    const { tenant } = planned;
    this.#slice = slice;
    this.#ports = slice.ports;
    this.#view = view;
    this.#planned = planned;
    this.#digests = new TenantDigests(tenant, slice.ports.store, view, foreignFindings(this.#report, { tenant }));
    this.#checked = { tenant, verdict: 'intact', tally: emptyTally(), notes: [] };
  }

  readonly #report: OnLiveFinding = (found) => {
    this.#slice.found.add(found);
    this.#checked = { ...this.#checked, verdict: worst(this.#checked.verdict, found.verdict) };
  };

  /** `phase` says that it stopped there; `begun` alone is a result, nothing at all a tenant of which there is nothing yet. */
  async run({ begun, phase, at }: Omit<Progress, 'next'>): Promise<Omit<Progress, 'next'>> {
    const newest = await this.#newest();
    if (newest === undefined) return this.#withoutDigest();
    if (begun === undefined) await this.#begin(newest);
    else this.#checked = begun;
    const context = this.#context(newest);
    const names = PHASES.map(([name]) => name);
    for (let i = Math.max(0, names.indexOf(phase ?? '')); i < PHASES.length; i++) {
      const [name, check] = PHASES[i]!;
      const stopped = await this.#unlessBuried(() => check(context, name === phase ? at : undefined));
      this.#checked = { ...this.#checked, tally: { ...context.tally }, notes: [...new Set(context.notes)] };
      if (stopped !== undefined) return { begun: this.#checked, phase: name, at: stopped };
    }
    return { begun: this.#checked };
  }

  async #begin(newest: KnownDigest): Promise<void> {
    const after = this.#slice.plan.mode === 'full' ? undefined : await this.#lastPassed(newest);
    const { number, seal } = newest;
    this.#checked = { ...this.#checked, ...(after === undefined ? {} : { after }), through: { number, seal } };
  }

  #context(newest: KnownDigest): TenantContext {
    const { plan, isOver } = this.#slice;
    const lists = new SealedLists(this.#digests, newest, this.#ports.store);
    return {
      ...{ ports: this.#ports, mode: plan.mode, log: this.#view, digests: this.#digests, lists, isOver },
      ...{ after: this.#checked.after, tally: { ...this.#checked.tally }, notes: [...this.#checked.notes] },
      report: this.#report,
    };
  }

  /**
   * Where to start is all that a report is believed for, and only towards the past: what was sealed within the time that a
   * seal may take is checked whatever any report says, so that each digest is checked once by who believes none.
   */
  async #lastPassed(newest: KnownDigest): Promise<DigestPlace | undefined> {
    const last = await newestPaper(this.#ports, TENANT_REPORT, tenantReportsPrefix(this.#planned.tenant));
    const after = last?.verdict === 'intact' ? last.through : last?.after;
    if (after === undefined || after.seal > newest.seal) return undefined;
    const there = await this.#digests.at(after.seal);
    return there?.number === after.number ? this.#settled(there) : undefined;
  }

  async #settled(passed: KnownDigest): Promise<DigestPlace | undefined> {
    const young = Date.parse(this.#slice.plan.startedAt) - this.#period();
    let digest: KnownDigest | undefined = passed;
    while (digest !== undefined && Date.parse(digest.sealedAt) > young) {
      digest = digest.number === 0 ? undefined : await this.#digests.at(digest.seal - 1);
    }
    return digest && { number: digest.number, seal: digest.seal };
  }

  /** From one seal until the next is due. */
  #period(): number {
    const { digest } = this.#view.published.last;
    return Date.parse(digest.nextBy) - Date.parse(digest.sealedAt);
  }

  /** The newest seal's digest; of a tenant that it has none of, the newest that there is. */
  async #newest(): Promise<KnownDigest | undefined> {
    const { tenant, sealed } = this.#planned;
    const newest = this.#view.published.seal;
    const found = await this.#digests.at(newest);
    if (found !== undefined || sealed) return found;
    const seals = new Set<number>();
    const prefix = `${LOG.digestsPrefix}tenant=${tenant}/`;
    for await (const { key } of this.#ports.store.list(prefix)) {
      const seal = Number(/(\d{10})\.json$/.exec(key)?.[1] ?? Number.NaN);
      if (seal < newest && key === digestKey(tenant, seal)) seals.add(seal);
    }
    for (const seal of [...seals].sort((a, b) => b - a)) {
      const digest = await this.#digests.at(seal);
      if (digest !== undefined) return digest;
    }
    return undefined;
  }

  /** Entries that a seal should have covered by now are a finding; younger ones are just not sealed yet. */
  async #withoutDigest(): Promise<Omit<Progress, 'next'>> {
    const { tenant, sealed } = this.#planned;
    const due = Date.parse(this.#slice.plan.startedAt) - this.#period();
    let oldest: { readonly key: string; readonly lastModified: Date } | undefined;
    for await (const one of this.#ports.store.list(segmentsPrefix(tenant))) {
      if (oldest === undefined || one.lastModified < oldest.lastModified) oldest = one;
      if (oldest.lastModified.getTime() < due) break;
    }
    const overdue = oldest !== undefined && oldest.lastModified.getTime() < due;
    const asked = this.#slice.plan.tenant !== undefined;
    if (!overdue && !sealed && !asked) return {};
    const expected = 'a digest in the log';
    if (!overdue) this.#report(liveFinding('no-digest', { tenant, expected, found: 'none' }));
    else
      this.#report(liveFinding('tenant-unsealed', { tenant, object: oldest!.key, expected, found: 'entries alone' }));
    return { begun: this.#checked };
  }

  async #unlessBuried(check: () => Promise<unknown>): Promise<unknown> {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof BuriedObject)) throw error;
      this.#report(buried({ tenant: this.#planned.tenant }, error));
      return undefined;
    }
  }
}
