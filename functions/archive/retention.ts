import { CATEGORIES, checkRetention, type RetentionOverrides, retentionOf } from '../../core/catalog/catalog.ts';
import { DEFAULT_RETENTION } from '../../core/catalog/retention.ts';
import { ARCHIVE } from '../../names/archive.ts';
import { type Environment, EnvironmentError, jsonObject } from '../shared/environment.ts';

/** Each category's retention: the catalog's, unless the deployment says otherwise. */
export function readRetention(environment: Environment): (category: string) => string {
  const overrides = jsonObject(environment, ARCHIVE.retentionEnv);
  for (const [category, retention] of Object.entries(overrides)) {
    if (typeof retention !== 'string') throw new EnvironmentError(`got no text as retention of ${category}`);
  }
  checkRetention(overrides as RetentionOverrides);
  // A category that an older or newer version knew: its entries are evidence all the same.
  return (category) =>
    CATEGORIES.has(category) ? retentionOf(category, overrides as RetentionOverrides) : DEFAULT_RETENTION;
}
