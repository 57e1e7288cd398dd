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
  histogram: '/v1/entries/histogram',
  entry: '/v1/chains/{chain}/entries/{position}',
  proof: '/v1/chains/{chain}/entries/{position}/proof',
  chainTile: '/v1/chains/{chain}/tile/{proxy+}',
  chainTiles: '/v1/chains/{chain}/tiles/{level}',
  bodies: '/v1/chains/{chain}/bodies',
  digests: '/v1/digests',
  document: '/v1/documents/{sha256}',
  verifications: '/v1/verifications',
  verification: '/v1/verifications/{id}',
  holds: '/v1/holds',
  releaseHold: '/v1/holds/{id}/release',
  logCheckpoint: '/log/checkpoint',
  logTile: '/log/tile/{proxy+}',
  logKeys: '/log/keys',
  health: '/v1/health',
  history: '/v1/targets/{type}/{id}/history',
  related: '/v1/chains/{chain}/entries/{position}/related',
  changes: '/v1/chains/{chain}/entries/{position}/changes',
  searches: '/v1/searches',
  search: '/v1/searches/{id}',
  queries: '/v1/queries',
  query: '/v1/queries/{id}',
  queryEntries: '/v1/queries/{id}/entries',
  cancelQuery: '/v1/queries/{id}/cancel',
  exports: '/v1/exports',
  export: '/v1/exports/{id}',
  cancelExport: '/v1/exports/{id}/cancel',
  exportGrants: '/v1/exports/{id}/grants',
  bundles: '/v1/bundles',
  bundle: '/v1/bundles/{id}',
  cancelBundle: '/v1/bundles/{id}/cancel',
  catalog: '/v1/catalog',
  openapi: '/openapi.json',
} as const;

export const ROLES = ['writer', 'admin', 'investigator', 'compliance', 'auditor', 'operator'] as const;
export type Role = (typeof ROLES)[number];
