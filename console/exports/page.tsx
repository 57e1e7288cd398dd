// Exports: files of what a search finds, with their proof; and the way to a new one.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import { go, hashOf, useAddress } from '../shell/address.ts';
import { Fault } from '../shell/fault.tsx';
import { may } from '../shell/may.ts';
import type { PageProps } from '../shell/page.ts';
import { useSlots } from '../shell/slots.ts';
import { usePages } from '../show/use-pages.ts';
import { useTexts } from '../texts/use.ts';
import { ExportOfLink, ExportShown } from './export-shown.tsx';
import { ExportsTable } from './exports-table.tsx';
import { usePolling } from './use-polling.ts';
import { ExportWizard } from './wizard.tsx';

export default function ExportsPage(props: PageProps) {
  const { state } = useAddress();
  if (state.has('new') && may(props.role, 'startExport')) return <NewExportPage {...props} />;
  return <ExportsList {...props} />;
}

function NewExportPage(props: PageProps) {
  const t = useTexts();
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t.exports.newAdvice}>
          {t.exports.newTitle}
        </Header>
      }
    >
      <ExportWizard {...props} />
    </ContentLayout>
  );
}

function ExportsList(props: PageProps) {
  const { api, role } = props;
  const t = useTexts();
  const id = useAddress().state.get('id') ?? undefined;
  const list = usePages(async (after, signal) => {
    const { exports, next } = await api.call('listExports', {
      ...{ query: after === undefined ? {} : { after }, signal },
    });
    return { items: exports, next };
  });
  const items = usePolling(api, list.items);
  const open = items?.find((one) => one.id === id);
  useSlots({
    splitPanelOpen: id !== undefined,
    onSplitPanelClose: () => go(hashOf('exports')),
    splitPanel: id !== undefined && (
      <SplitPanel header={t.exports.one} closeBehavior="hide">
        {open === undefined ? (
          <ExportOfLink {...props} key={id} id={id} listed={items !== undefined} onChange={list.again} />
        ) : (
          <ExportShown {...props} key={id} job={open} onChange={list.again} />
        )}
      </SplitPanel>
    ),
  });
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={t.exports.explained}
          actions={
            <SpaceBetween size="xs" direction="horizontal">
              <Button iconName="refresh" ariaLabel={t.list.reload} loading={list.loading} onClick={list.again} />
              {may(role, 'startExport') && (
                <Button
                  variant="primary"
                  onClick={() => go(hashOf('exports', new URLSearchParams({ new: '1', last: 'all' })))}
                >
                  {t.exports.start}
                </Button>
              )}
            </SpaceBetween>
          }
        >
          {t.pages.exports}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {list.error !== undefined && <Fault error={list.error} onRetry={list.again} />}
        <ExportsTable list={list} items={items} open={id} role={role} />
        <Box color="text-body-secondary">
          {may(role, 'startExport')
            ? role === 'compliance'
              ? t.exports.seesAll
              : t.exports.seesOwn
            : t.exports.seesGranted}
        </Box>
      </SpaceBetween>
    </ContentLayout>
  );
}
