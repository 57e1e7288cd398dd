// The answer to the one question, in words, and what to do about it.
import Alert, { type AlertProps } from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { hashOf } from '../shell/address.ts';
import { useWriting } from '../show/times.ts';
import type { Texts } from '../texts/texts.ts';
import { useTexts } from '../texts/use.ts';
import { HEADINGS, runbookOf, type Standing, type Verdict } from './standing.ts';
import type { Sealed } from './use-sealed.ts';

const KINDS: Readonly<Record<Verdict, AlertProps.Type>> = {
  intact: 'success',
  unconfirmed: 'info',
  incomplete: 'warning',
  truncated: 'error',
  missing: 'error',
  altered: 'error',
};

export interface StandingShownProps {
  readonly standing: Standing | undefined;
  readonly sealed: Sealed | undefined;
}

export function StandingShown({ standing, sealed }: StandingShownProps) {
  const t = useTexts();
  const { near, number } = useWriting();
  if (standing === undefined) {
    return (
      <Alert type="info" header={t.verification.never}>
        {t.verification.neverAdvice}
      </Alert>
    );
  }
  const { verdict, by, newest, full, overdue } = standing;
  const at = (time: string): string => near(time, Date.now());
  const runbook = runbookOf(verdict);
  return (
    <SpaceBetween size="s">
      <Alert type={KINDS[verdict]} header={headline(t, standing, sealed, at)}>
        <SpaceBetween size="xs">
          {verdict !== 'intact' && <Box>{t.verdicts[verdict].advice}</Box>}
          {runbook !== undefined && (
            <Box>
              {t.verification.runbook(runbook)}{' '}
              <Link href={hashOf('verification', new URLSearchParams({ id: by.id }))}>{t.verification.found}</Link>
            </Box>
          )}
          {sealed !== undefined && <Box>{waiting(t, sealed, number, at)}</Box>}
          <Box>
            {t.verification.checked(at(newest.startedAt))}{' '}
            {full === undefined ? t.verification.noFull : t.verification.checkedFully(at(full.startedAt))}
          </Box>
          <Box color="text-body-secondary">{t.verification.runNow}</Box>
        </SpaceBetween>
      </Alert>
      {overdue && (
        <Alert type="warning" header={t.verification.overdue}>
          {t.verification.overdueAdvice} {t.verification.runbook(HEADINGS.silent)}
        </Alert>
      )}
    </SpaceBetween>
  );
}

function headline(
  t: Texts,
  { verdict, by, newest }: Standing,
  sealed: Sealed | undefined,
  at: (time: string) => string,
): string {
  if (verdict !== 'intact') return t.verdicts[verdict].sentence(at(by.startedAt));
  if (newest.lastDigest === null) return t.verification.nothingSealed;
  return sealed === undefined
    ? t.verification.intactSealed(at(newest.startedAt))
    : t.verification.intactUntil(at(sealed.sealedAt));
}

function waiting(t: Texts, sealed: Sealed, number: (value: number) => string, at: (time: string) => string): string {
  if (sealed.waiting === 0) return t.verification.noneWaiting(at(sealed.nextBy));
  return t.verification.waiting(number(sealed.waiting), sealed.waiting, sealed.more, at(sealed.nextBy));
}
