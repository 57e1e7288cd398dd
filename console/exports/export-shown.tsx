// One export: how far it is, its files, who may have it, and what it proves.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { Fault } from '../shell/fault.tsx';
import { may } from '../shell/may.ts';
import type { PageProps } from '../shell/page.ts';
import { useAnswer } from '../shell/use-answer.ts';
import { durationWords } from '../show/duration.ts';
import { useWriting } from '../show/times.ts';
import { useAction } from '../show/use-action.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { ExportStatus } from './exports-table.tsx';
import { Files } from './files.tsx';
import { Grants } from './grants.tsx';
import { countOf, type Export, isRunning, progressOf } from './progress.ts';

export interface ExportShownProps extends PageProps {
  readonly job: Export;
  /** It has been changed. */
  readonly onChange: () => void;
}

export interface ExportOfLinkProps extends Omit<ExportShownProps, 'job'> {
  readonly id: string;
  /** The list is there, and does not have it. */
  readonly listed: boolean;
}

/** Of a link to one that the first page of the list does not have. */
export function ExportOfLink({ id, listed, ...props }: ExportOfLinkProps) {
  const { api } = props;
  const { answer, error, again } = useAnswer(
    async (signal) => (listed ? api.call('readExport', { path: { id }, signal }) : undefined),
    [api, id, listed],
  );
  if (error !== undefined) return <Fault error={error} onRetry={again} />;
  if (answer === undefined) return <Spinner />;
  return (
    <ExportShown
      {...props}
      job={answer}
      onChange={() => {
        again();
        props.onChange();
      }}
    />
  );
}

export function ExportShown(props: ExportShownProps) {
  const { job, role } = props;
  const t = useTexts();
  const { full, number } = useWriting();
  const { q, from, to, format, fields, createdBy, createdAt, expiresAt, rows, status } = job;
  return (
    <SpaceBetween size="l">
      <ExportStatus job={job} />
      {isRunning(job) && <Running {...props} />}
      {job.reason !== null && (
        <Alert type="error" header={t.exports.failed}>
          {t.exports.failedAdvice}
          <Box variant="small" display="block">
            <span lang="en">
              <Value text={job.reason} />
            </span>
          </Box>
        </Alert>
      )}
      {job.gaps.length > 0 && <Alert type="warning">{t.exports.gaps}</Alert>}
      {status === 'succeeded' && (
        <>
          <Proves job={job} />
          <Files {...props} />
          {may(role, 'grantExport') && <Grants {...props} />}
        </>
      )}
      <KeyValuePairs
        columns={2}
        items={[
          { label: t.exports.of, value: q === '' ? t.exports.everything : <Value text={q} /> },
          { label: t.exports.format, value: t.formats[format].name },
          { label: t.exports.from, value: full(from) },
          { label: t.exports.to, value: full(to) },
          { label: t.exports.rows, value: number(rows) },
          {
            label: t.exports.columns,
            value: fields === null ? t.exports.allColumns : <Value text={fields.join(', ')} />,
          },
          { label: t.exports.by, value: <Value text={createdBy} /> },
          { label: t.exports.created, value: full(createdAt) },
          { label: t.exports.expires, value: full(expiresAt) },
        ]}
      />
    </SpaceBetween>
  );
}

function Running({ api, job, role, onChange }: ExportShownProps) {
  const t = useTexts();
  const { number, locale } = useWriting();
  const { percent, remainingSeconds } = progressOf(job, countOf(job.id), Date.now());
  const cancelling = useAction(async () => {
    await api.call('cancelExport', { path: { id: job.id } });
    onChange();
  });
  const written = t.exports.written(number(job.rows));
  const left =
    remainingSeconds === undefined ? '' : t.exports.left(durationWords(roughly(remainingSeconds), locale, ''));
  return (
    <SpaceBetween size="s">
      {percent === undefined ? (
        <Box>
          <Spinner /> {written} {t.exports.uncounted}
        </Box>
      ) : (
        <ProgressBar
          label={t.exports.progress}
          value={percent}
          additionalInfo={`${written} ${percent === 99 ? t.exports.proving : left}`}
        />
      )}
      {cancelling.error !== undefined && <Fault error={cancelling.error} />}
      {may(role, 'cancelExport') && (
        <Button loading={cancelling.running} loadingText={t.list.loading} onClick={cancelling.run}>
          {t.exports.cancel}
        </Button>
      )}
    </SpaceBetween>
  );
}

/** Minutes, once seconds say nothing any more. */
function roughly(seconds: number): string {
  return seconds < 120 ? `PT${seconds}S` : `PT${Math.ceil(seconds / 60)}M`;
}

function Proves({ job: { rows, sealed, verifier } }: { readonly job: Export }) {
  const t = useTexts();
  const { number } = useWriting();
  return (
    <section aria-label={t.exports.proof}>
      <Box variant="h3">{t.exports.proof}</Box>
      <Box variant="p">{t.exports.proves}</Box>
      <Box variant="p">{t.exports.provesNot}</Box>
      <Link href={verifier.page} external>
        {t.exports.verify}
      </Link>
      {sealed !== null && sealed < rows && (
        <Alert type="info">{t.exports.unsealed(number(rows - sealed), number(rows))}</Alert>
      )}
    </section>
  );
}
