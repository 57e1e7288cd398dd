// What changed, as rows: where, what it was, what it is.
import { difference } from '../../core/json/diff.ts';
import { parsePointer } from '../../core/json/pointer.ts';
import type { JsonValue } from '../../core/json/value.ts';

export interface Difference {
  readonly kind: 'added' | 'removed' | 'changed';
  /** Names of members and numbers of items, from the outside in; empty for the whole value. */
  readonly path: readonly string[];
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** Of states, either of which may be missing: then all of the other one was added, or removed. */
export function differencesOf(before: JsonValue | undefined, after: JsonValue | undefined): readonly Difference[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ kind: 'added', path: [], before, after }];
  if (after === undefined) return [{ kind: 'removed', path: [], before, after }];
  return difference(before, after).map((operation) => {
    const path = parsePointer(operation.path) ?? [];
    if (operation.op === 'add') return { kind: 'added', path, before: undefined, after: operation.value };
    const was = at(before, path);
    if (operation.op === 'remove') return { kind: 'removed', path, before: was, after: undefined };
    return { kind: 'changed', path, before: was, after: operation.value };
  });
}

/** Operations on lists name places as they were: changes come first, removals from the back. */
function at(value: JsonValue, path: readonly string[]): JsonValue | undefined {
  let inner: JsonValue | undefined = value;
  for (const name of path) {
    if (inner === null || typeof inner !== 'object') return undefined;
    inner = Array.isArray(inner) ? inner[Number(name)] : (inner as Readonly<Record<string, JsonValue>>)[name];
  }
  return inner;
}

/** A value as it is shown: text as it is, everything else as JSON. */
export function textOf(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}
