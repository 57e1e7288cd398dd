// The entries of a record, page after page, as many pages as the address says.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Answer, Api } from '../api/client.ts';
import type { Row } from '../entries/use-entries.ts';
import { hasPath } from './state.ts';

type HistoryPage = Answer<'readHistory'>;

export interface History {
  /** In the order in which they occurred; undefined until the first page is there. */
  readonly rows: readonly Row[] | undefined;
  readonly gaps: HistoryPage['gaps'];
  /** What is older than can be searched at once: not asked for here. */
  readonly beyond: HistoryPage['beyond'];
  /** There is another page. */
  readonly more: boolean;
  readonly loading: boolean;
  readonly error: unknown;
  readonly again: () => void;
}

/** As many as one answer holds. */
const PAGE = 200;
/** The first time that four digits can write: whoever names a beginning is told what lies in the archive. */
const EVER = '2000-01-01T00:00:00Z';

interface Read {
  /** Which record, and at which turn. */
  readonly of: string;
  readonly pages: readonly HistoryPage[];
}

/** Nothing is asked for what no path can name. What is there stays while further pages are read; pages that were read are not read again. */
export function useHistory(api: Api, type: string, id: string, pages: number): History {
  const [turn, setTurn] = useState(0);
  const of = JSON.stringify([type, id, turn]);
  const [held, setHeld] = useState<Read>({ of: '', pages: [] });
  const [failed, setFailed] = useState<{ readonly of: string; readonly error: unknown }>();
  const latest = useRef(held);
  latest.current = held;
  useEffect(() => {
    const gone = new AbortController();
    setFailed(undefined);
    if (!hasPath({ type, id })) return;
    const read = async (): Promise<void> => {
      let known = latest.current.of === of ? latest.current.pages : [];
      while (known.length < pages && known.at(-1)?.cursor !== null) {
        const page = await ask(api, type, id, known.at(-1)?.cursor ?? undefined, gone.signal);
        if (gone.signal.aborted) return;
        known = [...known, page];
        setHeld({ of, pages: known });
      }
    };
    read().catch((error: unknown) => !gone.signal.aborted && setFailed({ of, error }));
    return () => gone.abort(new DOMException('another record', 'AbortError'));
  }, [api, type, id, of, pages]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  const shown = sameRecord(held.of, of) ? held.pages : [];
  const last = held.of === of ? held.pages.at(-1) : undefined;
  const error = failed?.of === of ? failed.error : undefined;
  const settled = last !== undefined && (last.cursor === null || held.pages.length >= pages);
  return {
    rows: shown.length === 0 ? undefined : shown.flatMap(({ entries }) => entries),
    gaps: shown.flatMap(({ gaps }) => gaps),
    beyond: shown.at(-1)?.beyond,
    more: (shown.at(-1)?.cursor ?? null) !== null,
    ...{ loading: !settled && error === undefined, error, again },
  };
}

async function ask(api: Api, type: string, id: string, cursor: string | undefined, signal: AbortSignal) {
  const query = { from: EVER, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
  return api.call('readHistory', { path: { type, id }, query, signal });
}

/** At another turn what was read before stays until the first page is there again. */
function sameRecord(held: string, wanted: string): boolean {
  const record = (text: string): string => text.slice(0, text.lastIndexOf(','));
  return held !== '' && record(held) === record(wanted);
}
