// The audit trail: what was asked, what was found, and one entry beside it.
import ContentLayout from '@cloudscape-design/components/content-layout';
import Flashbar from '@cloudscape-design/components/flashbar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ApiFault, slugOf } from '../api/problem.ts';
import { useRemembered } from '../home/use-remembered.ts';
import { SaveSearch } from '../searches/save.tsx';
import { go, hashOf, useAddress } from '../shell/address.ts';
import { Fault } from '../shell/fault.tsx';
import type { PageProps } from '../shell/page.ts';
import { usePreferences } from '../shell/preferences.ts';
import { useSlots } from '../shell/slots.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { EntriesTable } from './entries-table.tsx';
import { Notices } from './notices.tsx';
import { Onward } from './onward.tsx';
import { canBeRead } from './request.ts';
import { SearchBar } from './search-bar.tsx';
import { addressOfState, type EntriesState, stateOf } from './state.ts';
import { placeOfRow, type Row, useEntries } from './use-entries.ts';
import { useKeys } from './use-keys.ts';
import { seenIn } from './values.ts';

/** Nobody needs it before an entry is opened. */
const EntryPanel = lazy(() => import('./panel.tsx'));

/** What is asked anew from its first page. */
const QUESTION: readonly (keyof EntriesState)[] = ['q', 'range', 'sort', 'order', 'own'];

export default function EntriesPage({ api, identity, role }: PageProps) {
  const address = useAddress();
  const state = useMemo(() => stateOf(address.state), [address]);
  const { pageSize } = usePreferences();
  const [saved, setSaved] = useState<string>();
  const entries = useEntries(api, state, identity.subject, pageSize);
  const { page, error } = entries;
  const change = useCallback(
    (wanted: Partial<EntriesState>, how: 'push' | 'replace' = 'push') => {
      const anew = QUESTION.some((name) => name in wanted) ? { page: 1, cursor: undefined } : {};
      go(hashOf('entries', addressOfState({ ...state, ...anew, ...wanted })), how);
    },
    [state],
  );
  useFreshCursor(error, state, change);
  const asked = { ...state, page: 1, cursor: undefined, open: undefined };
  const isAsked = state.q !== '' && canBeRead(state.q);
  useRemembered(identity, 'entries', isAsked ? addressOfState(asked).toString() : undefined);
  const seen = useMemo(() => seenIn((page?.entries ?? []).map(({ entry }) => entry)), [page]);
  const rows = page?.entries ?? [];
  const open = state.open === undefined ? undefined : rows.find((row) => placeOfRow(row) === placeOfRow(state.open!));
  const onOpen = (row: Row | undefined): void =>
    change({ open: row === undefined ? undefined : { chain: row.chain, position: row.position } });
  useKeys({ rows, open: state.open, onOpen });
  useSlots({
    notifications: saved !== undefined && <SavedNotice name={saved} onDismiss={() => setSaved(undefined)} />,
    splitPanelOpen: state.open !== undefined,
    onSplitPanelClose: () => change({ open: undefined }),
    splitPanel: state.open && (
      <Suspense fallback={null}>
        <EntryPanel
          key={placeOfRow(state.open)}
          api={api}
          place={state.open}
          row={open}
          onFilter={(q) => change({ q, open: undefined })}
          state={state}
        />
      </Suspense>
    ),
  });
  return (
    <ContentLayout>
      <SpaceBetween size="m">
        <search className="search">
          <SearchBar
            state={state}
            seen={seen}
            onChange={change}
            save={<SaveSearch api={api} state={state} onSaved={setSaved} />}
          />
        </search>
        {error !== undefined && <Fault error={error} onRetry={entries.reload} />}
        <Onward role={role} state={state} open={open} />
        <Notices identity={identity} role={role} state={state} page={page} onChange={change} />
        <EntriesTable
          api={api}
          subject={identity.subject}
          state={state}
          entries={entries}
          onChange={change}
          onOpen={onOpen}
        />
      </SpaceBetween>
    </ContentLayout>
  );
}

/** A link to a later page holds its sender's cursor, which is nobody else's: whoever follows it begins at the first page. */
function useFreshCursor(
  error: unknown,
  state: EntriesState,
  change: (wanted: Partial<EntriesState>, how: 'replace') => void,
): void {
  const handled = useRef<unknown>(undefined);
  useEffect(() => {
    const foreign =
      error instanceof ApiFault && slugOf(error.problem) === 'invalid-cursor' && state.cursor !== undefined;
    if (!foreign || handled.current === error) return;
    handled.current = error;
    change({ page: 1, cursor: undefined }, 'replace');
  }, [error, state, change]);
}

function SavedNotice({ name, onDismiss }: { readonly name: string; readonly onDismiss: () => void }) {
  const t = useTexts().searches;
  const content = (
    <>
      {t.saved} <Value text={name} short={200} />
    </>
  );
  const item = { type: 'success', content, dismissible: true, dismissLabel: t.dismiss, onDismiss } as const;
  return <Flashbar items={[{ ...item, id: 'saved' }]} />;
}
