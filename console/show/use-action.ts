// Something that is done once when a button is pressed, and that fails in words.
import { useRef, useState } from 'react';

export interface Action {
  readonly run: () => void;
  readonly running: boolean;
  readonly error: unknown;
  readonly clear: () => void;
}

/**
 * `act` is given a key of its own (`Idempotency-Key`), the same one when it is tried again after a failure, so that an
 * answer that was lost does not make of one thing two. After it has succeeded, the next one has another key.
 */
export function useAction(act: (key: string) => Promise<void>): Action {
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<unknown>();
  const key = useRef<string>(undefined);
  const busy = useRef(false);
  const run = (): void => {
    if (busy.current) return;
    busy.current = true;
    key.current ??= crypto.randomUUID();
    setRunning(true);
    setError(undefined);
    act(key.current)
      .then(() => {
        key.current = undefined;
      }, setError)
      .finally(() => {
        busy.current = false;
        setRunning(false);
      });
  };
  /** What is done next is another thing: its words have changed. */
  const clear = (): void => {
    key.current = undefined;
    setError(undefined);
  };
  return { run, running, error, clear };
}
