// One answer of the API, asked for when a part of a page is opened.
import { type DependencyList, useCallback, useEffect, useRef, useState } from 'react';

export interface Answered<T> {
  readonly answer: T | undefined;
  readonly error: unknown;
  readonly again: () => void;
}

/** `on`: what the question is made of. Asked again when that changes, and given up when nobody waits any more. */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>, on: DependencyList): Answered<T> {
  const [state, setState] = useState<{ answer?: T; error?: unknown }>({});
  const [turn, setTurn] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names what the question is made of
  useEffect(() => {
    const gone = new AbortController();
    setState({});
    latest.current(gone.signal).then(
      (answer) => !gone.signal.aborted && setState({ answer }),
      (error: unknown) => !gone.signal.aborted && setState({ error }),
    );
    return () => gone.abort(new DOMException('nobody waits', 'AbortError'));
  }, [...on, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  return { answer: state.answer, error: state.error, again };
}
