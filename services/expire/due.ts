import { PERMANENT, retainUntil } from '../../core/catalog/retention.ts';
import { type SegmentPlace, segmentPlace, segmentsPrefix } from '../../names/archive.ts';
import type { EvidenceStore, ListedVersion } from '../evidence/port.ts';

const DAY_MS = 86_400_000;

/** All that stands under one key whose day has expired; without a place when no segment has such a key. */
export interface DueKey {
  readonly key: string;
  readonly place: SegmentPlace | undefined;
  /** Newest first, delete markers included. */
  readonly versions: readonly ListedVersion[];
}

/** Whether what was recorded on a day has been kept for the retention. */
export function isPast(day: string, retention: string, now: Date): boolean {
  if (retention === PERMANENT) return false;
  const until = retainUntil(new Date(Date.parse(`${day}T00:00:00.000Z`) + DAY_MS), retention);
  // Beyond what a Date holds, the comparison with its NaN is false too.
  return until !== undefined && until.getTime() <= now.getTime();
}

/**
 * What the category has under days that have expired, in the order of days. The listing ends at the first day that has
 * not, so what is kept costs nothing.
 */
export async function* dueKeys(
  store: EvidenceStore,
  { tenant, category, retention }: { readonly tenant: string; readonly category: string; readonly retention: string },
  now: Date,
  after?: string,
): AsyncGenerator<DueKey, void, undefined> {
  for await (const versions of byKey(store.list(segmentsPrefix(tenant, category), after))) {
    const { key } = versions[0]!;
    const place = segmentPlace(key);
    if (place !== undefined && !isPast(place.day, retention, now)) return;
    yield { key, place, versions };
  }
}

async function* byKey(listed: AsyncIterable<ListedVersion>): AsyncGenerator<ListedVersion[], void, undefined> {
  let group: ListedVersion[] = [];
  for await (const one of listed) {
    if (group.length > 0 && group[0]!.key !== one.key) {
      yield group;
      group = [];
    }
    group.push(one);
  }
  if (group.length > 0) yield group;
}
