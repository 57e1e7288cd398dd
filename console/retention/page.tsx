// How long each category is kept, and where that comes from.
import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { Severity } from '../entries/severity.tsx';
import { Fault } from '../shell/fault.tsx';
import type { PageProps } from '../shell/page.ts';
import { useAnswer } from '../shell/use-answer.ts';
import { durationWords } from '../show/duration.ts';
import { useWriting } from '../show/times.ts';
import type { Texts } from '../texts/texts.ts';
import { useTexts } from '../texts/use.ts';
import { type CategoryRow, type Source, sourceOf } from './source.ts';

export default function RetentionPage({ api }: PageProps) {
  const t = useTexts();
  const { answer, error, again } = useAnswer((signal) => api.call('readCatalog', { signal }), [api]);
  const source = answer && sourceOf(answer.categories);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t.retention.explained}>
          {t.pages.retention}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {error !== undefined && <Fault error={error} onRetry={again} />}
        {source !== undefined && <Alert type="info">{sentenceOf(t, source)}</Alert>}
        {error === undefined && <Categories categories={answer?.categories} source={source} />}
        <Box color="text-body-secondary">{t.retention.lock}</Box>
      </SpaceBetween>
    </ContentLayout>
  );
}

function sentenceOf(t: Texts, { preset, changed }: Source): string {
  const name = presetName(t, preset);
  return changed.size === 0 ? t.retention.asPreset(name) : t.retention.nearPreset(name, changed.size);
}

const presetName = (t: Texts, preset: string): string =>
  (t.presets as Readonly<Record<string, string>>)[preset] ?? preset;

interface CategoriesProps {
  readonly categories: readonly CategoryRow[] | undefined;
  readonly source: Source | undefined;
}

function Categories({ categories, source }: CategoriesProps) {
  const t = useTexts();
  const { locale } = useWriting();
  return (
    <Table
      variant="container"
      wrapLines
      stickyHeader
      items={categories ?? []}
      trackBy="name"
      loading={categories === undefined}
      loadingText={t.list.loading}
      ariaLabels={{ tableLabel: t.pages.retention }}
      header={<Header variant="h2">{t.retention.table}</Header>}
      columnDefinitions={[
        {
          ...{ id: 'name', header: t.retention.category, isRowHeader: true, minWidth: 160 },
          cell: ({ name }) => <bdi>{name}</bdi>,
        },
        {
          ...{ id: 'labels', header: t.retention.labels, minWidth: 200 },
          cell: ({ labels }) => (labels.length === 0 ? '–' : <bdi lang="en">{labels.join(', ')}</bdi>),
        },
        {
          ...{ id: 'retention', header: t.retention.period, minWidth: 140 },
          cell: ({ retention }) => durationWords(retention, locale, t.retentions.permanent),
        },
        {
          ...{ id: 'source', header: t.retention.source, minWidth: 180 },
          cell: ({ name }) =>
            source?.changed.has(name) ? (
              <Badge color="blue">{t.retention.changed}</Badge>
            ) : (
              source && presetName(t, source.preset)
            ),
        },
        {
          ...{ id: 'severity', header: t.retention.severity, minWidth: 110 },
          cell: ({ severity }) => <Severity value={severity} />,
        },
      ]}
    />
  );
}
