// What goes on for the reader, and what is done and waits for them.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { AccessRole } from '../../core/access/policy.ts';
import type { Api } from '../api/client.ts';
import { Fault } from '../shell/fault.tsx';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { When } from '../show/when.tsx';
import { useTexts } from '../texts/use.ts';
import type { Job } from './jobs.ts';
import { useJobs } from './use-jobs.ts';

export interface JobsBlockProps {
  readonly api: Api;
  readonly role: AccessRole;
  readonly subject: string;
}

export function JobsBlock({ api, role, subject }: JobsBlockProps) {
  const t = useTexts().home.jobs;
  const { answer, error, again } = useJobs(api, role, subject);
  return (
    <Container
      header={
        <Header variant="h2" actions={<Button iconName="refresh" ariaLabel={t.reload} onClick={again} />}>
          {t.title}
        </Header>
      }
    >
      {error !== undefined && <Fault error={error} onRetry={again} />}
      {error === undefined && answer === undefined && <Spinner />}
      {answer?.length === 0 && (
        <>
          <Box variant="strong">{t.none}</Box>
          <Box variant="p">{t.noneAdvice}</Box>
        </>
      )}
      {answer !== undefined && answer.length > 0 && (
        <ul className="jobs">
          {answer.map((job) => (
            <JobShown key={`${job.kind}.${job.id}`} job={job} />
          ))}
        </ul>
      )}
    </Container>
  );
}

const KINDS: Readonly<Record<Job['status'], StatusIndicatorProps.Type>> = {
  queued: 'pending',
  running: 'in-progress',
  succeeded: 'success',
  failed: 'error',
  cancelled: 'stopped',
};

function JobShown({ job: { kind, status, q, createdAt, rows, done } }: { readonly job: Job }) {
  const t = useTexts().home.jobs;
  const { number } = useWriting();
  return (
    <li>
      <Box variant="strong">{t[kind]}</Box> <StatusIndicator type={KINDS[status]}>{t.status[status]}</StatusIndicator>
      <Box>{q === '' ? t.everything : <Value text={q} short={160} />}</Box>
      {status === 'running' && done !== undefined && <ProgressBar value={Math.floor(done * 100)} ariaLabel={t[kind]} />}
      <Box color="text-body-secondary" fontSize="body-s">
        <When time={createdAt} /> · {t.rows(number(rows), rows)}
      </Box>
    </li>
  );
}
