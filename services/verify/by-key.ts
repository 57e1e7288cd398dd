// Groups a listing of versions by key.
import type { ListedVersion } from '../object-lock/port.ts';

/** Of a listing by version: the versions of one key after the other, newest first, delete markers among them. */
export async function* byKey(
  versions: AsyncIterable<ListedVersion>,
): AsyncGenerator<readonly ListedVersion[], void, undefined> {
  let group: ListedVersion[] = [];
  for await (const version of versions) {
    if (group.length > 0 && group[0]!.key !== version.key) {
      yield group;
      group = [];
    }
    group.push(version);
  }
  if (group.length > 0) yield group;
}
