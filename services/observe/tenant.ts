// Which tenant an event belongs to.
import { TENANT_PATTERN } from '../../names/patterns.ts';
import { type BusEvent, isFromAws, Unmappable } from './event.ts';

export interface TenantRules {
  /** Whose entries are events that name no tenant. */
  readonly systemTenant: string;
  /** Sources that speak for one tenant only. */
  readonly sourceTenants: Readonly<Record<string, string>>;
}

/** How an application says in an event's `resources` whom it concerns. */
const TENANT_RESOURCE = 'urn:indelible:tenant:';
const TENANT = new RegExp(TENANT_PATTERN);

/**
 * A mapped source is bound to its tenant, so that one application can't write into another's trail by naming it.
 * `resources` of AWS events are the ARNs of what they concern, which users choose; they never choose the tenant.
 */
export function tenantOf(event: BusEvent, rules: TenantRules): string {
  const bound = Object.hasOwn(rules.sourceTenants, event.source) ? rules.sourceTenants[event.source] : undefined;
  if (isFromAws(event.source)) return bound ?? rules.systemTenant;

  const named = new Set(
    event.resources
      .filter((resource) => resource.startsWith(TENANT_RESOURCE))
      .map((resource) => resource.slice(TENANT_RESOURCE.length)),
  );
  if (named.size > 1) throw new Unmappable('several-tenants', `got ${named.size} tenants in resources, want one`);
  const [tenant] = named;
  if (tenant === undefined) return bound ?? rules.systemTenant;
  if (!TENANT.test(tenant)) throw new Unmappable('bad-tenant', `got a tenant that does not match ${TENANT_PATTERN}`);
  if (bound !== undefined && tenant !== bound) {
    throw new Unmappable('foreign-tenant', 'got another tenant than the one that the source is bound to');
  }
  return tenant;
}
