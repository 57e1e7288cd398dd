// The categories, and how long the reader's organization keeps each.
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { Severity } from '../entries/severity.tsx';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import type { Catalog } from './page.tsx';
import { durationIn } from './words.ts';

export function Categories({ categories }: { readonly categories: Catalog['categories'] }) {
  const t = useTexts();
  const { number, locale } = useWriting();
  return (
    <Table
      variant="container"
      items={categories}
      trackBy="name"
      wrapLines
      ariaLabels={{ tableLabel: t.catalog.categories }}
      header={
        <Header variant="h2" counter={`(${number(categories.length)})`} description={t.catalog.keptAdvice}>
          {t.catalog.categories}
        </Header>
      }
      columnDefinitions={[
        { id: 'name', header: t.columns.category, isRowHeader: true, cell: ({ name }) => name },
        {
          id: 'labels',
          header: t.catalog.labels,
          cell: ({ labels }) => <Value text={labels.join(', ')} short={300} />,
        },
        { id: 'severity', header: t.columns.severity, cell: ({ severity }) => <Severity value={severity} /> },
        {
          ...{ id: 'kept', header: t.catalog.kept },
          cell: ({ retention }) => durationIn(retention, locale) ?? t.catalog.permanent,
        },
      ]}
    />
  );
}
