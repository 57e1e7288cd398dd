// Findings that only a verification of the live deployment can have.
import { FINDINGS, type Finding, type Verdict } from '../../core/verify/finding.ts';

type Bad = Exclude<Verdict, 'intact'>;

/** What can be found where the evidence lives, and in no copy of it. */
const LIVE_FINDINGS = {
  // The digest log.
  'log-empty': 'incomplete',
  'seal-missing': 'altered',
  'log-altered': 'altered',
  'log-missing': 'incomplete',
  'seal-overdue': 'incomplete',
  // What lies over or beside the evidence and misleads whoever reads what is current.
  covered: 'altered',
  stray: 'altered',
  buried: 'altered',
  // The hot ledger.
  'ledger-differs': 'altered',
  // Tenants.
  'tenant-unsealed': 'incomplete',
  'not-verified': 'incomplete',
} as const satisfies Readonly<Record<string, Bad>>;

export type LiveCode = keyof typeof FINDINGS | keyof typeof LIVE_FINDINGS;

/** As core's finding; one about the log that all share is no tenant's. */
export interface LiveFinding extends Omit<Finding, 'code' | 'tenant'> {
  readonly code: string;
  readonly tenant?: string;
}

const ALL: Readonly<Record<LiveCode, Bad>> = { ...FINDINGS, ...LIVE_FINDINGS };

export function liveFinding(code: LiveCode, details: Omit<LiveFinding, 'code' | 'verdict'>): LiveFinding {
  return { code, verdict: ALL[code], ...details };
}

export type OnLiveFinding = (found: LiveFinding) => void;

/** More versions of one key than are searched: put there to make the search costly. */
export function buried(about: Pick<LiveFinding, 'tenant'>, { message }: Error): LiveFinding {
  return liveFinding('buried', { ...about, expected: 'a few versions of each key', found: message });
}
