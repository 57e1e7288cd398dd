import { LOG } from '../../names/log.ts';
import { inParallel } from '../archive/parallel.ts';
import { dayOf } from '../archive/retention.ts';
import type { EvidenceStore } from '../evidence/port.ts';
import { type Completing, complete, deedOf, executionName } from './complete.ts';
import type { HoldEvents } from './events.ts';
import { isUnsettled } from './sweep.ts';

/** The schedule comes by once a day; entries are recognized as told before for longer than this. */
const RECENT_MS = 2 * 86_400_000;

const TENANTS_AT_ONCE = 8;
const RECORDER = { type: 'system', id: 'indelible/holds' } as const;

export interface HealPorts extends Completing {
  readonly store: Pick<EvidenceStore, 'folders'>;
  readonly events: HoldEvents;
  readonly now: () => Date;
}

/**
 * Once a day: what an event of a hold should have brought about and a crash may have prevented, and a sweep of every
 * tenant whose holds matter, so that what was archived or lost in between is marked too. Returns how many sweeps.
 */
export async function healHolds(ports: HealPorts, only?: string): Promise<number> {
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
        const deed = deedOf(hold, event);
        if (deed === undefined || now().getTime() - Date.parse(deed.at) > RECENT_MS) continue;
        await complete(ports, tenant, hold, event, RECORDER);
      }
    }
    if (!holds.some((hold) => isUnsettled(hold, now()))) return;
    await sweeper.start(executionName(`daily-${dayOf(now())}`, tenant), { tenant });
    sweeps++;
  });
  return sweeps;
}
