// One page of entries, loaded whenever the question changes; what was there stays until there is something else.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { QueryError } from '../../core/query/error.ts';
import type { Answer, Api } from '../api/client.ts';
import { searchOf } from './request.ts';
import type { EntriesState } from './state.ts';

export type EntriesPage = Answer<'searchEntries'>;
export type Row = EntriesPage['entries'][number];

export interface Entries {
  /** Undefined until the first answer. */
  readonly page: EntriesPage | undefined;
  /** When `page` was asked for. */
  readonly asked: number;
  readonly loading: boolean;
  readonly error: unknown;
  readonly reload: () => void;
}

interface Loaded {
  readonly page?: EntriesPage;
  readonly asked: number;
  readonly error?: unknown;
}

export function useEntries(api: Api, state: EntriesState, subject: string, limit: number): Entries {
  const [loaded, setLoaded] = useState<Loaded>({ asked: 0 });
  const [loading, setLoading] = useState(true);
  const [turn, setTurn] = useState(0);
  const question = useMemo(() => {
    const { q, range, sort, order, own, page, cursor } = state;
    return JSON.stringify({ q, range, sort, order, own, page, cursor });
  }, [state]);
  const latest = useRef(state);
  latest.current = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question is the state without what changes no answer
  useEffect(() => {
    const gone = new AbortController();
    const asked = Date.now();
    setLoading(true);
    ask(api, latest.current, subject, limit, gone.signal).then(
      (page) => {
        if (gone.signal.aborted) return;
        setLoaded({ page, asked });
        setLoading(false);
      },
      (error: unknown) => {
        if (gone.signal.aborted) return;
        // A query that can't be read is marked where it is written; the last results stay.
        setLoaded((before) => (error instanceof QueryError ? before : { ...before, error, asked }));
        setLoading(false);
      },
    );
    return () => gone.abort(new DOMException('another question', 'AbortError'));
  }, [api, question, subject, limit, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { page: loaded.page, asked: loaded.asked, loading, error: loaded.error, reload };
}

async function ask(api: Api, state: EntriesState, subject: string, limit: number, signal: AbortSignal) {
  return api.call('searchEntries', { query: searchOf(state, subject, limit, Date.now()), signal });
}

/** Chain and position, as a name that no other entry of the tenant has. */
export const placeOfRow = ({ chain, position }: Pick<Row, 'chain' | 'position'>): string => `${chain}.${position}`;
