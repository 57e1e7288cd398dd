// Removes what configured pointers lead to.
import type { Redaction } from '../entry/schema.ts';
import { toPointer } from '../json/pointer.ts';
import { type JsonObject, type JsonValue, setMember } from '../json/value.ts';
import { isFree, isProtected, isRemoved } from './layout.ts';
import { isMarker, marker } from './marker.ts';

/** What a configured pointer removed: the policy says where, not what it is. */
const KIND = 'field';

/** Applies each pointer in turn; whatever it leads to is removed, protected members excepted. */
export function coverPointers(
  entry: JsonObject,
  pointers: readonly (readonly string[])[],
  redacted: Redaction[],
): JsonObject {
  let result: JsonValue = entry;
  for (const pointer of pointers) result = follow(result, pointer, [], redacted) ?? result;
  return result as JsonObject;
}

/** The value with everything that `rest` leads to removed; undefined when the value itself has to go. */
function follow(
  value: JsonValue,
  rest: readonly string[],
  path: readonly string[],
  redacted: Redaction[],
): JsonValue | undefined {
  if (isProtected(path)) return value;
  const [token, ...further] = rest;
  if (token === undefined) return cover(value, path, redacted);
  if (typeof value !== 'object' || value === null) return value;
  return mapMembers(value, (member, key) =>
    token === '*' || token === key ? follow(member, further, [...path, key], redacted) : member,
  );
}

/** The fixed members of an entry keep their shape: inside of them every value is removed for itself. */
function cover(value: JsonValue, path: readonly string[], redacted: Redaction[]): JsonValue | undefined {
  if (isProtected(path) || (typeof value === 'string' && isMarker(value))) return value;
  if (typeof value === 'object' && value !== null && !isFree(path)) {
    return mapMembers(value, (member, key) => cover(member, [...path, key], redacted));
  }
  redacted.push({ pointer: toPointer(path), kind: KIND });
  return isRemoved(path) ? undefined : marker(KIND);
}

function mapMembers(
  container: JsonValue[] | JsonObject,
  change: (member: JsonValue, key: string) => JsonValue | undefined,
): JsonValue {
  if (Array.isArray(container)) {
    return container.map((item, i) => change(item, String(i))).filter((item) => item !== undefined);
  }
  const copy: JsonObject = {};
  for (const key of Object.keys(container)) {
    const value = change(container[key]!, key);
    if (value !== undefined) setMember(copy, key, value);
  }
  return copy;
}
