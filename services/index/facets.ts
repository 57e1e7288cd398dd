import type { Entry } from '../../core/entry/schema.ts';
import { FACETS, type Facet } from '../../names/index.ts';

export function facetValues(entry: Entry, facet: Facet): readonly string[] {
  return FACETS[facet].flatMap((path) => valuesAt(entry, path.split('.')));
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, name === undefined ? [] : [name, ...rest]));
  if (name === undefined) return typeof value === 'string' ? [value] : [];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  return valuesAt((value as Record<string, unknown>)[name], rest);
}
