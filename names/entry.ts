/** How entries are accepted. */
export const ENTRY = {
  /** 'true' refuses actions that the catalog doesn't know. */
  strictCatalogEnv: 'STRICT_CATALOG',
  /** JSON `{patterns: [{name, pattern}], pointers: [JSON pointer]}`, beside what is always redacted. */
  redactionEnv: 'REDACTION',
  /** JSON of the limits that are overridden. */
  limitsEnv: 'LIMITS',
} as const;
