// The form of a row of the catalog.
import type { Outcome, Severity } from '../entry/schema.ts';
import { type Nature, severityOf } from './severity.ts';

/**
 * The document that asks for an action: S0 a client-records product's audit trail, S1 an audit framework for
 * application processing, S2 a guide to compliance and audits, S3 a forms product's audit logs, S4 a case-management
 * product's audit trail. `own` is what this project itself records, `deployment` what a configuration adds (own.ts).
 */
export type Source = 'S0' | 'S1' | 'S2' | 'S3' | 'S4' | 'own' | 'deployment';

export interface CatalogEntry {
  readonly action: string;
  readonly category: string;
  readonly severity: Severity;
  /** When the client says nothing of it. */
  readonly outcome: Outcome;
  /** `{actor}` and `{target}` are filled in (core/catalog/describe.ts). */
  readonly description: string;
  readonly sources: readonly Source[];
}

export type CodeRow = readonly [
  action: string,
  nature: Nature,
  description: string,
  sources: string,
  outcome?: Outcome,
];

export function codes(category: string, rows: readonly CodeRow[]): CatalogEntry[] {
  return rows.map(([action, nature, description, sources, outcome]) => ({
    action,
    category,
    severity: severityOf(nature),
    outcome: outcome ?? 'success',
    description,
    sources: sources.split(' ') as Source[],
  }));
}
