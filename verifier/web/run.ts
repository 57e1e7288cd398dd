/** Runs one task in a worker of its own, so that the page answers meanwhile, and can end it at any moment. */
import type { Outcome, Progress, Said, Task } from './protocol.ts';

export type Ended = Outcome | { readonly kind: 'cancelled' } | { readonly kind: 'defect'; readonly text: string };

export interface Running {
  readonly ended: Promise<Ended>;
  cancel(): void;
}

/** `source` is the worker's script, which is part of the page. */
export function runTask(source: string, task: Task, tell: (progress: Progress) => void): Running {
  const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(address);
  let cancel = (): void => undefined;
  const ended = new Promise<Ended>((resolve) => {
    cancel = () => resolve({ kind: 'cancelled' });
    worker.onmessage = ({ data }: MessageEvent<Said>) => {
      if (data.kind === 'progress') tell(data.progress);
      else resolve(data.kind === 'done' ? data.outcome : data);
    };
    worker.onerror = ({ message }) => resolve({ kind: 'defect', text: message });
  }).finally(() => {
    worker.terminate();
    URL.revokeObjectURL(address);
  });
  worker.postMessage(task);
  return { ended, cancel: () => cancel() };
}
