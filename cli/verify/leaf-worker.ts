/** A thread that unpacks and hashes the entries of one chain of a bundle. */
import { parentPort, workerData } from 'node:worker_threads';
import { asBundle, demandFile, rooted } from '../../core/bundle/container.ts';
import { entryLeaves } from '../../core/bundle/entries.ts';
import { BundleError } from '../../core/bundle/error.ts';
import { entriesFile, FILES } from '../../core/bundle/files.ts';
import { openPath } from './container.ts';
import type { LeafMessage, LeafTask } from './leaf-thread.ts';

const { path, tenant, chain, ahead } = workerData as LeafTask;
const port = parentPort!;
const send = (message: LeafMessage, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);

let taken = 0;
let wake: (() => void) | undefined;
port.on('message', (hashes: number) => {
  taken += hashes;
  wake?.();
});

/** What was sent and not yet taken waits in memory. */
async function roomFor(sent: number): Promise<void> {
  while (sent - taken > ahead) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

async function hashEntries(): Promise<void> {
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
      await roomFor(sent);
    }
  } finally {
    await close();
  }
}

try {
  await asBundle(hashEntries);
  send({ kind: 'end' });
} catch (error) {
  if (!(error instanceof BundleError)) throw error;
  send({ kind: 'refused', code: error.code, message: error.message });
}
port.close();
