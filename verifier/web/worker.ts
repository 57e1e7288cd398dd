// The worker: one task, one outcome.
import type { Said, Task } from './protocol.ts';
import { verifyTask } from './verify.ts';

/** A page is drawn sixty times a second, and a message for each batch of entries would be most of the work. */
const TOLD_EVERY_MS = 100;

const say = (said: Said): void => postMessage(said);

let told = 0;
addEventListener('message', async ({ data }: MessageEvent<Task>) => {
  try {
    const outcome = await verifyTask(data, (progress) => {
      const now = performance.now();
      if (now - told < TOLD_EVERY_MS) return;
      told = now;
      say({ kind: 'progress', progress });
    });
    say({ kind: 'done', outcome });
  } catch (error) {
    const { name = 'Error', message = String(error), stack = '' } = (error ?? {}) as Partial<Error>;
    say({ kind: 'defect', text: `${name}: ${message}\n${stack}` });
  }
});
