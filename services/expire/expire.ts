// Runs a task of the expiry: one category, tenant by tenant.
import { PERMANENT } from '../../core/catalog/retention.ts';
import type { ExpirePorts, SealedLog } from './port.ts';
import type { ExpireSums, ExpireTask } from './steps.ts';
import { TenantExpiry } from './tenant.ts';

export const NOTHING_EXPIRED: ExpireSums = { segments: 0, positions: 0, bytes: 0, held: 0, early: 0, findings: 0 };

/**
 * Expires one category: of every tenant, or of the one that the task names, from its cursor on and as long as the budget
 * lasts. Returns the task again, further on.
 *
 * Dying anywhere and beginning again from any earlier cursor ends in the same: what is left to do shows in what is there.
 */
export async function expire(task: ExpireTask, ports: ExpirePorts): Promise<ExpireTask> {
  const deadline = ports.now().getTime() + ports.budgetMs;
  const log = await ports.newestSeal();
  let sums = task.expired;
  for (const tenant of tenantsFrom(task, log?.tenants ?? [])) {
    if (ports.now().getTime() >= deadline) return { ...task, done: false, cursor: { tenant }, expired: sums };
    if (ports.retention(tenant, task.category) === PERMANENT) continue;
    const expiry = new TenantExpiry(tenant, task.category, log!, ports);
    const { cursor } = task;
    const stopped = await expiry.run(cursor?.tenant === tenant ? cursor.after : undefined, deadline);
    sums = added(sums, expiry.sums);
    if (stopped !== undefined) {
      return { ...task, done: false, cursor: { tenant, after: stopped }, expired: sums };
    }
  }
  const { cursor: _, ...rest } = task;
  return { ...rest, done: true, expired: sums };
}

function tenantsFrom({ tenant: only, cursor }: ExpireTask, tenants: SealedLog['tenants']): readonly string[] {
  return tenants.filter(
    (tenant) => (only === undefined || tenant === only) && (cursor === undefined || tenant >= cursor.tenant),
  );
}

function added(a: ExpireSums, b: ExpireSums): ExpireSums {
  return {
    segments: a.segments + b.segments,
    positions: a.positions + b.positions,
    bytes: a.bytes + b.bytes,
    held: a.held + b.held,
    early: a.early + b.early,
    findings: a.findings + b.findings,
  };
}
