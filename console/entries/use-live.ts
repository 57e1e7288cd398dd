// Tells of entries that were recorded since the page was loaded, and never moves what somebody is reading.
import { useEffect, useState } from 'react';
import type { Api } from '../api/client.ts';
import { printedFor } from './request.ts';
import type { EntriesState } from './state.ts';
import type { EntriesPage } from './use-entries.ts';

/** Each look is a read, and so an entry of its own: often enough to notice, and not a flood. */
const EVERY_MS = 60_000;
/** As many as one answer holds. */
const MOST = 200;

export interface News {
  readonly count: number;
  /** There may be more than were counted. */
  readonly more: boolean;
}

const NONE: News = { count: 0, more: false };

/** Only of the newest page of a range that has no end: elsewhere nothing new can appear. */
export function canBeNews({ range, sort, order, page }: EntriesState): boolean {
  return page === 1 && sort === 'recordedAt' && order === 'desc' && !(typeof range === 'object' && 'from' in range);
}

export function useLive(
  api: Api,
  state: EntriesState,
  subject: string,
  page: EntriesPage | undefined,
  on: boolean,
): News {
  const [news, setNews] = useState<News>(NONE);
  const { q, own } = state;
  const looking = on && page !== undefined && canBeNews(state);
  const newest = page?.entries[0]?.entry.recordedAt;
  useEffect(() => {
    setNews(NONE);
    if (!looking) return;
    const gone = new AbortController();
    const since = newest === undefined ? Date.now() : Date.parse(newest) + 1;
    const look = async (): Promise<void> => {
      if (document.hidden) return;
      const query = { q: printedFor({ q, own }, subject), from: new Date(since).toISOString(), limit: MOST };
      // What can't be looked up now will be at the next look; the page itself says what fails.
      const found = await api.call('searchEntries', { query, signal: gone.signal }).catch(() => undefined);
      if (found !== undefined && !gone.signal.aborted) {
        setNews({ count: found.entries.length, more: found.cursor !== null });
      }
    };
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      clearInterval(timer);
      gone.abort();
    };
  }, [api, q, own, subject, newest, looking]);
  return news;
}
