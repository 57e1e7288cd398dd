/** One ordered sequence of batches of a shard: with a parallelization factor, a shard has several, split by partition key. */
import type { Clock } from '../template/provisioner.ts';
import type { StreamRecord } from './record.ts';

/** Lambda's limit for a synchronous invocation, with room for the envelope around the records. */
export const PAYLOAD_BYTES = 6 * 1024 * 1024 - 1024;

export interface LaneOptions {
  readonly batchSize: number;
  readonly windowMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly deliver: (batch: readonly StreamRecord[]) => Promise<void>;
}

export class Lane {
  readonly #options: LaneOptions;
  #queue: StreamRecord[] = [];
  #bytes = 0;
  #ended = false;
  #changed = Promise.withResolvers<void>();

  constructor(options: LaneOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#notify(), { once: true });
  }

  push(record: StreamRecord): void {
    this.#queue.push(record);
    this.#bytes += record.bytes;
    this.#notify();
  }

  /** Nothing more will come. */
  end(): void {
    this.#ended = true;
    this.#notify();
  }

  /** Resolves when the queue is empty and ended, or the signal aborts; in-flight invocations are awaited. */
  async run(): Promise<void> {
    for (;;) {
      const batch = await this.#collect();
      if (batch.length === 0) return;
      await this.#options.deliver(batch);
    }
  }

  async #collect(): Promise<readonly StreamRecord[]> {
    const { batchSize, windowMs, clock, signal } = this.#options;
    while (this.#queue.length === 0 && !this.#ended && !signal.aborted) await this.#changed.promise;
    const until = clock.now() + windowMs;
    while (this.#queue.length < batchSize && this.#bytes < PAYLOAD_BYTES && !this.#ended && !signal.aborted) {
      const left = until - clock.now();
      if (left <= 0) break;
      await Promise.race([clock.sleep(left, signal), this.#changed.promise]);
    }
    return signal.aborted ? [] : this.#take();
  }

  #take(): readonly StreamRecord[] {
    let count = 0;
    let bytes = 0;
    for (const record of this.#queue) {
      if (count === this.#options.batchSize || (count > 0 && bytes + record.bytes > PAYLOAD_BYTES)) break;
      bytes += record.bytes;
      count++;
    }
    this.#bytes -= bytes;
    const batch = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    return batch;
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
