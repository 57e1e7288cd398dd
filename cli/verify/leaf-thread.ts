// Hashes the entries of a bundle in threads of their own.
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { LEAF_THREAD } from '#leaf-thread';
import { BundleError, type BundleFault } from '../../core/bundle/error.ts';
import type { LeafBatch } from '../../core/verify/evidence.ts';

export interface LeafTask {
  /** Of the bundle. */
  readonly path: string;
  readonly tenant: string;
  readonly chain: number;
  /** Bytes of hashes that may wait to be taken. */
  readonly ahead: number;
}

/** What the thread says. */
export type LeafMessage =
  | ({ readonly kind: 'leaves' } & LeafBatch)
  | { readonly kind: 'end' }
  | { readonly kind: 'refused'; readonly code: BundleFault; readonly message: string };

/** Leaf hashes of a million entries: while tiles are checked here, their entries are hashed there. */
const AHEAD_BYTES = 32 * 1024 * 1024;

/** Threads that hash the entries of a bundle's chains; each begins when it is asked for. */
export class LeafThreads {
  readonly #path: string;
  readonly #workers = new Set<Worker>();

  constructor(path: string) {
    this.#path = path;
  }

  readonly leaves = (chain: number, tenant: string): AsyncIterable<LeafBatch> => {
    const task: LeafTask = { path: this.#path, tenant, chain, ahead: AHEAD_BYTES };
    const worker = new Worker(LEAF_THREAD, { workerData: task });
    this.#workers.add(worker);
    return batches(worker);
  };

  async stop(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }
}

/** Listens from now on, not from when it is read. */
function batches(worker: Worker): AsyncIterable<LeafBatch> {
  const messages = on(worker, 'message', { close: ['exit'] });
  return read(worker, messages);
}

async function* read(worker: Worker, messages: AsyncIterable<unknown[]>): AsyncGenerator<LeafBatch> {
  for await (const [message] of messages) {
    const sent = message as LeafMessage;
    if (sent.kind === 'end') return;
    if (sent.kind === 'refused') throw new BundleError(sent.code, sent.message);
    yield sent;
    worker.postMessage(sent.hashes.length);
  }
  throw new Error('the thread that hashes entries ended before they did');
}
