/** Writing down what nobody would bring again: a schedule's occasion, the end of an execution. */
import { messageOf } from './failure.ts';
import type { RuntimeContext } from './template/provisioner.ts';

const PAUSE_MS = 2_000;

export interface Persisting {
  readonly context: Pick<RuntimeContext, 'clock' | 'warn'>;
  /** Who says so when it can't be written, and what it is. */
  readonly part: string;
  readonly what: string;
  readonly signal?: AbortSignal;
}

/** Tries until it is written, whatever the disk says meanwhile; says so once. False when the signal aborts first. */
export async function persistently(write: () => Promise<void>, about: Persisting): Promise<boolean> {
  const { context, part, what, signal } = about;
  for (let attempt = 0; !signal?.aborted; attempt += 1) {
    try {
      await write();
      return true;
    } catch (error) {
      if (attempt === 0)
        context.warn(part, `${what} can't be written down and is tried again`, { error: messageOf(error) });
    }
    await context.clock.sleep(PAUSE_MS, signal);
  }
  return false;
}
