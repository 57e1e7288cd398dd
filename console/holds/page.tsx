// Legal holds: which there are, what each covers, applying one, and ending one.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import { useState } from 'react';
import { go, hashOf, useAddress } from '../shell/address.ts';
import { Fault } from '../shell/fault.tsx';
import type { PageProps } from '../shell/page.ts';
import { useSlots } from '../shell/slots.ts';
import { useAnswer } from '../shell/use-answer.ts';
import { useTexts } from '../texts/use.ts';
import { HoldShown } from './hold-shown.tsx';
import { HoldsTable } from './holds-table.tsx';
import { NewHold } from './new-hold.tsx';
import type { Hold } from './release.ts';

/** What was done last, said at the top. */
type Done = 'applied' | 'asked' | 'released';

export default function HoldsPage(props: PageProps) {
  const { api } = props;
  const t = useTexts();
  const { state } = useAddress();
  const [done, setDone] = useState<Done>();
  const { answer, error, again } = useAnswer((signal) => api.call('listHolds', { signal }), [api]);
  const adding = state.has('new');
  const hold = answer?.holds.find(({ id }) => id === state.get('id'));
  const finish = (what: Done, { id }: Hold): void => {
    setDone(what);
    again();
    go(hashOf('holds', new URLSearchParams({ id })));
  };
  useSlots({
    splitPanelOpen: hold !== undefined && !adding,
    onSplitPanelClose: () => go(hashOf('holds')),
    splitPanel: hold && !adding && (
      <SplitPanel header={t.holds.one} closeBehavior="hide">
        <HoldShown {...props} key={hold.id} hold={hold} onDone={finish} />
      </SplitPanel>
    ),
  });
  if (adding) {
    return (
      <ContentLayout header={<Header variant="h1">{t.holds.newTitle}</Header>}>
        <NewHold {...props} onApplied={(applied) => finish('applied', applied)} />
      </ContentLayout>
    );
  }
  return (
    <ContentLayout header={<Top onReload={again} />}>
      <SpaceBetween size="m">
        {done !== undefined && (
          <div role="status">
            <Alert type="success" dismissible onDismiss={() => setDone(undefined)}>
              {t.holds.done[done]}
            </Alert>
          </div>
        )}
        {error !== undefined && <Fault error={error} onRetry={again} />}
        <HoldsTable holds={answer?.holds} failed={error !== undefined} open={hold?.id} />
        <Box color="text-body-secondary">{t.holds.offices}</Box>
      </SpaceBetween>
    </ContentLayout>
  );
}

function Top({ onReload }: { readonly onReload: () => void }) {
  const t = useTexts();
  return (
    <Header
      variant="h1"
      description={t.holds.explained}
      actions={
        <SpaceBetween size="xs" direction="horizontal">
          <Button iconName="refresh" ariaLabel={t.list.reload} onClick={onReload} />
          <Button variant="primary" onClick={() => go(hashOf('holds', new URLSearchParams({ new: '1' })))}>
            {t.holds.apply}
          </Button>
        </SpaceBetween>
      }
    >
      {t.pages.holds}
    </Header>
  );
}
