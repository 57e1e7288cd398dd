/** Events from EventBridge: which tenant they belong to. */
export const OBSERVE = {
  /** The tenant of AWS's own events and of every source that the map doesn't name. */
  systemTenantEnv: 'SYSTEM_TENANT',
  /** JSON `{event source: tenant}`. */
  sourceTenantsEnv: 'SOURCE_TENANTS',
} as const;

/** What a rule that watches over the evidence gives the function: `{guard: RULE, event: EVENT}` in place of the event. */
export const GUARD = {
  member: 'guard',
  event: 'event',
} as const;
