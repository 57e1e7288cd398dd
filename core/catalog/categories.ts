// The categories, and how long each is kept.
import type { Severity } from '../entry/schema.ts';
import { DEFAULT_RETENTION, isRetention, PERMANENT, type Retention, RetentionError } from './retention.ts';
import { type Nature, severityOf } from './severity.ts';

export interface Category {
  readonly name: string;
  /** What the requirement documents call it. */
  readonly labels: readonly string[];
  readonly retention: Retention;
  /** For actions of this category that the catalog doesn't hold. */
  readonly severity: Severity;
}

type CategoryRow = readonly [name: string, retention: Retention, nature: Nature, ...labels: string[]];

/** A closed set: retention, partitions and roles hang on it, so an unknown category is always refused. */
const ROWS: readonly CategoryRow[] = [
  ['authentication', 'P2Y', 'standard', 'Authentication', 'Authentication events'],
  ['data_access', 'P2Y', 'view', 'Data Access'],
  ['data_modification', 'P2Y', 'standard', 'Data Modifications', 'Data changes to sensitive objects'],
  ['administrative', 'P2Y', 'major', 'Administrative', 'Admin actions', 'Admin Actions', 'Administrative Actions'],
  ['configuration', 'P2Y', 'major', 'Configuration Changes'],
  ['payment', 'P7Y', 'standard', 'Payment Events', 'Payment/Billing'],
  ['security', 'P7Y', 'security', 'Security Events', 'Security events'],
  ['application', 'P7Y', 'standard', 'Application Actions', 'Application actions'],
  ['document', DEFAULT_RETENTION, 'view', 'Document Access', 'Documents & Signatures'],
  ['integration', DEFAULT_RETENTION, 'system', 'Webhook deliveries & external integration errors'],
  ['system', 'P1Y', 'system', 'System Events', 'System events', 'System logs', 'Automatic Activities'],
  ['error', 'P30D', 'system', 'System/Errors', 'Errors'],
  ['debug', 'P30D', 'system', 'Debug logs'],
  ['core', DEFAULT_RETENTION, 'standard', 'Core CRUD'],
  ['parent_portal', DEFAULT_RETENTION, 'standard', 'Parent Portal'],
  ['report', DEFAULT_RETENTION, 'standard', 'Report Builder'],
  ['page_view', DEFAULT_RETENTION, 'view', 'Page Views'],
  ['staff_portal', DEFAULT_RETENTION, 'standard', 'Staff Portal'],
  ['manager', DEFAULT_RETENTION, 'major', 'Manager Actions'],
  ['assisted_submission', DEFAULT_RETENTION, 'standard', 'Assisted Submission'],
  ['api', DEFAULT_RETENTION, 'standard', 'API'],
  ['session', 'P2Y', 'standard', 'Session & Security'],
  ['account', 'P2Y', 'major', 'Account Activities'],
  ['case', 'P7Y', 'standard', 'Case Activities'],
  ['audit_access', 'P7Y', 'view', 'Log-access events'],
  ['audit', 'P7Y', 'system', 'Operation of the audit trail'],
  ['security_incident', PERMANENT, 'security', 'Security incidents'],
  ['data_breach', PERMANENT, 'security', 'Data breaches'],
  ['legal_hold', PERMANENT, 'major', 'Legal hold events'],
  ['compliance_violation', PERMANENT, 'security', 'Compliance violations'],
  ['sanction', PERMANENT, 'major', 'Administrative sanctions'],
  ['other', DEFAULT_RETENTION, 'standard'],
];

export const CATEGORIES: ReadonlyMap<string, Category> = new Map(
  ROWS.map(([name, retention, nature, ...labels]) => [name, { name, labels, retention, severity: severityOf(nature) }]),
);

/** A deployment's retention by category; what it doesn't name keeps the catalog's. */
export type RetentionOverrides = Readonly<Record<string, Retention>>;

export function retentionOf(category: string, overrides: RetentionOverrides = {}): Retention {
  const known = CATEGORIES.get(category);
  if (known === undefined) throw new RetentionError('a category that the catalog does not hold');
  const retention = Object.hasOwn(overrides, category) ? overrides[category]! : known.retention;
  if (!isRetention(retention)) throw new RetentionError(category);
  return retention;
}

/** Overrides come from configuration: a misspelled category or duration must stop the start, not a segment. */
export function checkRetention(overrides: RetentionOverrides): void {
  for (const category of Object.keys(overrides)) retentionOf(category, overrides);
}
