// All holds that there are or were, those in force first.
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { go, hashOf, useAddress } from '../shell/address.ts';
import { Empty } from '../show/empty.tsx';
import { Value } from '../show/value.tsx';
import { When } from '../show/when.tsx';
import { useTexts } from '../texts/use.ts';
import type { Hold } from './release.ts';
import { ScopeShown } from './scope-shown.tsx';

export interface HoldsTableProps {
  /** Undefined until they are there. */
  readonly holds: readonly Hold[] | undefined;
  readonly failed: boolean;
  readonly open: string | undefined;
}

const SHOWN = ['active', 'released', 'all'] as const;
const SHORT = 120;

export function HoldsTable({ holds, failed, open }: HoldsTableProps) {
  const t = useTexts();
  const { state } = useAddress();
  const shown = SHOWN.find((one) => one === state.get('show')) ?? 'active';
  const fitting = (holds ?? []).filter(({ status }) => shown === 'all' || status === shown).toReversed();
  const linkTo = (id: string): string => {
    const next = new URLSearchParams(state);
    next.set('id', id);
    return hashOf('holds', next);
  };
  return (
    <Table
      variant="container"
      wrapLines
      items={fitting}
      trackBy="id"
      loading={holds === undefined && !failed}
      loadingText={t.list.loading}
      enableKeyboardNavigation
      selectionType="single"
      selectedItems={fitting.filter(({ id }) => id === open)}
      onSelectionChange={({ detail }) => detail.selectedItems[0] && go(linkTo(detail.selectedItems[0].id))}
      onRowClick={({ detail }) => go(linkTo(detail.item.id))}
      ariaLabels={{
        tableLabel: t.pages.holds,
        selectionGroupLabel: t.holds.openOne,
        itemSelectionLabel: (_, { id }) => `${t.holds.openOne}: ${id}`,
      }}
      header={
        <SpaceBetween size="s">
          <Header variant="h2">{t.holds.table}</Header>
          <SegmentedControl
            label={t.holds.show}
            selectedId={shown}
            options={SHOWN.map((id) => ({ id, text: t.holds.shown[id] }))}
            onChange={({ detail }) => go(hashOf('holds', new URLSearchParams({ show: detail.selectedId })))}
          />
        </SpaceBetween>
      }
      empty={
        failed ? <span>{t.list.nothingLoaded}</span> : <Empty title={t.holds.none[shown]} advice={t.holds.noneAdvice} />
      }
      columnDefinitions={[
        {
          ...{ id: 'applied', header: t.holds.since, isRowHeader: true, minWidth: 150 },
          cell: ({ id, applied }) => (
            <Link href={linkTo(id)}>
              <When time={applied.at} />
            </Link>
          ),
        },
        { id: 'status', header: t.holds.status, minWidth: 140, cell: (hold) => <HoldStatus hold={hold} /> },
        {
          ...{ id: 'scope', header: t.holds.covers, minWidth: 220 },
          cell: ({ scope }) => <ScopeShown scope={scope} short />,
        },
        {
          ...{ id: 'reason', header: t.holds.reason, minWidth: 180 },
          cell: ({ applied }) => <Value text={applied.reason} short={SHORT} />,
        },
        {
          ...{ id: 'by', header: t.holds.by, minWidth: 140 },
          cell: ({ applied }) => (
            <>
              <Value text={applied.by} short={SHORT} /> ({t.roles[applied.role].name})
            </>
          ),
        },
      ]}
    />
  );
}

export function HoldStatus({ hold }: { readonly hold: Hold }) {
  const t = useTexts();
  if (hold.status === 'released') return <StatusIndicator type="stopped">{t.holds.statuses.released}</StatusIndicator>;
  return hold.releaseRequested === undefined ? (
    <StatusIndicator type="success">{t.holds.statuses.active}</StatusIndicator>
  ) : (
    <StatusIndicator type="pending">{t.holds.statuses.asked}</StatusIndicator>
  );
}
