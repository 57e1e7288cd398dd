// Which tenants and pieces each shard of a verification does.
import type { Piece, PlannedTenant, VerificationPlan } from './documents.ts';

/** Something that one shard does: a tenant, or a piece of one. */
export interface WorkItem {
  /** Among all of them. */
  readonly item: number;
  readonly tenant: PlannedTenant;
  readonly piece: Piece | undefined;
}

/** Everything there is to do beside the log, in the order of the plan. */
export function workOf({ tenants }: Pick<VerificationPlan, 'tenants'>): WorkItem[] {
  let item = 0;
  return tenants.flatMap((tenant) =>
    (tenant.pieces ?? [undefined]).map((piece): WorkItem => ({ item: item++, tenant, piece })),
  );
}

/** Neighbours go to different shards, so that a tenant in pieces is spread over all of them. */
export function shardOf({ item }: WorkItem, { shards }: Pick<VerificationPlan, 'shards'>): number {
  return 1 + (item % (shards - 1));
}

export function workOfShard(plan: VerificationPlan, shard: number): WorkItem[] {
  return workOf(plan).filter((one) => shardOf(one, plan) === shard);
}
