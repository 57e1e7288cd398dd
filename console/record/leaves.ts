// A state as named values: what an application puts into `before` and `after`, taken apart into lanes.
import { escapeToken } from '../../core/json/pointer.ts';
import { isJsonObject, type JsonValue } from '../../core/json/value.ts';

/** Values by JSON pointer (RFC 6901). A list is one value, and so is an object without members. */
export type Leaves = ReadonlyMap<string, JsonValue>;

/** Of nothing, no values; `null` in place of a whole state says the same. */
export function leavesOf(state: JsonValue | undefined): Leaves {
  const leaves = new Map<string, JsonValue>();
  if (state !== undefined && state !== null) gather(state, '', leaves);
  return leaves;
}

/** Entries have at most 32 levels, which recursion bears. */
function gather(value: JsonValue, pointer: string, into: Map<string, JsonValue>): void {
  const names = isJsonObject(value) ? Object.keys(value) : [];
  if (!isJsonObject(value) || names.length === 0) into.set(pointer, value);
  else for (const name of names) gather(value[name]!, `${pointer}/${escapeToken(name)}`, into);
}

/** Whether two values are the same; entries are canonical, so their texts are. */
export const same = (a: JsonValue | undefined, b: JsonValue | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));

/** Pointers on the way to this one, the whole state first. */
export function* waysTo(pointer: string): Generator<string, void, undefined> {
  for (let at = pointer.lastIndexOf('/'); at !== -1; at = pointer.lastIndexOf('/', at - 1)) {
    yield pointer.slice(0, at);
    if (at === 0) return;
  }
}

/** Values that are not the same before and after, in the order of their pointers. */
export function valuesChanged(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly {
  readonly pointer: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((pointer) => ({ pointer, before: was.get(pointer), after: is.get(pointer) }))
    .filter((one) => !same(one.before, one.after))
    .toSorted((a, b) => (a.pointer < b.pointer ? -1 : 1));
}

/** A value on one line: text as it is, everything else as JSON. */
export const lineOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));
