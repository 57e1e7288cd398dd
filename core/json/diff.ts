// The differences of two values as JSON Patch.
import { toPointer } from './pointer.ts';
import { isJsonObject, type JsonValue } from './value.ts';

/** An operation of JSON Patch (RFC 6902, section 4). */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: string };

type Path = readonly (string | number)[];

/**
 * The operations that make `after` of `before`, always the same ones in the same order: members by name; of a list, what
 * stands between the items that both begin and end with, item by item, then what is left over.
 */
export function difference(before: JsonValue, after: JsonValue): PatchOperation[] {
  return [...differences(before, after, [])];
}

function* differences(before: JsonValue, after: JsonValue, path: Path): Generator<PatchOperation, void, undefined> {
  if (isJsonObject(before) && isJsonObject(after)) {
    for (const name of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      const at = [...path, name];
      if (!Object.hasOwn(after, name)) yield { op: 'remove', path: toPointer(at) };
      else if (!Object.hasOwn(before, name)) yield { op: 'add', path: toPointer(at), value: after[name]! };
      else yield* differences(before[name]!, after[name]!, at);
    }
  } else if (Array.isArray(before) && Array.isArray(after)) yield* ofLists(before, after, path);
  else if (!equal(before, after)) yield { op: 'replace', path: toPointer(path), value: after };
}

function* ofLists(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  path: Path,
): Generator<PatchOperation, void, undefined> {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && equal(before[start]!, after[start]!)) start++;
  let end = 0;
  while (end < most - start && equal(before.at(-1 - end)!, after.at(-1 - end)!)) end++;
  const common = most - start - end;
  for (let i = start; i < start + common; i++) yield* differences(before[i]!, after[i]!, [...path, i]);
  // From the back, so that each index still means what it meant before.
  for (let i = before.length - end - 1; i >= start + common; i--) yield { op: 'remove', path: toPointer([...path, i]) };
  for (let i = start + common; i < after.length - end; i++) {
    yield { op: 'add', path: toPointer([...path, i]), value: after[i]! };
  }
}

function equal(a: JsonValue, b: JsonValue): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => equal(item, b[i]!));
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && equal(a[name]!, b[name]!))
  );
}
