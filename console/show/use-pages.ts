// A list of the API that goes on: its first page when it is opened, further ones when they are asked for.
import { useCallback, useEffect, useRef, useState } from 'react';

interface Page<T> {
  readonly items: readonly T[];
  /** What the next page is asked with. */
  readonly next: string | null;
}

export interface Pages<T> {
  /** Undefined until the first page is there. */
  readonly items: readonly T[] | undefined;
  readonly more: boolean;
  readonly loading: boolean;
  readonly error: unknown;
  readonly loadMore: () => void;
  /** From the first page on; what is shown stays until it is there. */
  readonly again: () => void;
}

interface Held<T> {
  readonly items?: readonly T[];
  readonly next: string | null;
}

/** Short pages are joined, so that a list never looks as if it had ended where it has not. Bounded, since each is a request. */
const MOST_SHORT = 5;

type Ask<T> = (after: string | undefined, signal: AbortSignal) => Promise<Page<T>>;

/** The question stays the same: who asks another one is another component (`key`). */
export function usePages<T>(ask: Ask<T>): Pages<T> {
  const [held, setHeld] = useState<Held<T>>({ next: null });
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState<{ readonly after?: string }>({});
  const [loading, setLoading] = useState(true);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    const gone = new AbortController();
    setLoading(true);
    setError(undefined);
    joined(latest.current, turn.after, gone.signal).then(
      ({ items, next }) => {
        if (gone.signal.aborted) return;
        setHeld((before) => ({ items: turn.after === undefined ? items : [...(before.items ?? []), ...items], next }));
        setLoading(false);
      },
      (failure: unknown) => {
        if (gone.signal.aborted) return;
        setError(failure);
        setLoading(false);
      },
    );
    return () => gone.abort(new DOMException('nobody waits', 'AbortError'));
  }, [turn]);
  const again = useCallback(() => setTurn({}), []);
  const loadMore = useCallback(() => {
    if (held.next !== null) setTurn({ after: held.next });
  }, [held.next]);
  return { items: held.items, more: held.next !== null, loading, error, loadMore, again };
}

async function joined<T>(ask: Ask<T>, after: string | undefined, signal: AbortSignal): Promise<Page<T>> {
  let page = await ask(after, signal);
  for (let i = 0; i < MOST_SHORT && page.items.length === 0 && page.next !== null; i++) {
    page = await ask(page.next, signal);
  }
  return page;
}
