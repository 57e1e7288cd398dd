// The severity of an action where its entry names none.
import type { Severity } from '../entry/schema.ts';

/** What kind of thing an action is; its default severity follows from that and from nothing else. */
export type Nature = 'security' | 'deletion' | 'warning' | 'major' | 'standard' | 'view' | 'system';

/** Critical: security events and deletions. High: major changes, warnings. Medium: standard. Low: views. Info: system. */
const SEVERITY: Readonly<Record<Nature, Severity>> = {
  security: 'critical',
  deletion: 'critical',
  warning: 'high',
  major: 'high',
  standard: 'medium',
  view: 'low',
  system: 'info',
};

export function severityOf(nature: Nature): Severity {
  return SEVERITY[nature];
}
