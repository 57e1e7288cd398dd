/** What holds of a whole run, best first; of several the worst. docs/format.md, "Verdicts". */
export const VERDICTS = ['intact', 'unconfirmed', 'incomplete', 'truncated', 'missing', 'altered'] as const;
export type Verdict = (typeof VERDICTS)[number];

export function worst(a: Verdict, b: Verdict): Verdict {
  return VERDICTS.indexOf(a) > VERDICTS.indexOf(b) ? a : b;
}

/** What a finding of each kind makes of the evidence. */
export const FINDINGS = {
  // The digest log.
  'no-digest': 'incomplete',
  'no-position': 'incomplete',
  'digest-malformed': 'altered',
  'digest-version': 'altered',
  'digest-log': 'altered',
  'digest-tenant': 'altered',
  'digest-index': 'altered',
  'digest-not-in-log': 'altered',
  'digest-number': 'missing',
  'digest-previous': 'altered',
  'digest-order': 'altered',
  'digest-late': 'incomplete',
  'digest-ahead': 'altered',
  'digest-not-newest': 'truncated',
  'seals-inconsistent': 'altered',
  'checkpoint-smaller': 'truncated',
  'checkpoint-forked': 'altered',
  'checkpoint-unlinked': 'incomplete',
  'ends-early': 'truncated',
  'chain-vanished': 'altered',
  'chain-shrunk': 'altered',
  'chain-unchanged': 'altered',
  'chain-short': 'incomplete',
  // What a digest names.
  'document-missing': 'incomplete',
  'document-altered': 'altered',
  'document-malformed': 'altered',
  'document-foreign': 'altered',
  'coverage-gap': 'missing',
  'coverage-overlap': 'altered',
  'slot-number': 'altered',
  'event-ahead': 'altered',
  'event-late': 'incomplete',
  'early-expiry': 'altered',
  'held-expiry': 'altered',
  'tombstone-foreign': 'altered',
  'tombstone-future': 'altered',
  // The hashes of a chain.
  'head-root': 'altered',
  'head-link': 'altered',
  'skeleton-altered': 'altered',
  'skeleton-missing': 'incomplete',
  'nodes-altered': 'altered',
  'nodes-missing': 'incomplete',
  'run-altered': 'altered',
  'run-unproven': 'incomplete',
  // The entries of a chain.
  'body-altered': 'altered',
  'body-misplaced': 'altered',
  'body-repeated': 'altered',
  'body-inserted': 'altered',
  'body-missing': 'missing',
  'body-unconfirmed': 'unconfirmed',
  'tail-missing': 'truncated',
  // What entries say that are those that were sealed.
  'entry-malformed': 'altered',
  'entry-version': 'altered',
  'entry-not-canonical': 'altered',
  'entry-tenant': 'altered',
  'entry-category': 'altered',
  'entry-ahead': 'altered',
  'entry-late': 'incomplete',
  'entry-backdated': 'altered',
  // The segments that entries are archived in.
  'segment-missing': 'missing',
  'segment-altered': 'altered',
  'segment-malformed': 'altered',
} as const satisfies Readonly<Record<string, Exclude<Verdict, 'intact'>>>;

export type FindingCode = keyof typeof FINDINGS;

/** One thing that is not as it has to be. Says where, what was expected and what was found; never what an entry holds. */
export interface Finding {
  readonly code: FindingCode;
  readonly verdict: Exclude<Verdict, 'intact'>;
  readonly tenant: string;
  readonly chain?: number;
  /** Positions of the chain that it is about, both included. */
  readonly first?: number;
  readonly last?: number;
  readonly seal?: number;
  /** Number of the tenant's digest. */
  readonly digest?: number;
  /** Key and version of an object, or path in a bundle. */
  readonly object?: string;
  readonly expected: string;
  readonly found: string;
}

/** A finding, by the one who makes it: the verdict follows from the code. */
export function finding(code: FindingCode, details: Omit<Finding, 'code' | 'verdict'>): Finding {
  return { code, verdict: FINDINGS[code], ...details };
}

/** Told of each finding as soon as it is certain. */
export type OnFinding = (found: Finding) => void;
