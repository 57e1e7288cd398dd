// Completes, once a day, what a crash has left undone of a hold.
import { LOG } from '../../names/log.ts';
import { DAY_MS } from '../../names/time.ts';
import { dayOf } from '../object-lock/lock-dates.ts';
import { inParallel } from '../object-lock/parallel.ts';
import type { EvidenceStore } from '../object-lock/port.ts';
import { actionOf, type Completing, complete, executionName } from './complete.ts';
import type { HoldEvents } from './events.ts';
import { isUnsettled } from './sweep.ts';

/** The schedule comes by once a day; entries are recognized as told before for longer than this. */
const RECENT_MS = 2 * DAY_MS;

const TENANTS_AT_ONCE = 8;
const RECORDER = { type: 'system', id: 'indelible/holds' } as const;

export interface ReconcilePorts extends Completing {
  readonly store: Pick<EvidenceStore, 'folders'>;
  readonly events: HoldEvents;
  readonly now: () => Date;
}

/**
 * Once a day: what an event of a hold should have brought about and a crash may have prevented, and a sweep of every
 * tenant whose holds matter, so that what was archived or lost in between is marked too. Returns how many sweeps.
 */
export async function reconcileHolds(ports: ReconcilePorts, only?: string): Promise<number> {
  const { store, events, now, sweeper } = ports;
  const tenants: string[] = [];
  for await (const tenant of store.folders(`${LOG.holdsPrefix}tenant=`)) {
    if (only === undefined || tenant === only) tenants.push(tenant);
  }
  let sweeps = 0;
  await inParallel(tenants, TENANTS_AT_ONCE, async (tenant) => {
    const { holds } = await events.read(tenant);
    for (const hold of holds) {
      for (const event of ['applied', 'release_requested', 'released'] as const) {
        const action = actionOf(hold, event);
        if (action === undefined || now().getTime() - Date.parse(action.at) > RECENT_MS) continue;
        await complete(ports, tenant, hold, event, RECORDER);
      }
    }
    if (!holds.some((hold) => isUnsettled(hold, now()))) return;
    await sweeper.start(executionName(`daily-${dayOf(now())}`, tenant), { tenant });
    sweeps++;
  });
  return sweeps;
}
