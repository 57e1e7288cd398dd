// Every seal of the organization: when, what it sealed, and where it stands in the log.
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { Api } from '../api/client.ts';
import { ApiFault, slugOf } from '../api/problem.ts';
import { Fault } from '../shell/fault.tsx';
import { Empty } from '../show/empty.tsx';
import { More } from '../show/more.tsx';
import { useWriting } from '../show/times.ts';
import { When } from '../show/when.tsx';
import { useTexts } from '../texts/use.ts';
import { Code } from './checkpoint.tsx';
import { useDigests } from './use-digests.ts';

export function Digests({ api }: { readonly api: Api }) {
  const t = useTexts();
  const { number } = useWriting();
  const list = useDigests(api);
  // Before the first seal there is nothing, and that is no failure.
  const unsealed = list.error instanceof ApiFault && slugOf(list.error.problem) === 'not-sealed';
  if (list.error !== undefined && !unsealed) return <Fault error={list.error} onRetry={list.again} />;
  return (
    <Table
      variant="container"
      wrapLines
      items={list.items ?? []}
      trackBy="number"
      loading={list.items === undefined && list.loading}
      loadingText={t.list.loading}
      enableKeyboardNavigation
      ariaLabels={{ tableLabel: t.checkpoints.digests }}
      header={
        <Header variant="h2" description={t.checkpoints.digestsAdvice}>
          {t.checkpoints.digests}
        </Header>
      }
      empty={<Empty title={t.checkpoints.none} advice={t.checkpoints.noneAdvice} />}
      footer={<More list={list} />}
      columnDefinitions={[
        {
          ...{ id: 'number', header: t.checkpoints.number, isRowHeader: true, minWidth: 90 },
          cell: (row) => number(row.number),
        },
        {
          ...{ id: 'sealed', header: t.checkpoints.sealedAt, minWidth: 160 },
          cell: ({ sealedAt, late }) => (
            <>
              <When time={sealedAt} /> {late && <StatusIndicator type="warning">{t.checkpoints.late}</StatusIndicator>}
            </>
          ),
        },
        { id: 'next', header: t.checkpoints.nextBy, minWidth: 160, cell: ({ nextBy }) => <When time={nextBy} /> },
        {
          ...{ id: 'added', header: t.checkpoints.added, minWidth: 100 },
          cell: ({ added }) => (added === undefined ? '–' : number(added)),
        },
        {
          ...{ id: 'entries', header: t.checkpoints.entries, minWidth: 110 },
          cell: ({ entries }) => number(entries),
        },
        {
          ...{ id: 'log', header: t.checkpoints.logAt, minWidth: 110 },
          cell: ({ log }) => (log === undefined ? '–' : number(log.size)),
        },
        {
          ...{ id: 'root', header: t.checkpoints.root, minWidth: 220 },
          cell: ({ log }) => (log === undefined ? '–' : <Code text={log.root} />),
        },
        {
          ...{ id: 'copy', header: t.checkpoints.digest, minWidth: 130 },
          cell: ({ text }) => (
            <CopyToClipboard
              copyButtonText={t.checkpoints.copyDigest}
              textToCopy={text}
              copySuccessText={t.shell.copied}
              copyErrorText={t.shell.notCopied}
            />
          ),
        },
      ]}
    />
  );
}
