// What a hold that ends lets go: by retention, what is past it already, or when the first of it will be.
import { isShort, keptUntil, PERMANENT, retainUntil } from '../../core/catalog/retention.ts';
import { DAY_MS } from '../../names/time.ts';
import type { Answer } from '../api/client.ts';
import type { HoldScope } from './scope.ts';

export type CategoryRow = Answer<'readCatalog'>['categories'][number];

/** Categories with one retention. */
export interface Expiring {
  readonly retention: string;
  readonly categories: readonly string[];
  /** What was recorded before this day (UTC) is past its retention; undefined for what is kept for ever. */
  readonly before: string | undefined;
  /** The scope begins on or after that day: until this time nothing of it is past. */
  readonly notUntil: string | undefined;
}

/** Longest retention last. */
export function expiringIn(scope: HoldScope, categories: readonly CategoryRow[], now: number): readonly Expiring[] {
  const byRetention = new Map<string, string[]>();
  for (const { name, retention } of categories) {
    if (scope.category !== undefined && scope.category !== name) continue;
    byRetention.set(retention, [...(byRetention.get(retention) ?? []), name]);
  }
  return [...byRetention]
    .map(([retention, names]) => ({ retention, categories: names, ...reached(scope, retention, now) }))
    .toSorted((a, b) => (b.before ?? '').localeCompare(a.before ?? ''));
}

function reached({ from, to }: HoldScope, retention: string, now: number): Pick<Expiring, 'before' | 'notUntil'> {
  if (retention === PERMANENT) return { before: undefined, notUntil: undefined };
  const before = firstKept(retention, now);
  const held = from === undefined || from < before;
  const end = to !== undefined && to < before ? to : before;
  if (held) return { before: end, notUntil: undefined };
  return { before, notUntil: new Date(keptUntil(from.slice(0, 10), from, retention)).toISOString() };
}

/** The first day whose entries are still within their retention; those of less than a day count from now. */
function firstKept(retention: string, now: number): string {
  const length = retainUntil(new Date(now), retention)!.getTime() - now;
  if (isShort(retention)) return new Date(now - length).toISOString();
  // Longer than there has been anything to record: also where the sum is beyond what a date can say.
  if (!(now - length > 0)) return new Date(0).toISOString();
  let day = Math.floor((now - length) / DAY_MS);
  while (past(day, retention, now)) day += 1;
  while (!past(day - 1, retention, now)) day -= 1;
  return new Date(day * DAY_MS).toISOString();
}

function past(day: number, retention: string, now: number): boolean {
  const text = new Date(day * DAY_MS).toISOString();
  return keptUntil(text.slice(0, 10), text, retention) <= now;
}
