// Retention by category as the requirement documents ask for it, one preset a document, to be chosen in the configuration.
import { CATEGORY_NAMES } from './categories.ts';

type Periods = Readonly<Record<string, string>>;

/** Kept for ever under every preset, since the catalog keeps it for ever. */
const PERMANENT: ReadonlySet<string> = new Set([
  ...['security_incident', 'data_breach', 'legal_hold', 'compliance_violation', 'sanction'],
]);

/** `period` for every category that the catalog does not keep for ever, but for what `others` says. */
function every(period: string, others: Periods = {}): Periods {
  const limited = CATEGORY_NAMES.filter((category) => !PERMANENT.has(category));
  return { ...Object.fromEntries(limited.map((category) => [category, period])), ...others };
}

/** Category to ISO 8601 duration or `permanent`; a category that a preset leaves out keeps the catalog's period. */
export const RETENTION_PRESETS: Readonly<Record<string, Periods>> = {
  /** The catalog's own mixture, the longest that any document asks for where it is affordable (core/catalog). */
  catalog: {},
  /** S0: two years, seven for payments, thirty days for system and errors. */
  'client-records': {
    ...{ authentication: 'P2Y', session: 'P2Y', account: 'P2Y', data_access: 'P2Y', data_modification: 'P2Y' },
    ...{ administrative: 'P2Y', configuration: 'P2Y', payment: 'P7Y', security: 'P2Y', system: 'P30D', error: 'P30D' },
  },
  /** S1: seven years for security events and application actions, a year for system logs, thirty days for debug logs. */
  'application-processing': every('P7Y', { system: 'P1Y', integration: 'P1Y', error: 'P1Y', debug: 'P30D' }),
  /** S2: “1–7 years depending on regulation”: seven for who did what, one for how the system fared. */
  'compliance-guide': every('P7Y', { system: 'P1Y', integration: 'P1Y', error: 'P1Y', debug: 'P1Y', page_view: 'P1Y' }),
  /** S3: 36 months, whatever it is. */
  forms: every('P36M'),
  /** S4: at least seven years, and critical security events for ever. */
  'case-management': every('P7Y', { security: 'permanent' }),
};
