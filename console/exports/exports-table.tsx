// The exports that there are: what of, in which form, and how far.
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { AccessRole } from '../../core/access/policy.ts';
import { go, hashOf } from '../shell/address.ts';
import { may } from '../shell/may.ts';
import { Empty } from '../show/empty.tsx';
import { More } from '../show/more.tsx';
import { useWriting } from '../show/times.ts';
import type { Pages } from '../show/use-pages.ts';
import { Value } from '../show/value.tsx';
import { When } from '../show/when.tsx';
import { useTexts } from '../texts/use.ts';
import { countOf, type Export, progressOf } from './progress.ts';

export interface ExportsTableProps {
  readonly list: Pages<Export>;
  /** Those of the list as they are now. */
  readonly items: readonly Export[] | undefined;
  readonly open: string | undefined;
  readonly role: AccessRole;
}

const SHORT = 120;
const linkTo = (id: string): string => hashOf('exports', new URLSearchParams({ id }));

export function ExportsTable({ list, items = [], open, role }: ExportsTableProps) {
  const t = useTexts();
  const { number } = useWriting();
  return (
    <Table
      variant="container"
      wrapLines
      items={items}
      trackBy="id"
      loading={list.items === undefined && list.loading}
      loadingText={t.list.loading}
      enableKeyboardNavigation
      selectionType="single"
      selectedItems={items.filter(({ id }) => id === open)}
      onSelectionChange={({ detail }) => detail.selectedItems[0] && go(linkTo(detail.selectedItems[0].id))}
      onRowClick={({ detail }) => go(linkTo(detail.item.id))}
      ariaLabels={{
        tableLabel: t.pages.exports,
        selectionGroupLabel: t.exports.openOne,
        itemSelectionLabel: (_, { id }) => `${t.exports.openOne}: ${id}`,
      }}
      header={<Header variant="h2">{t.exports.table}</Header>}
      empty={
        list.error === undefined ? (
          <Empty
            title={t.exports.none}
            advice={may(role, 'startExport') ? t.exports.noneAdvice : t.exports.noneGranted}
          />
        ) : (
          <span>{t.list.nothingLoaded}</span>
        )
      }
      footer={<More list={list} />}
      columnDefinitions={[
        {
          ...{ id: 'created', header: t.exports.created, isRowHeader: true, minWidth: 150 },
          cell: ({ id, createdAt }) => (
            <Link href={linkTo(id)}>
              <When time={createdAt} />
            </Link>
          ),
        },
        { id: 'status', header: t.exports.status, minWidth: 150, cell: (one) => <ExportStatus job={one} /> },
        {
          ...{ id: 'q', header: t.exports.of, minWidth: 200 },
          cell: ({ q }) => (q === '' ? t.exports.everything : <Value text={q} short={SHORT} />),
        },
        { id: 'format', header: t.exports.format, minWidth: 110, cell: ({ format }) => t.formats[format].name },
        { id: 'rows', header: t.exports.rows, minWidth: 90, cell: ({ rows }) => number(rows) },
        {
          ...{ id: 'by', header: t.exports.by, minWidth: 120 },
          cell: ({ createdBy }) => <Value text={createdBy} short={SHORT} />,
        },
        {
          ...{ id: 'expires', header: t.exports.expires, minWidth: 150 },
          cell: ({ expiresAt }) => <When time={expiresAt} />,
        },
      ]}
    />
  );
}

const KINDS: Readonly<Record<Export['status'], StatusIndicatorProps.Type>> = {
  queued: 'pending',
  running: 'in-progress',
  succeeded: 'success',
  failed: 'error',
  cancelled: 'stopped',
};

export function ExportStatus({ job }: { readonly job: Export }) {
  const t = useTexts();
  const { percent } = progressOf(job, countOf(job.id), Date.now());
  const incomplete = job.status === 'succeeded' && !job.complete;
  return (
    <StatusIndicator type={incomplete ? 'warning' : KINDS[job.status]}>
      {incomplete ? t.exports.incomplete : t.exports.statuses[job.status]}
      {job.status === 'running' && percent !== undefined && ` ${percent} %`}
    </StatusIndicator>
  );
}
