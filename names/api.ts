/** The HTTP API as code, infrastructure and tools name it. */
export const API = {
  tenantClaimEnv: 'TENANT_CLAIM',
  roleClaimEnv: 'ROLE_CLAIM',
  /** Claims of a Cognito user pool, where attributes of one's own carry this prefix. */
  tenantClaim: 'custom:tenant',
  roleClaim: 'custom:role',
} as const;

export const PATHS = {
  entries: '/v1/entries',
  entry: '/v1/chains/{chain}/entries/{position}',
  health: '/v1/health',
} as const;

export const ROLES = ['writer', 'admin', 'investigator', 'compliance', 'auditor', 'operator'] as const;
export type Role = (typeof ROLES)[number];
