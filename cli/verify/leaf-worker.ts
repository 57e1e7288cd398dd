/** What a thread does that unpacks and hashes the entries of one chain of a bundle. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { asBundle, demandFile, rooted } from '../../core/bundle/container.ts';
import { entryLeaves } from '../../core/bundle/entries.ts';
import { BundleError } from '../../core/bundle/error.ts';
import { entriesFile, FILES } from '../../core/bundle/files.ts';
import { openPath } from './container.ts';
import type { LeafMessage, LeafTask } from './leaf-thread.ts';

/** What was sent and not yet taken waits in memory: no more than that many bytes of hashes. */
class Room {
  readonly #ahead: number;
  #taken = 0;
  #wake: (() => void) | undefined;

  constructor(port: MessagePort, ahead: number) {
    this.#ahead = ahead;
    port.on('message', (hashes: number) => {
      this.#taken += hashes;
      this.#wake?.();
    });
  }

  async for(sent: number): Promise<void> {
    while (sent - this.#taken > this.#ahead) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

type Send = (message: LeafMessage, moved?: ArrayBuffer[]) => void;

async function hashEntries({ path, tenant, chain }: LeafTask, send: Send, room: Room): Promise<void> {
  const { container, close } = await openPath(path);
  try {
    const files = rooted(container, FILES.manifest);
    const name = entriesFile(chain);
    demandFile(files, name);
    let sent = 0;
    for await (const batch of entryLeaves(files.stream(name), name, tenant)) {
      const { hashes, times } = batch;
      const sending = hashes.length;
      send({ kind: 'leaves', ...batch }, [hashes.buffer as ArrayBuffer, times.buffer as ArrayBuffer]);
      sent += sending;
      await room.for(sent);
    }
  } finally {
    await close();
  }
}

/** Does the task that the thread was started with. */
export async function hashInThread(): Promise<void> {
  const port = parentPort!;
  const task = workerData as LeafTask;
  const send: Send = (message, moved = []) => port.postMessage(message, moved);
  try {
    await asBundle(() => hashEntries(task, send, new Room(port, task.ahead)));
    send({ kind: 'end' });
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    send({ kind: 'refused', code: error.code, message: error.message });
  }
  port.close();
}
