// The values of an entry at a path.
import type { Entry } from '../entry/schema.ts';
import type { Field } from './fields.ts';

/** The value at a path through objects; undefined where there is none. */
export function valueAt(entry: Entry, path: readonly string[]): unknown {
  let value: unknown = entry;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** The items of a list field: texts, or a member of each of the objects. */
export function itemsOf(entry: Entry, { path }: Pick<Field, 'path'>): string[] {
  const inside = path[0] === 'related' ? path.at(-1) : undefined;
  const list = valueAt(entry, inside === undefined ? path : path.slice(0, -1));
  if (!Array.isArray(list)) return [];
  return list
    .map((item: unknown) =>
      inside === undefined ? item : (item as Readonly<Record<string, unknown>> | null)?.[inside],
    )
    .filter((item): item is string => typeof item === 'string');
}

/** A scalar as its JSON text, a string without its quotation marks; undefined for null and for what is no scalar. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
