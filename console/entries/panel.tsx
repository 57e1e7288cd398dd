// One entry, beside the table.
import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import SplitPanel from '@cloudscape-design/components/split-panel';
import Tabs from '@cloudscape-design/components/tabs';
import { useState } from 'react';
import type { Api } from '../api/client.ts';
import { addressOfRecord, NO_RECORD } from '../record/state.ts';
import { hashOf } from '../shell/address.ts';
import { Fault } from '../shell/fault.tsx';
import { useAnswer } from '../shell/use-answer.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { Changes } from './changes.tsx';
import { Connected } from './connected.tsx';
import { Overview } from './overview.tsx';
import { Raw } from './raw.tsx';
import { addressOfState, type EntriesState, type Place } from './state.ts';
import type { Row } from './use-entries.ts';

export interface EntryPanelProps {
  readonly api: Api;
  readonly place: Place;
  /** The entry, where the table has it; otherwise it is read. */
  readonly row: Row | undefined;
  readonly state: EntriesState;
  readonly onFilter: (q: string) => void;
}

export default function EntryPanel({ api, place, row, state, onFilter }: EntryPanelProps) {
  const t = useTexts();
  return (
    <SplitPanel header={t.panel.title} closeBehavior="hide" hidePreferencesButton={false}>
      {row === undefined ? (
        <ReadFirst api={api} place={place} state={state} onFilter={onFilter} />
      ) : (
        <Entry api={api} row={row} state={state} onFilter={onFilter} />
      )}
    </SplitPanel>
  );
}

/** A link leads to an entry that is not on the page. */
function ReadFirst({ api, place, state, onFilter }: Omit<EntryPanelProps, 'row'>) {
  const { chain, position } = place;
  const { answer, error, again } = useAnswer(
    (signal) => api.call('readEntry', { path: { chain, position }, signal }),
    [api, chain, position],
  );
  if (error !== undefined) return <Fault error={error} onRetry={again} />;
  if (answer === undefined) return <Spinner />;
  return <Entry api={api} row={answer} state={state} onFilter={onFilter} />;
}

/** Characters of a sentence that fit a heading. */
const HEADING = 200;

interface EntryProps extends Omit<EntryPanelProps, 'row' | 'place'> {
  readonly row: Row;
}

function Entry({ api, row, state, onFilter }: EntryProps) {
  const t = useTexts();
  const [tab, setTab] = useState('overview');
  const { entry } = row;
  const { type, id } = entry.target ?? {};
  const record =
    type === undefined || id === undefined ? undefined : hashOf('record', addressOfRecord({ ...NO_RECORD, type, id }));
  const tabs = [
    { id: 'overview', label: t.panel.overview, content: <Overview row={row} q={state.q} onFilter={onFilter} /> },
    ...(entry.change === undefined
      ? []
      : [{ id: 'changes', label: t.panel.changes, content: <Changes change={entry.change} /> }]),
    { id: 'connected', label: t.panel.connected, content: <Connected api={api} row={row} state={state} /> },
    { id: 'raw', label: t.panel.raw, content: <Raw row={row} /> },
  ];
  const link = `${location.origin}/${hashOf('entries', addressOfState({ ...state, open: row }))}`;
  return (
    <>
      <Box variant="h2">
        <Value text={entry.description} fold={HEADING} />
      </Box>
      <Box margin={{ vertical: 'xs' }}>
        <SpaceBetween size="s" direction="horizontal" alignItems="center">
          <CopyToClipboard
            copyButtonText={t.panel.copyLink}
            copySuccessText={t.shell.copied}
            copyErrorText={t.shell.notCopied}
            textToCopy={link}
          />
          {record !== undefined && <Link href={record}>{t.record.open}</Link>}
        </SpaceBetween>
      </Box>
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => setTab(detail.activeTabId)}
        tabs={tabs}
        ariaLabel={t.panel.parts}
        disableContentPaddings={false}
      />
    </>
  );
}
