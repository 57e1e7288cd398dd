// Looks after exports that run, by the list: an answer about one of them hands out addresses, which counts as a download.
import { useEffect, useState } from 'react';
import type { Api } from '../api/client.ts';
import { type Export, isRunning } from './progress.ts';

const EVERY_MS = 2_000;

/** `items` as they are now. What can't be asked for now is asked for the next time. */
export function usePolling(api: Api, items: readonly Export[] | undefined): readonly Export[] | undefined {
  const [fresh, setFresh] = useState<ReadonlyMap<string, Export>>(new Map());
  const shown = items?.map((one) => newer(one, fresh.get(one.id)));
  const running = shown?.some(isRunning) ?? false;
  useEffect(() => {
    if (!running) return;
    const gone = new AbortController();
    const timer = setInterval(() => {
      if (document.hidden) return;
      api.call('listExports', { signal: gone.signal }).then(
        ({ exports }) => setFresh((before) => new Map([...before, ...exports.map((one) => [one.id, one] as const)])),
        () => undefined,
      );
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      gone.abort(new DOMException('nobody waits', 'AbortError'));
    };
  }, [api, running]);
  return shown;
}

/** What has ended goes on ending: an answer that was overtaken changes nothing. Grants are added, and never taken away. */
function newer(one: Export, other: Export | undefined): Export {
  if (other === undefined) return one;
  if (isRunning(one) !== isRunning(other)) return isRunning(one) ? other : one;
  return other.rows > one.rows || other.grants.length > one.grants.length ? other : one;
}
