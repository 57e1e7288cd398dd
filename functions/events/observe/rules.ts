// Which tenant an event's source belongs to, out of the environment.
import { OBSERVE } from '../../../names/observe.ts';
import { TENANT_PATTERN } from '../../../names/patterns.ts';
import type { TenantRules } from '../../../services/observe/tenant.ts';
import { type Environment, EnvironmentError, jsonObject, requiredText } from '../../shared/environment.ts';

const TENANT = new RegExp(TENANT_PATTERN);

function tenant(value: unknown, where: string): string {
  if (typeof value === 'string' && TENANT.test(value)) return value;
  throw new EnvironmentError(`got ${where} that is no tenant, want ${TENANT_PATTERN}`);
}

export function readTenantRules(environment: Environment): TenantRules {
  const sources = Object.entries(jsonObject(environment, OBSERVE.sourceTenantsEnv));
  return {
    systemTenant: tenant(requiredText(environment, OBSERVE.systemTenantEnv), OBSERVE.systemTenantEnv),
    sourceTenants: Object.fromEntries(
      sources.map(([source, value]) => [source, tenant(value, `${OBSERVE.sourceTenantsEnv} of ${source}`)]),
    ),
  };
}
