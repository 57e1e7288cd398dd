// What the verifications together say of the trail as it stands.
import type { Answer } from '../api/client.ts';

export type Verification = Answer<'listVerifications'>['verifications'][number];
export type Verdict = Verification['verdict'];

/** Best first, as docs/format.md has them. */
const BEST_FIRST: readonly Verdict[] = ['intact', 'unconfirmed', 'incomplete', 'truncated', 'missing', 'altered'];

export interface Standing {
  /** The worst of the newest check of everything and of all checks since. */
  readonly verdict: Verdict;
  /** The newest one that says so. */
  readonly by: Verification;
  readonly newest: Verification;
  /** The newest check of everything, if any is known. */
  readonly full: Verification | undefined;
  /** Checks are daily: this one should have been followed by another. */
  readonly overdue: boolean;
}

/** A day, and the hours that a large deployment's check may take. */
const LATE_AFTER_MS = 36 * 3_600_000;

/**
 * `verifications`: newest first. Undefined without any. A check of what is new says nothing of what is older, so that a
 * finding stands until a later check of everything no longer has it.
 */
export function standingOf(verifications: readonly Verification[], now: number): Standing | undefined {
  const newest = verifications[0];
  if (newest === undefined) return undefined;
  const at = verifications.findIndex(({ mode }) => mode === 'full');
  const counted = at === -1 ? verifications : verifications.slice(0, at + 1);
  const by = counted.reduce((worst, one) => (rank(one.verdict) > rank(worst.verdict) ? one : worst));
  return {
    ...{ verdict: by.verdict, by, newest, full: verifications[at] },
    overdue: now - Date.parse(newest.startedAt) > LATE_AFTER_MS,
  };
}

const rank = (verdict: Verdict): number => BEST_FIRST.indexOf(verdict);

/** Headings of docs/runbook.md, word by word: a test looks for them there. */
export const HEADINGS = {
  failed: 'Verification failed',
  incomplete: 'Verification incomplete',
  silent: 'Verification silent',
} as const;

/** Under which heading the runbook has what to do; undefined where nothing has to be done. */
export function runbookOf(verdict: Verdict): string | undefined {
  if (verdict === 'intact' || verdict === 'unconfirmed') return undefined;
  return verdict === 'incomplete' ? HEADINGS.incomplete : HEADINGS.failed;
}
