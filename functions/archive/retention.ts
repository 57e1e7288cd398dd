import { CATEGORIES, checkRetention, type RetentionOverrides, retentionOf } from '../../core/catalog/catalog.ts';
import { DEFAULT_RETENTION, isAtLeast } from '../../core/catalog/retention.ts';
import { ARCHIVE } from '../../names/archive.ts';
import type { RetentionPolicy } from '../../services/archive/context.ts';
import { type Environment, EnvironmentError, jsonObject } from '../shared/environment.ts';

/**
 * What each tenant's categories are kept for: the catalog's retention, unless the deployment says otherwise, unless the
 * tenant is promised more. A promise of less than the deployment keeps is a mistake, and stops the start.
 */
export function readRetention(environment: Environment): RetentionPolicy {
  const deployment = overridesIn(jsonObject(environment, ARCHIVE.retentionEnv), 'the deployment');
  const ofAll = (category: string) =>
    // A category that an older or newer version knew: its entries are evidence all the same.
    CATEGORIES.has(category) ? retentionOf(category, deployment) : DEFAULT_RETENTION;
  const tenants = new Map<string, RetentionOverrides>();
  for (const [tenant, value] of Object.entries(jsonObject(environment, ARCHIVE.tenantRetentionEnv))) {
    const overrides = overridesIn(value, tenant);
    for (const [category, retention] of Object.entries(overrides)) demandLonger(tenant, category, retention, ofAll);
    tenants.set(tenant, overrides);
  }
  return (tenant, category) => {
    const own = tenants.get(tenant);
    return own !== undefined && Object.hasOwn(own, category) ? own[category]! : ofAll(category);
  };
}

function overridesIn(value: unknown, whose: string): RetentionOverrides {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EnvironmentError(`got no object as the retention of ${whose}, want {category: retention}`);
  }
  for (const [category, retention] of Object.entries(value)) {
    if (typeof retention !== 'string') {
      throw new EnvironmentError(`got no text as the retention of ${category} of ${whose}`);
    }
  }
  checkRetention(value as RetentionOverrides);
  return value as RetentionOverrides;
}

function demandLonger(tenant: string, category: string, retention: string, ofAll: (category: string) => string): void {
  const least = ofAll(category);
  if (isAtLeast(retention, least)) return;
  throw new EnvironmentError(
    `got ${retention} for ${category} of ${tenant}, want at least ${least} whatever the month`,
  );
}
