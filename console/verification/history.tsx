// Every check that there was: when, of what, and what came of it.
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import { go, hashOf } from '../shell/address.ts';
import { Empty } from '../show/empty.tsx';
import { More } from '../show/more.tsx';
import { useWriting } from '../show/times.ts';
import type { Pages } from '../show/use-pages.ts';
import { When } from '../show/when.tsx';
import { useTexts } from '../texts/use.ts';
import type { Verification } from './standing.ts';
import { VerdictShown } from './verdict.tsx';

export interface HistoryProps {
  readonly list: Pages<Verification>;
  /** Id of the one in the panel. */
  readonly open: string | undefined;
}

const hashOfOne = (id: string): string => hashOf('verification', new URLSearchParams({ id }));

export function History({ list, open }: HistoryProps) {
  const t = useTexts();
  const { number } = useWriting();
  const items = list.items ?? [];
  return (
    <Table
      variant="container"
      items={items}
      trackBy="id"
      loading={list.items === undefined && list.loading}
      loadingText={t.list.loading}
      wrapLines
      enableKeyboardNavigation
      selectionType="single"
      selectedItems={items.filter(({ id }) => id === open)}
      onSelectionChange={({ detail }) => detail.selectedItems[0] && go(hashOfOne(detail.selectedItems[0].id))}
      onRowClick={({ detail }) => go(hashOfOne(detail.item.id))}
      ariaLabels={{
        tableLabel: t.verification.history,
        selectionGroupLabel: t.verification.openOne,
        itemSelectionLabel: (_, { id }) => `${t.verification.openOne}: ${id}`,
      }}
      header={
        <Header variant="h2" description={t.verification.historyAdvice}>
          {t.verification.history}
        </Header>
      }
      empty={
        list.error === undefined ? (
          <Empty title={t.verification.never} advice={t.verification.neverAdvice} />
        ) : (
          <span>{t.list.nothingLoaded}</span>
        )
      }
      footer={<More list={list} />}
      columnDefinitions={[
        {
          ...{ id: 'when', header: t.verification.when, isRowHeader: true, minWidth: 150 },
          cell: ({ id, startedAt }) => (
            <Link href={hashOfOne(id)}>
              <When time={startedAt} />
            </Link>
          ),
        },
        {
          ...{ id: 'verdict', header: t.verification.verdict, minWidth: 130 },
          cell: ({ verdict }) => <VerdictShown value={verdict} />,
        },
        { id: 'mode', header: t.verification.mode, minWidth: 140, cell: ({ mode }) => t.verification.modes[mode] },
        {
          ...{ id: 'digests', header: t.verification.seals, minWidth: 110 },
          cell: (one) => spanOf(one, t.verification.noNewSeals, number),
        },
        {
          ...{ id: 'entries', header: t.verification.entries, minWidth: 110 },
          cell: ({ entries }) => number(entries.entries),
        },
        {
          ...{ id: 'findings', header: t.verification.findings, minWidth: 100 },
          cell: ({ findingCount }) => (findingCount === 0 ? t.verification.noFindings : number(findingCount)),
        },
      ]}
    />
  );
}

function spanOf({ firstDigest, lastDigest }: Verification, none: string, number: (value: number) => string): string {
  if (lastDigest === null || firstDigest > lastDigest) return none;
  return firstDigest === lastDigest ? number(firstDigest) : `${number(firstDigest)}–${number(lastDigest)}`;
}
