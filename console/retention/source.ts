// Where a category's period comes from, as far as the periods themselves tell: which preset they are, and what differs.
import { CATEGORIES } from '../../core/catalog/categories.ts';
import { RETENTION_PRESETS } from '../../names/retention-presets.ts';
import type { Answer } from '../api/client.ts';

export type CategoryRow = Answer<'readCatalog'>['categories'][number];

export const PRESETS = Object.keys(RETENTION_PRESETS);

/** What a preset keeps a category for; undefined for a category that this version does not know. */
export function periodIn(preset: string, category: string): string | undefined {
  return RETENTION_PRESETS[preset]?.[category] ?? CATEGORIES.get(category)?.retention;
}

export interface Source {
  /** The preset that most of the periods are of. */
  readonly preset: string;
  /** Categories whose period is another: set for the deployment, or for this organization. */
  readonly changed: ReadonlySet<string>;
}

/** The first of those that fit best, in the order of the presets. */
export function sourceOf(categories: readonly CategoryRow[]): Source {
  const [best] = PRESETS.map((preset) => ({ preset, changed: changedFrom(preset, categories) })).toSorted(
    (a, b) => a.changed.size - b.changed.size,
  );
  return best!;
}

function changedFrom(preset: string, categories: readonly CategoryRow[]): ReadonlySet<string> {
  return new Set(
    categories.filter(({ name, retention }) => periodIn(preset, name) !== retention).map(({ name }) => name),
  );
}
