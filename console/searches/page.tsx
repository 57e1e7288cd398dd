// Saved searches: one's own and those that others share.
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useEffect, useState } from 'react';
import type { Answer, Api } from '../api/client.ts';
import { Fault } from '../shell/fault.tsx';
import type { PageProps } from '../shell/page.ts';
import { useTexts } from '../texts/use.ts';
import { Removal } from './removal.tsx';
import { SearchesTable } from './searches-table.tsx';

export type Saved = Answer<'listSearches'>['searches'][number];

/** All that there are: a reader has some dozens, and a page of the API may be short. */
async function everySearch(api: Api, signal: AbortSignal): Promise<readonly Saved[]> {
  const found: Saved[] = [];
  let after: string | undefined;
  for (;;) {
    const { searches, next } = await api.call('listSearches', { query: after === undefined ? {} : { after }, signal });
    found.push(...searches);
    if (next === null) return found;
    after = next;
  }
}

export default function SearchesPage({ api, identity }: PageProps) {
  const t = useTexts();
  const [searches, setSearches] = useState<readonly Saved[]>();
  const [error, setError] = useState<unknown>();
  const [removing, setRemoving] = useState<Saved>();
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks again
  useEffect(() => {
    const gone = new AbortController();
    everySearch(api, gone.signal).then(
      (found) => {
        setSearches(found);
        setError(undefined);
      },
      (fault: unknown) => !gone.signal.aborted && setError(fault),
    );
    return () => gone.abort(new DOMException('left', 'AbortError'));
  }, [api, turn]);
  const share = (saved: Saved): void => {
    const { id, name, parameters, version, shared } = saved;
    const body = { name, parameters, version, shared: !shared };
    api.call('replaceSearch', { path: { id }, body }).then(reload, setError);
  };
  return (
    <>
      <ContentLayout header={<Header variant="h1">{t.pages.searches}</Header>}>
        <SpaceBetween size="m">
          {error !== undefined && <Fault error={error} onRetry={reload} />}
          <SearchesTable
            searches={searches}
            loading={searches === undefined && error === undefined}
            subject={identity.subject}
            onShare={share}
            onRemove={setRemoving}
          />
        </SpaceBetween>
      </ContentLayout>
      {removing !== undefined && (
        <Removal
          api={api}
          saved={removing}
          onDone={() => {
            setRemoving(undefined);
            reload();
          }}
          onCancel={() => setRemoving(undefined)}
        />
      )}
    </>
  );
}
