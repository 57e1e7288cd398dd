// The history of one record: asked for by its type and id, or come to from an entry.
import ContentLayout from '@cloudscape-design/components/content-layout';
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { addressOfState, DEFAULT_STATE } from '../entries/state.ts';
import { placeOfRow, type Row } from '../entries/use-entries.ts';
import { useRemembered } from '../home/use-remembered.ts';
import { go, hashOf, useAddress } from '../shell/address.ts';
import type { PageProps } from '../shell/page.ts';
import { useSlots } from '../shell/slots.ts';
import { Finder } from './finder.tsx';
import { RecordHistory } from './record-history.tsx';
import { addressOfRecord, NO_RECORD, type RecordState, recordStateOf } from './state.ts';
import { useHistory } from './use-history.ts';

const EntryPanel = lazy(() => import('../entries/panel.tsx'));

/** What an entry's own links and filters lead to: all that can be searched. */
const EVERYTHING = { ...DEFAULT_STATE, range: 'all' } as const;

export default function RecordPage({ api, identity, role }: PageProps) {
  const address = useAddress();
  const state = useMemo(() => recordStateOf(address.state), [address]);
  const { type, id, open } = state;
  const history = useHistory(api, type, id, state.pages);
  const change = useCallback(
    (wanted: Partial<RecordState>, how: 'push' | 'replace' = 'push') =>
      go(hashOf('record', addressOfRecord({ ...state, ...wanted })), how),
    [state],
  );
  const onOpen = useCallback(({ chain, position }: Row) => change({ open: { chain, position } }), [change]);
  const answered = (history.rows?.length ?? 0) > 0;
  useRemembered(identity, 'record', answered ? addressOfRecord({ ...NO_RECORD, type, id }).toString() : undefined);
  const row = open && history.rows?.find((one) => placeOfRow(one) === placeOfRow(open));
  useSlots({
    splitPanelOpen: open !== undefined,
    onSplitPanelClose: () => change({ open: undefined }),
    splitPanel: open && (
      <Suspense fallback={null}>
        <EntryPanel
          key={placeOfRow(open)}
          api={api}
          place={open}
          row={row}
          state={EVERYTHING}
          onFilter={(q) => go(hashOf('entries', addressOfState({ ...EVERYTHING, q })))}
        />
      </Suspense>
    ),
  });
  return (
    <ContentLayout header={<Finder key={JSON.stringify([type, id])} type={type} id={id} />}>
      <RecordHistory
        key={JSON.stringify([type, id])}
        {...{ history, identity, role, state, onOpen }}
        onChange={change}
      />
    </ContentLayout>
  );
}
