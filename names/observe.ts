/** Events from EventBridge: which tenant they belong to. */
export const OBSERVE = {
  /** The tenant of AWS's own events and of every source that the map doesn't name. */
  systemTenantEnv: 'SYSTEM_TENANT',
  /** JSON `{event source: tenant}`. */
  sourceTenantsEnv: 'SOURCE_TENANTS',
} as const;
