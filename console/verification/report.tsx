// One check: what it covered, and each finding with its place, what was expected there, and what to do.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { AccessRole } from '../../core/access/policy.ts';
import type { Answer, Api } from '../api/client.ts';
import { Fault } from '../shell/fault.tsx';
import { may } from '../shell/may.ts';
import { useAnswer } from '../shell/use-answer.ts';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { FindingShown } from './finding-shown.tsx';
import { runbookOf } from './standing.ts';
import { VerdictShown } from './verdict.tsx';

export interface ReportProps {
  readonly api: Api;
  readonly role: AccessRole;
  readonly id: string;
}

export function Report({ api, role, id }: ReportProps) {
  const { answer, error, again } = useAnswer(
    (signal) => api.call('readVerification', { path: { id }, signal }),
    [api, id],
  );
  if (error !== undefined) return <Fault error={error} onRetry={again} />;
  if (answer === undefined) return <Spinner />;
  return <Read report={answer} role={role} />;
}

function Read({ report, role }: { readonly report: Answer<'readVerification'>; readonly role: AccessRole }) {
  const t = useTexts();
  const { near, number } = useWriting();
  const { verdict, startedAt, findings, findingsLeftOut, notes } = report;
  const runbook = runbookOf(verdict);
  return (
    <SpaceBetween size="l">
      <Box variant="h2">{t.verdicts[verdict].sentence(near(startedAt, Date.now()))}</Box>
      {verdict !== 'intact' && (
        <Alert type={runbook === undefined ? 'info' : 'warning'}>
          {t.verdicts[verdict].advice} {runbook !== undefined && t.verification.runbook(runbook)}
        </Alert>
      )}
      <Covered report={report} />
      {notes.length > 0 && (
        <section aria-label={t.verification.notes}>
          <Box variant="h3">{t.verification.notes}</Box>
          <ul lang="en">
            {notes.map((note) => (
              <li key={note}>
                <Value text={note} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label={t.verification.findings}>
        <Box variant="h3">{t.verification.findings}</Box>
        {findings.length === 0 && <Box variant="p">{t.verification.noFindingsAt}</Box>}
        <ol className="findings">
          {findings.map((one, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: findings have no other name than their place in the report
            <li key={i}>
              <FindingShown finding={one} entries={may(role, 'readEntry') && may(role, 'searchEntries')} />
            </li>
          ))}
        </ol>
        {findingsLeftOut > 0 && <Box>{t.verification.leftOut(number(findingsLeftOut))}</Box>}
      </section>
    </SpaceBetween>
  );
}

function Covered({ report }: { readonly report: Answer<'readVerification'> }) {
  const t = useTexts();
  const { full, number } = useWriting();
  const { id, mode, startedAt, verdict, seal, entries } = report;
  return (
    <KeyValuePairs
      columns={3}
      items={[
        { label: t.verification.verdict, value: <VerdictShown value={verdict} /> },
        { label: t.verification.when, value: full(startedAt) },
        { label: t.verification.mode, value: t.verification.modes[mode] },
        { label: t.verification.upToSeal, value: seal === null ? t.verification.nothingSealed : number(seal) },
        { label: t.verification.entries, value: number(entries.entries) },
        { label: t.tally.intact, value: number(entries.intact) },
        { label: t.tally.expired, value: number(entries.expired) },
        { label: t.tally.missing, value: number(entries.missing) },
        { label: t.tally.altered, value: number(entries.altered) },
        {
          label: t.verification.id,
          value: (
            <CopyToClipboard
              variant="inline"
              textToCopy={id}
              copyButtonAriaLabel={t.list.copy}
              copySuccessText={t.shell.copied}
              copyErrorText={t.shell.notCopied}
            />
          ),
        },
      ]}
    />
  );
}
