/**
 * The names of the catalog's categories (core/catalog/categories.ts), for what infrastructure declares of them. They are
 * partitions of the archive: a name is never taken back.
 */
export const CATEGORY_NAMES = [
  ...['authentication', 'data_access', 'data_modification', 'administrative', 'configuration', 'payment', 'security'],
  ...['application', 'document', 'integration', 'system', 'error', 'debug', 'core', 'parent_portal', 'report'],
  ...['page_view', 'staff_portal', 'manager', 'assisted_submission', 'api', 'session', 'account', 'case'],
  ...['audit_access', 'audit', 'security_incident', 'data_breach', 'legal_hold', 'compliance_violation', 'sanction'],
  'other',
] as const;
