// Verifies a shard's tenants and pieces.
import { worst } from '../../core/verify/finding.ts';
import { emptyTally } from '../../core/verify/tally.ts';
import { segmentsPrefix } from '../../names/archive.ts';
import { digestKey, LOG } from '../../names/log.ts';
import { BuriedObject } from '../log/versions.ts';
import type { Slice, TenantContext } from './context.ts';
import { foreignFindings } from './covered.ts';
import { type KnownDigest, TenantDigests } from './digests.ts';
import type { Checked, DigestPlace, PlannedTenant, Progress } from './documents.ts';
import { DocumentsAhead } from './documents-ahead.ts';
import { buried, liveFinding, type OnLiveFinding } from './finding.ts';
import { SealedLists } from './lists.ts';
import type { LogView } from './log.ts';
import { lastPassed, periodOf } from './passed.ts';
import type { VerifyPorts } from './port.ts';
import { Scope } from './scope.ts';
import { PHASES } from './tenant.ts';
import { type WorkItem, workOfShard } from './work.ts';

/** Checks the shard's tenants and pieces one after the other; where it stopped, or undefined at the end. */
export async function checkTenants(slice: Slice, view: LogView): Promise<Progress | undefined> {
  const { plan, shard, checked, isOver } = slice;
  const work = workOfShard(plan, shard);
  for (let next = slice.progress.next; next < work.length; next++) {
    const begun = next === slice.progress.next ? slice.progress : { next };
    const one = work[next]!;
    const stopped = await new TenantCheck(slice, view, one).run(begun);
    if ('phase' in stopped) return { ...stopped, next };
    if (stopped.begun !== undefined) checked.push({ item: one.item, of: stopped.begun });
    if (isOver() && next + 1 < work.length) return { next: next + 1 };
  }
  return undefined;
}

/** One tenant's check, or one piece of it, as far as time allows. */
class TenantCheck {
  readonly #slice: Slice;
  readonly #ports: VerifyPorts;
  readonly #view: LogView;
  readonly #planned: PlannedTenant;
  readonly #scope: Scope;
  readonly #digests: TenantDigests;
  #checked: Checked;

  constructor(slice: Slice, view: LogView, { tenant: planned, piece }: WorkItem) {
    const { tenant } = planned;
    this.#slice = slice;
    this.#ports = slice.ports;
    this.#view = view;
    this.#planned = planned;
    this.#scope = new Scope(piece);
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
    const after = await this.#after(newest);
    const { number, seal } = newest;
    this.#checked = { ...this.#checked, ...(after === undefined ? {} : { after }), through: { number, seal } };
  }

  /** All pieces of a tenant begin where the plan says. */
  async #after(newest: KnownDigest): Promise<DigestPlace | undefined> {
    const { pieces, after } = this.#planned;
    if (pieces !== undefined) return after;
    const { plan, ports } = this.#slice;
    return plan.mode === 'full' ? undefined : lastPassed({ ports, plan, view: this.#view }, this.#digests, newest);
  }

  #context(newest: KnownDigest): TenantContext {
    const { plan, isOver } = this.#slice;
    const documents = new DocumentsAhead(this.#ports.store);
    const lists = new SealedLists(this.#digests, newest, documents);
    return {
      ...{ ports: this.#ports, mode: plan.mode, log: this.#view, digests: this.#digests, documents, lists, isOver },
      ...{ after: this.#checked.after, tally: { ...this.#checked.tally }, notes: [...this.#checked.notes] },
      ...{ scope: this.#scope, report: this.#report },
    };
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
    const due = Date.parse(this.#slice.plan.startedAt) - periodOf(this.#view);
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
