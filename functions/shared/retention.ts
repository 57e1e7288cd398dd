// Retention as a function reads it from its environment.
import { type Configured, readRetentionPolicy } from '../../core/catalog/policy.ts';
import { ARCHIVE } from '../../names/archive.ts';
import type { RetentionPolicy } from '../../services/archive/context.ts';
import { type Environment, EnvironmentError, jsonObject } from './environment.ts';

/**
 * What each tenant's categories are kept for. A promise of less than the deployment keeps is a mistake, and stops the start.
 */
export function readRetention(environment: Environment): RetentionPolicy {
  const tenants: Record<string, Configured> = {};
  for (const [tenant, value] of Object.entries(jsonObject(environment, ARCHIVE.tenantRetentionEnv))) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new EnvironmentError(`got no object as the retention of ${tenant}, want {category: retention}`);
    }
    tenants[tenant] = value as Configured;
  }
  const { policy, faults } = readRetentionPolicy(jsonObject(environment, ARCHIVE.retentionEnv), tenants);
  const [fault] = faults;
  if (fault === undefined) return policy;
  const whose = fault.tenant ?? 'the deployment';
  throw new EnvironmentError(
    `got ${JSON.stringify(fault.got)} as the retention of ${fault.category} of ${whose}, want ${fault.want}`,
  );
}
