// Whether the trail is intact: in one sentence, with every check that there was and what it found.
import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import { go, hashOf, useAddress } from '../shell/address.ts';
import { Fault } from '../shell/fault.tsx';
import type { PageProps } from '../shell/page.ts';
import { useSlots } from '../shell/slots.ts';
import { usePages } from '../show/use-pages.ts';
import { useTexts } from '../texts/use.ts';
import { History } from './history.tsx';
import { Report } from './report.tsx';
import { standingOf } from './standing.ts';
import { StandingShown } from './standing-shown.tsx';
import { useSealed } from './use-sealed.ts';

/** Two months of daily checks: the newest check of everything is among them. */
const PAGE = 60;

export default function VerificationPage({ api, role }: PageProps) {
  const t = useTexts();
  const id = useAddress().state.get('id') ?? undefined;
  const list = usePages(async (after, signal) => {
    const query = { limit: PAGE, ...(after === undefined ? {} : { after }) };
    const { verifications, next } = await api.call('listVerifications', { query, signal });
    return { items: verifications, next };
  });
  const standing = list.items && standingOf(list.items, Date.now());
  const sealed = useSealed(api, role, standing?.newest);
  useSlots({
    splitPanelOpen: id !== undefined,
    onSplitPanelClose: () => go(hashOf('verification')),
    splitPanel: id !== undefined && (
      <SplitPanel header={t.verification.report} closeBehavior="hide">
        <Report key={id} api={api} role={role} id={id} />
      </SplitPanel>
    ),
  });
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={t.verification.explained}
          actions={
            <SpaceBetween size="xs" direction="horizontal">
              <Button iconName="refresh" ariaLabel={t.list.reload} loading={list.loading} onClick={list.again} />
              <Button iconName="file" onClick={() => print()}>
                {t.list.print}
              </Button>
            </SpaceBetween>
          }
        >
          {t.pages.verification}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {list.error !== undefined && <Fault error={list.error} onRetry={list.again} />}
        {list.items !== undefined && <StandingShown standing={standing} sealed={sealed} />}
        <History list={list} open={id} />
      </SpaceBetween>
    </ContentLayout>
  );
}
