// The table of entries with what belongs to it: news, pages, preferences, and what stands there when nothing is found.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { lazy, Suspense, useRef } from 'react';
import type { Api } from '../api/client.ts';
import { usePreferences } from '../shell/preferences.ts';
import { useWriting } from '../show/times.ts';
import { useTexts } from '../texts/use.ts';
import { columnsOf, displayOf, SHOWN_AT_FIRST } from './columns.tsx';
import { NewsBar } from './news-bar.tsx';
import type { EntriesState, Sort } from './state.ts';
import { type Entries, placeOfRow, type Row } from './use-entries.ts';

/** What orders columns by hand is a large part of its own. */
const TablePreferences = lazy(() => import('./table-preferences.tsx'));

export interface EntriesTableProps {
  readonly api: Api;
  readonly subject: string;
  readonly state: EntriesState;
  readonly entries: Entries;
  readonly onChange: (change: Partial<EntriesState>) => void;
  readonly onOpen: (row: Row | undefined) => void;
}

export function EntriesTable(props: EntriesTableProps) {
  const { state, entries, onChange, onOpen } = props;
  const t = useTexts();
  const writing = useWriting();
  const preferences = usePreferences();
  const { page, loading, asked, error } = entries;
  const rows = page?.entries ?? [];
  const selected = rows.filter((row) => state.open !== undefined && placeOfRow(row) === placeOfRow(state.open));
  const shown = preferences.columns ?? SHOWN_AT_FIRST;
  return (
    <Table
      variant="container"
      items={rows}
      trackBy={placeOfRow}
      loading={loading && page === undefined}
      loadingText={t.entries.loading}
      columnDefinitions={columnsOf({ t, writing, now: asked, state, onOpen })}
      columnDisplay={displayOf(shown)}
      wrapLines={preferences.wrap}
      contentDensity={preferences.compact ? 'compact' : 'comfortable'}
      resizableColumns
      stickyHeader
      selectionType="single"
      selectedItems={selected}
      onSelectionChange={({ detail }) => onOpen(detail.selectedItems[0])}
      onRowClick={({ detail }) => onOpen(detail.item)}
      enableKeyboardNavigation
      ariaLabels={{
        tableLabel: t.pages.entries,
        selectionGroupLabel: t.entries.selection,
        itemSelectionLabel: (_, row) => t.entries.openEntry(row.entry.description.slice(0, 80)),
      }}
      header={
        <SpaceBetween size="s">
          <Header
            variant="h1"
            description={page === undefined ? undefined : t.entries.count(writing.number(rows.length), rows.length)}
            actions={<Order state={state} loading={loading} onChange={onChange} onReload={entries.reload} />}
          >
            {t.pages.entries}
          </Header>
          <NewsBar {...props} />
        </SpaceBetween>
      }
      empty={error === undefined ? <Nothing state={state} onChange={onChange} /> : ' '}
      pagination={<Pages state={state} entries={entries} onChange={onChange} />}
      preferences={
        <Suspense fallback={null}>
          <TablePreferences />
        </Suspense>
      }
    />
  );
}

interface OrderProps {
  readonly state: EntriesState;
  readonly loading: boolean;
  readonly onChange: (change: Partial<EntriesState>) => void;
  readonly onReload: () => void;
}

/** By which time, and from which end: the API has no other order. */
function Order({ state, loading, onChange, onReload }: OrderProps) {
  const t = useTexts();
  const options = (['recordedAt', 'occurredAt'] as const).flatMap((sort) =>
    (['desc', 'asc'] as const).map((order) => ({ value: `${sort}.${order}`, label: t.orders[sort][order] })),
  );
  return (
    <SpaceBetween size="xs" direction="horizontal">
      <Select
        ariaLabel={t.entries.order}
        selectedOption={options.find(({ value }) => value === `${state.sort}.${state.order}`) ?? null}
        options={options}
        onChange={({ detail }) => {
          const [sort, order] = (detail.selectedOption.value ?? '').split('.');
          onChange({ sort: sort as Sort, order: order as 'desc' | 'asc' });
        }}
      />
      <Button
        iconName="refresh"
        ariaLabel={t.entries.reload}
        loading={loading}
        loadingText={t.entries.loading}
        onClick={onReload}
      />
    </SpaceBetween>
  );
}

function Nothing({ state, onChange }: Pick<EntriesTableProps, 'state' | 'onChange'>) {
  const t = useTexts();
  return (
    <Box textAlign="center" padding="l">
      <Box variant="strong">{t.entries.nothing}</Box>
      <Box variant="p">{state.q === '' ? t.entries.nothingYet : t.entries.nothingFits}</Box>
      <SpaceBetween size="xs" direction="horizontal">
        {state.q !== '' && <Button onClick={() => onChange({ q: '' })}>{t.filter.clear}</Button>}
        {state.range !== 'all' && <Button onClick={() => onChange({ range: 'all' })}>{t.entries.searchAll}</Button>}
      </SpaceBetween>
    </Box>
  );
}

/** Pages are reached one after the other, by cursors that hold fast what was there when the first one was read. */
function Pages({ state, entries, onChange }: Pick<EntriesTableProps, 'state' | 'entries' | 'onChange'>) {
  const t = useTexts();
  const known = useRef(new Map<number, string>());
  const next = entries.page?.cursor ?? undefined;
  if (state.page === 1) known.current.clear();
  else if (state.cursor !== undefined) known.current.set(state.page, state.cursor);
  const turn = (page: number): void => {
    const cursor = page === state.page + 1 ? next : known.current.get(page);
    onChange(
      page > 1 && cursor !== undefined
        ? { page, cursor, open: undefined }
        : { page: 1, cursor: undefined, open: undefined },
    );
  };
  return (
    <Pagination
      pagesVariant="compact"
      currentPageIndex={state.page}
      pagesCount={state.page + (next === undefined ? 0 : 1)}
      openEnd={false}
      disabled={entries.loading}
      ariaLabels={{
        paginationLabel: t.entries.pages,
        nextPageLabel: t.entries.nextPage,
        previousPageLabel: t.entries.previousPage,
      }}
      i18nStrings={{ pagesCompactText: ({ currentPage }) => t.entries.page(currentPage) }}
      onChange={({ detail }) => turn(detail.currentPageIndex)}
    />
  );
}
