/** A thread that unpacks and hashes the entries of one chain of a bundle. */
import { open } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { fileSource } from '../../adapters/zip/file.ts';
import { zlibZip } from '../../adapters/zip/zlib.ts';
import { asBundle, demandFile } from '../../core/bundle/container.ts';
import { entryLeaves } from '../../core/bundle/entries.ts';
import { BundleError } from '../../core/bundle/error.ts';
import { entriesFile } from '../../core/bundle/files.ts';
import { openZip } from '../../core/zip/archive.ts';
import type { LeafTask, Told } from './leaf-thread.ts';

const { path, chain, ahead } = workerData as LeafTask;
const port = parentPort!;
const tell = (message: Told, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);

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
  const file = await open(path, 'r');
  try {
    const zip = await openZip(await fileSource(file), zlibZip);
    const name = entriesFile(chain);
    let sent = 0;
    for await (const { hashes, bytes } of entryLeaves(zip.stream(demandFile(zip, name)), name)) {
      tell({ kind: 'leaves', hashes, bytes }, [hashes.buffer as ArrayBuffer]);
      sent += hashes.length;
      await roomFor(sent);
    }
  } finally {
    await file.close();
  }
}

try {
  await asBundle(hashEntries);
  tell({ kind: 'end' });
} catch (error) {
  if (!(error instanceof BundleError)) throw error;
  tell({ kind: 'refused', code: error.code, message: error.message });
}
port.close();
