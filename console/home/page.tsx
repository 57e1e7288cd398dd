// Where somebody begins: is the trail intact, what wants me, what did I last look for.
import ContentLayout from '@cloudscape-design/components/content-layout';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { may } from '../shell/may.ts';
import type { PageProps } from '../shell/page.ts';
import { useTexts } from '../texts/use.ts';
import { JobsBlock } from './jobs-block.tsx';
import { RecentBlock } from './recent-block.tsx';
import { TrailBlock } from './trail-block.tsx';

/** Blocks whose operations the role has, and no others. */
export default function HomePage({ api, identity, role }: PageProps) {
  const t = useTexts();
  const { tenant, subject } = identity;
  const looks = may(role, 'searchEntries');
  const works = looks || may(role, 'listExports');
  const half = { default: 12, s: looks ? 6 : 12 } as const;
  const lower = [
    ...(works ? [<JobsBlock key="jobs" api={api} role={role} subject={subject} />] : []),
    ...(looks ? [<RecentBlock key="recent" owner={{ tenant, subject }} />] : []),
  ];
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={`${t.roles[role].name}: ${t.roles[role].sees}`}>
          {t.pages.home}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {may(role, 'listVerifications') && <TrailBlock api={api} role={role} />}
        {lower.length > 0 && <Grid gridDefinition={lower.map(() => ({ colspan: half }))}>{lower}</Grid>}
      </SpaceBetween>
    </ContentLayout>
  );
}
