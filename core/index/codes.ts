// What the index tells of an entry without reading it: category, severity and outcome as one number.
import { OUTCOMES, type Outcome, SEVERITIES, type Severity } from '../entry/schema.ts';

/** Numbers are places in these lists, and part of the format: names are only ever added, at the end. */
export const CODED_CATEGORIES = [
  ...(['authentication', 'data_access', 'data_modification', 'administrative', 'configuration', 'payment'] as const),
  ...(['security', 'application', 'document', 'integration', 'system', 'error', 'debug', 'core'] as const),
  ...(['parent_portal', 'report', 'page_view', 'staff_portal', 'manager', 'assisted_submission', 'api'] as const),
  ...(['session', 'account', 'case', 'audit_access', 'audit', 'security_incident', 'data_breach'] as const),
  ...(['legal_hold', 'compliance_violation', 'sanction', 'other'] as const),
] as const;
const CODED_SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
const CODED_OUTCOMES: readonly Outcome[] = ['success', 'failure', 'denied', 'unknown'];

/** Of what is no entry of the format, or has a value that has no number: only the entry itself tells. */
export const UNTOLD = 0;

/** Codes are smaller. */
export const CODES = 1 + CODED_CATEGORIES.length * SEVERITIES.length * OUTCOMES.length;

export interface Told {
  readonly category: string;
  readonly severity: Severity;
  readonly outcome: Outcome;
}

const CATEGORY_PLACES = new Map<string, number>(CODED_CATEGORIES.map((name, place) => [name, place]));

export function codeOf({ category, severity, outcome }: Told): number {
  const first = CATEGORY_PLACES.get(category) ?? -1;
  const places = [first, CODED_SEVERITIES.indexOf(severity), CODED_OUTCOMES.indexOf(outcome)] as const;
  if (places.some((place) => place < 0)) return UNTOLD;
  return 1 + (places[0] * CODED_SEVERITIES.length + places[1]) * CODED_OUTCOMES.length + places[2];
}

/** By code; undefined of UNTOLD. */
const TOLD: readonly (Told | undefined)[] = [
  undefined,
  ...CODED_CATEGORIES.flatMap((category) =>
    CODED_SEVERITIES.flatMap((severity) => CODED_OUTCOMES.map((outcome) => ({ category, severity, outcome }))),
  ),
];

export const toldBy = (code: number): Told | undefined => TOLD[code];
