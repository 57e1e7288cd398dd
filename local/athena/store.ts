/**
 * Executions on disk. Promise: what `put` resolves for is there after SIGKILL or power loss, and nobody is shown anything
 * else. Of those that ended the newest are kept, as AWS keeps them for 45 days.
 */
import { Journal } from '../journal.ts';
import { type Execution, hasEnded } from './execution.ts';

const MOST_ENDED = 5_000;

export class ExecutionStore {
  readonly #journal: Journal<Execution>;
  readonly #durable = new Map<string, Execution>();
  readonly #byToken = new Map<string, string>();
  readonly #ended = new Set<string>();

  private constructor(journal: Journal<Execution>) {
    this.#journal = journal;
    const found = [...journal.entries.values()].sort((a, b) => (a.completedAt ?? 0) - (b.completedAt ?? 0));
    for (const execution of found) this.#show(execution);
  }

  static async open(path: string): Promise<ExecutionStore> {
    return new ExecutionStore(await Journal.open<Execution>(path));
  }

  get(id: string): Execution | undefined {
    return this.#durable.get(id);
  }

  ofToken(token: string): Execution | undefined {
    return this.#durable.get(this.#byToken.get(token) ?? '');
  }

  /** Oldest first. */
  get active(): readonly Execution[] {
    return this.#all().filter((execution) => !hasEnded(execution));
  }

  /** Newest first. */
  ofWorkGroup(workGroup: string): readonly Execution[] {
    return this.#all()
      .filter((execution) => execution.workGroup === workGroup)
      .reverse();
  }

  async put(execution: Execution): Promise<void> {
    await this.#journal.put(execution.id, execution);
    this.#show(execution);
  }

  close(): Promise<void> {
    return this.#journal.close();
  }

  #all(): Execution[] {
    return [...this.#durable.values()].sort((a, b) => a.submittedAt - b.submittedAt);
  }

  #show(execution: Execution): void {
    this.#durable.set(execution.id, execution);
    this.#byToken.set(execution.token, execution.id);
    if (!hasEnded(execution)) return;
    this.#ended.add(execution.id);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= MOST_ENDED) return;
      this.#ended.delete(oldest);
      this.#byToken.delete(this.#durable.get(oldest)?.token ?? '');
      this.#durable.delete(oldest);
      this.#journal.drop(oldest);
    }
  }
}
