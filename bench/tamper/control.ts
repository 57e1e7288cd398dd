// The trial in which nobody tampers.
import type { Tally } from '../../core/verify/tally.ts';
import { type Outcome, verifyExported, verifyFiles, verifyLive } from './doors.ts';
import { alarmFaults, faultsOf } from './faults.ts';
import type { Ground } from './ground.ts';
import { SEALED } from './history.ts';
import type { Door } from './mutation.ts';
import { type Trial, trustedOptions, VERIFIED_AFTER_MS } from './try.ts';

/** What becomes of each tenant's positions when nobody tampers: what has expired, and nothing else, is not intact. */
const WHOLE: Readonly<Record<string, Partial<Tally>>> = {
  acme: { entries: 728, intact: 664, expired: 64, missing: 0, altered: 0 },
  umbra: { entries: 83, intact: 73, expired: 10, missing: 0, altered: 0 },
};

/** What the newest seal added, and the one of the day before: what is that young is checked whatever a report says. */
const NEW: Readonly<Record<string, Partial<Tally>>> = {
  acme: { entries: 265, intact: 265, expired: 0, missing: 0, altered: 0 },
  umbra: { entries: 43, intact: 43, expired: 0, missing: 0, altered: 0 },
};

/** The deployment that nobody touched, at every door: nothing found, every position accounted for. */
export async function tryControl({ history, bundles: { acme }, exports }: Ground): Promise<Trial[]> {
  const live = async (mode: 'incremental' | 'full') => {
    const world = history.at(SEALED);
    world.now += VERIFIED_AFTER_MS;
    return verifyLive(world, mode);
  };
  const world = history.at(SEALED);
  const outcomes: readonly [Door, Outcome, Readonly<Record<string, Partial<Tally>>>][] = [
    ['incremental', await live('incremental'), NEW],
    ['full', await live('full'), WHOLE],
    ['bundle', await verifyExported(world, 'acme', {}), { acme: WHOLE.acme! }],
    ['trusted', await verifyExported(world, 'umbra', trustedOptions(acme.world)), { umbra: WHOLE.umbra! }],
    ['export', await verifyFiles(exports.table), {}],
  ];
  return [
    { door: 'seal', faults: alarmFaults(history.alarms, []) },
    ...outcomes.map(([door, outcome, wanted]) => ({
      door,
      faults: [...faultsOf(outcome, { clean: 'nobody tampered' }), ...tallyFaults(outcome, wanted)],
    })),
  ];
}

/** An intact that has looked at fewer positions than there are is none. */
function tallyFaults(outcome: Outcome, wanted: Readonly<Record<string, Partial<Tally>>>): string[] {
  if (!('verdict' in outcome)) return [];
  return Object.entries(wanted).flatMap(([tenant, tally]) =>
    Object.entries(tally).flatMap(([state, count]) => {
      const own = outcome.tallies.filter((one) => one.tenant === tenant);
      const got = own.reduce((sum, one) => sum + (one.tally[state as keyof Tally] ?? 0), 0);
      return got === count ? [] : [`want ${count} positions of ${tenant} as ${state}, got ${got}`];
    }),
  );
}
