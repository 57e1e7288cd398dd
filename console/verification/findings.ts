// What a finding is about, by its code; and which places of the trail stand around it.
import type { Answer } from '../api/client.ts';
import type { Place } from '../entries/state.ts';

export type Finding = Answer<'readVerification'>['findings'][number];

/** Matters that findings are about; each has its words. */
export const MATTERS = [
  ...(['log', 'seals', 'late', 'documents', 'expiry', 'hashes', 'bodies', 'entries'] as const),
  ...(['segments', 'store', 'ledger', 'unchecked', 'other'] as const),
] as const;
export type Matter = (typeof MATTERS)[number];

/** Codes that are of another matter than their first word says. */
const SINGLE: Readonly<Record<string, Matter>> = {
  ...{ 'digest-log': 'log', 'digest-index': 'log', 'digest-not-in-log': 'log', 'seals-inconsistent': 'log' },
  ...{ 'log-altered': 'log', 'seal-missing': 'log' },
  ...{ 'digest-late': 'late', 'event-late': 'late', 'entry-late': 'late', 'seal-overdue': 'late' },
  ...{ 'tenant-unsealed': 'late', 'chain-short': 'late' },
  ...{ 'early-expiry': 'expiry', 'held-expiry': 'expiry', 'tombstone-foreign': 'expiry', 'tombstone-future': 'expiry' },
  ...{ 'no-digest': 'unchecked', 'no-position': 'unchecked', 'not-verified': 'unchecked' },
  ...{ 'log-empty': 'unchecked', 'log-missing': 'unchecked', 'checkpoint-unlinked': 'unchecked' },
  ...{ 'ends-early': 'seals', 'slot-number': 'documents', 'event-ahead': 'documents', 'tail-missing': 'bodies' },
  ...{ covered: 'store', stray: 'store', buried: 'store', 'ledger-differs': 'ledger' },
};

const BY_FIRST_WORD: Readonly<Record<string, Matter>> = {
  ...{ checkpoint: 'log', digest: 'seals', chain: 'seals', document: 'documents', coverage: 'documents' },
  ...{ head: 'hashes', skeleton: 'hashes', nodes: 'hashes', run: 'hashes' },
  ...{ body: 'bodies', entry: 'entries', segment: 'segments' },
};

/** `other` for a code that a later version of the service has. */
export function matterOf(code: string): Matter {
  return SINGLE[code] ?? BY_FIRST_WORD[code.split('-')[0] ?? ''] ?? 'other';
}

export interface Around {
  readonly before: Place | undefined;
  readonly at: Place;
  readonly after: Place;
}

/** Undefined where the finding names no position. */
export function around({ chain, first, last }: Pick<Finding, 'chain' | 'first' | 'last'>): Around | undefined {
  if (chain === undefined || first === undefined) return undefined;
  return {
    before: first === 0 ? undefined : { chain, position: first - 1 },
    at: { chain, position: first },
    after: { chain, position: (last ?? first) + 1 },
  };
}
