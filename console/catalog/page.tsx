// What can be recorded: every action with its category, severity and sentence, and how long each category is kept.
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { Answer } from '../api/client.ts';
import { Fault } from '../shell/fault.tsx';
import type { PageProps } from '../shell/page.ts';
import { useAnswer } from '../shell/use-answer.ts';
import { useTexts } from '../texts/use.ts';
import { Actions } from './actions.tsx';
import { Categories } from './categories.tsx';

export type Catalog = Answer<'readCatalog'>;

export default function CatalogPage({ api }: PageProps) {
  const t = useTexts();
  const { answer, error, again } = useAnswer((signal) => api.call('readCatalog', { signal }), [api]);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={answer?.strict === true ? t.catalog.strict : t.catalog.open}>
          {t.pages.catalog}
        </Header>
      }
    >
      {error !== undefined && <Fault error={error} onRetry={again} />}
      {answer === undefined && error === undefined && <Spinner />}
      {answer !== undefined && (
        <SpaceBetween size="l">
          <Actions actions={answer.actions} />
          <Categories categories={answer.categories} />
        </SpaceBetween>
      )}
    </ContentLayout>
  );
}
