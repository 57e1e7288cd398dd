// Lists the keys of days that have expired.
import { isShort, keptUntil, PERMANENT } from '../../core/catalog/retention.ts';
import { type SegmentPlace, segmentPlace, segmentsPrefix } from '../../names/archive.ts';
import type { EvidenceStore, ListedVersion } from '../object-lock/port.ts';

/** All that stands under one key whose day has expired; without a place when no segment has such a key. */
export interface DueKey {
  readonly key: string;
  readonly place: SegmentPlace | undefined;
  /** Newest first, delete markers included. */
  readonly versions: readonly ListedVersion[];
}

/** Whether something of a day may have been kept for the retention; one of less than a day counts from each seal. */
function isDue(day: string, retention: string, now: Date): boolean {
  if (retention === PERMANENT) return false;
  return isShort(retention) || keptUntil(day, '', retention) <= now.getTime();
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
    if (place !== undefined && !isDue(place.day, retention, now)) return;
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
