// The whole of what `indelible demo` records: a function of the seed, the size and the day, and of nothing else.
import { createHash } from 'node:crypto';
import type { EntryInput } from '../../core/entry/schema.ts';
import { tellAdministration } from './administration.ts';
import { tellCases } from './cases.ts';
import { type CloudTrailRecord, recordsOf } from './cloudtrail.ts';
import { tellIncident } from './incident.ts';
import { tellMachines } from './machines.ts';
import { tellOversight, tellOwnAction } from './oversight.ts';
import { tellPayments } from './payments.ts';
import { type Period, periodBefore } from './period.ts';
import { tellPortal } from './portal.ts';
import { tellRecords } from './records.ts';
import type { Telling, Told } from './story.ts';
import { tellWorkdays } from './workday.ts';

export interface MonthOptions {
  readonly seed: string;
  /** Whole days that it covers. */
  readonly days: number;
  /** All that is recorded: the opening entry, those of the API and those that come by the event bus. */
  readonly entries: number;
}

export interface Month {
  readonly period: Period;
  /** In the order in which they happened. */
  readonly entries: readonly Told[];
  /** Of actions that the catalog does not hold, for the category `other`: a strict deployment refuses them. */
  readonly own: readonly Told[];
  readonly records: readonly CloudTrailRecord[];
}

const PARTS = [
  tellCases,
  tellPayments,
  tellPortal,
  tellRecords,
  tellAdministration,
  tellMachines,
  tellOversight,
  tellIncident,
] as const;

/** Stands in ids and keys for what the month depends on. */
export function tagOf({ seed, days, entries }: MonthOptions): string {
  return createHash('sha256')
    .update(JSON.stringify([seed, days, entries]))
    .digest('hex')
    .slice(0, 12);
}

/**
 * The entry that stands first, and says that what follows is invented. It has no time of its own, so that it is the same
 * whenever it is sent: when it was recorded says which month the others are of.
 */
export function openingOf(options: MonthOptions): EntryInput {
  const { seed, days, entries } = options;
  return {
    id: `demo-${tagOf(options)}-opening`,
    action: 'data.imported',
    description: 'The demo data of indelible begins: all of it is invented',
    actor: { type: 'service', id: 'indelible-demo', name: 'Demo data' },
    target: { type: 'dataset', id: `demo-${tagOf(options)}`, name: 'Demo data' },
    context: { channel: 'automation' },
    metadata: { seed, days, entries },
  };
}

/** The days before the one of `now`, epoch milliseconds. Throws TooFew when `entries` has no room for what it tells. */
export function monthOf(options: MonthOptions, now: number): Month {
  const period = periodBefore(now, options.days);
  const telling: Telling = { period, tag: tagOf(options), seed: options.seed };
  const told = PARTS.flatMap((tell) => tell(telling));
  const own = tellOwnAction(telling);
  const records = recordsOf(telling);
  const ordinary = options.entries - OPENING - told.length - own.length - records.length;
  if (ordinary < 0) throw new TooFew(options.entries - ordinary);
  const entries = [...told, ...tellWorkdays(telling, ordinary)];
  return { period, entries: entries.sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt)), own, records };
}

const OPENING = 1;

/** A month without its cases and its incident would show nothing. */
export class TooFew extends Error {
  override readonly name = 'TooFew';
  readonly least: number;

  constructor(least: number) {
    super(`the month takes at least ${least} entries`);
    this.least = least;
  }
}
