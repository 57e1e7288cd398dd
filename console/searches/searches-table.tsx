// The table of saved searches.
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { addressOfState } from '../entries/state.ts';
import { hashOf } from '../shell/address.ts';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import type { Saved } from './page.tsx';
import { stateOfSaved } from './parameters.ts';

export interface SearchesTableProps {
  readonly searches: readonly Saved[] | undefined;
  readonly loading: boolean;
  /** The reader's own. */
  readonly subject: string;
  readonly onShare: (saved: Saved) => void;
  readonly onRemove: (saved: Saved) => void;
}

export function SearchesTable({ searches = [], loading, subject, onShare, onRemove }: SearchesTableProps) {
  const t = useTexts();
  const { near, full, number } = useWriting();
  const link = ({ parameters }: Saved): string =>
    hashOf('entries', addressOfState(stateOfSaved(parameters, Date.now())));
  return (
    <Table
      variant="container"
      items={searches}
      trackBy="id"
      wrapLines
      loading={loading}
      loadingText={t.searches.loading}
      ariaLabels={{ tableLabel: t.pages.searches }}
      header={
        <Header variant="h2" counter={loading ? '' : `(${number(searches.length)})`}>
          {t.searches.kept}
        </Header>
      }
      empty={
        <Box textAlign="center" padding="m">
          <Box variant="p">{t.searches.nothing}</Box>
          <Link href={hashOf('entries')}>{t.pages.entries}</Link>
        </Box>
      }
      columnDefinitions={[
        {
          ...{ id: 'name', header: t.searches.name, isRowHeader: true, minWidth: 180 },
          cell: (saved) => (
            <Link href={link(saved)}>
              <Value text={saved.name} short={200} />
            </Link>
          ),
        },
        {
          ...{ id: 'query', header: t.query.label, minWidth: 220 },
          cell: ({ parameters }) => {
            const { q } = stateOfSaved(parameters, 0);
            return q === '' ? t.searches.everything : <Value text={q} short={300} />;
          },
        },
        {
          ...{ id: 'owner', header: t.searches.owner },
          cell: ({ owner, shared }) => (
            <SpaceBetween size="xxs">
              {owner === subject ? t.searches.yours : <Value text={owner} short={120} />}
              {shared && <Badge>{t.searches.isShared}</Badge>}
            </SpaceBetween>
          ),
        },
        {
          ...{ id: 'savedAt', header: t.searches.savedAt },
          cell: ({ savedAt }) => (
            <time dateTime={savedAt} title={full(savedAt)}>
              {near(savedAt, Date.now())}
            </time>
          ),
        },
        {
          ...{ id: 'do', header: t.searches.actions },
          cell: (saved) =>
            saved.owner === subject ? (
              <SpaceBetween size="s" direction="horizontal">
                <Button
                  variant="inline-link"
                  ariaLabel={t.searches.shareOf(saved.shared, saved.name)}
                  onClick={() => onShare(saved)}
                >
                  {saved.shared ? t.searches.unshare : t.searches.share}
                </Button>
                <Button
                  variant="inline-link"
                  ariaLabel={t.searches.removeOf(saved.name)}
                  onClick={() => onRemove(saved)}
                >
                  {t.searches.remove}
                </Button>
              </SpaceBetween>
            ) : (
              '–'
            ),
        },
      ]}
    />
  );
}
