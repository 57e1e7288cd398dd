// Tenants whose days are sealed by somebody who has the log's keys and does with them as they like.
import type { HoldEvent } from '../../../core/documents/hold.ts';
import { bundleOf } from '../../support/bundling.ts';
import { SealedTenant } from '../../support/sealed-tenant.ts';

export interface Unfaithful {
  readonly bundle: Uint8Array;
  readonly made: SealedTenant;
  readonly known?: Uint8Array;
}

/** Four days of two chains and two categories. */
export async function days(made = new SealedTenant(), count = 4): Promise<SealedTenant> {
  for (let day = 0; day < count; day++) {
    made.append(0, 12);
    made.append(0, 3, 'security');
    made.append(3, 4);
    await made.seal();
  }
  return made;
}

export async function whole(made: SealedTenant): Promise<Unfaithful> {
  await made.seal();
  return { bundle: await bundleOf(made), made };
}

/** A tenant whose digests need not follow each other day by day. */
export function lasting(): SealedTenant {
  const made = new SealedTenant();
  made.dueDays = 60;
  return made;
}

/** Sealed on 15 April, the digest before being of 5 March. */
export async function later(made: SealedTenant): Promise<Unfaithful> {
  made.pass(40);
  return whole(made);
}

export function holdOf(event: HoldEvent['event'], at: string, scope: HoldEvent['scope']) {
  return { event, id: 'case-1', at, by: 'officer-1', role: 'compliance' as const, reason: 'a lawsuit', scope };
}
