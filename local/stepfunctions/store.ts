/**
 * Executions on disk. Promise: what `put` resolves for is there after SIGKILL or power loss, and nobody is shown anything
 * else. Running ones are all kept; of the finished the newest are, as AWS keeps them for 90 days.
 */
import { Journal } from '../journal.ts';
import type { Execution } from './execution.ts';

/** Bounds of what is kept finished: a list for people to look at, and memory, where inputs and outputs may be large. */
const MOST_FINISHED = 2_000;
const MOST_FINISHED_BYTES = 64 * 1024 * 1024;

export class ExecutionStore {
  readonly #journal: Journal<Execution>;
  readonly #durable = new Map<string, Execution>();
  /** Sizes by ARN, the first to end first. */
  readonly #finished = new Map<string, number>();
  #finishedBytes = 0;

  private constructor(journal: Journal<Execution>) {
    this.#journal = journal;
    const found = [...journal.entries.values()];
    for (const execution of found) this.#durable.set(execution.arn, execution);
    const finished = found.filter(({ status }) => status !== 'RUNNING');
    for (const one of finished.sort((a, b) => (a.stopDate ?? 0) - (b.stopDate ?? 0))) this.#retain(one);
  }

  static async open(path: string): Promise<ExecutionStore> {
    return new ExecutionStore(await Journal.open<Execution>(path));
  }

  get(arn: string): Execution | undefined {
    return this.#durable.get(arn);
  }

  get running(): readonly Execution[] {
    return [...this.#durable.values()].filter(({ status }) => status === 'RUNNING');
  }

  /** Newest first. */
  ofMachine(machineArn: string): readonly Execution[] {
    const found = [...this.#durable.values()].filter((execution) => execution.machineArn === machineArn);
    return found.reverse().sort((a, b) => b.startDate - a.startDate);
  }

  async put(execution: Execution): Promise<void> {
    await this.#journal.put(execution.arn, execution);
    this.#durable.set(execution.arn, execution);
    if (execution.status !== 'RUNNING') this.#retain(execution);
  }

  close(): Promise<void> {
    return this.#journal.close();
  }

  #retain({ arn, input, output = '' }: Execution): void {
    const bytes = Buffer.byteLength(input) + Buffer.byteLength(output);
    this.#finished.set(arn, bytes);
    this.#finishedBytes += bytes;
    for (const [oldest, size] of this.#finished) {
      if (this.#finished.size <= MOST_FINISHED && this.#finishedBytes <= MOST_FINISHED_BYTES) return;
      this.#finished.delete(oldest);
      this.#finishedBytes -= size;
      this.#durable.delete(oldest);
      this.#journal.drop(oldest);
    }
  }
}
