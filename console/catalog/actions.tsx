// The actions, to look through by any of their words.
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMemo, useState } from 'react';
import { equals } from '../../core/query/ast.ts';
import { printQuery } from '../../core/query/print.ts';
import { OutcomeShown, Severity } from '../entries/severity.tsx';
import { addressOfState, DEFAULT_STATE } from '../entries/state.ts';
import { hashOf } from '../shell/address.ts';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import type { Catalog } from './page.tsx';
import { fitting } from './words.ts';

const PAGE = 50;

export function Actions({ actions }: { readonly actions: Catalog['actions'] }) {
  const t = useTexts();
  const { number } = useWriting();
  const [words, setWords] = useState('');
  const [page, setPage] = useState(1);
  const found = useMemo(() => fitting(actions, words), [actions, words]);
  const link = (action: string): string =>
    hashOf('entries', addressOfState({ ...DEFAULT_STATE, q: printQuery(equals('action', action)) }));
  return (
    <Table
      variant="container"
      items={found.slice((page - 1) * PAGE, page * PAGE)}
      trackBy="action"
      wrapLines
      stickyHeader
      ariaLabels={{ tableLabel: t.catalog.actions }}
      header={
        <Header variant="h2" counter={`(${number(actions.length)})`}>
          {t.catalog.actions}
        </Header>
      }
      filter={
        <TextFilter
          filteringText={words}
          filteringAriaLabel={t.catalog.find}
          filteringPlaceholder={t.catalog.find}
          filteringClearAriaLabel={t.catalog.clear}
          countText={words === '' ? '' : t.catalog.found(number(found.length), found.length)}
          onChange={({ detail }) => {
            setWords(detail.filteringText);
            setPage(1);
          }}
        />
      }
      pagination={
        <Pagination
          currentPageIndex={page}
          pagesCount={Math.max(1, Math.ceil(found.length / PAGE))}
          ariaLabels={{
            paginationLabel: t.catalog.pages,
            nextPageLabel: t.entries.nextPage,
            previousPageLabel: t.entries.previousPage,
          }}
          onChange={({ detail }) => setPage(detail.currentPageIndex)}
        />
      }
      empty={<Box textAlign="center">{t.catalog.nothing}</Box>}
      columnDefinitions={[
        {
          ...{ id: 'action', header: t.columns.action, isRowHeader: true, minWidth: 200 },
          cell: ({ action }) => (
            <Link href={link(action)}>
              <Value text={action} short={128} />
            </Link>
          ),
        },
        { id: 'category', header: t.columns.category, cell: ({ category }) => category },
        { id: 'severity', header: t.columns.severity, cell: ({ severity }) => <Severity value={severity} /> },
        { id: 'outcome', header: t.columns.outcome, cell: ({ outcome }) => <OutcomeShown value={outcome} /> },
        {
          ...{ id: 'description', header: t.columns.description, minWidth: 220 },
          cell: ({ description }) => <Value text={description} short={300} />,
        },
        {
          id: 'sources',
          header: t.catalog.sources,
          cell: ({ sources }) => <Value text={sources.join(', ')} short={200} />,
        },
      ]}
    />
  );
}
