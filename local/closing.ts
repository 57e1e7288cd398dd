/**
 * What a start opened, to be closed in reverse; at any time, so that a start that is not finished can be stopped too.
 * A stop that outlasts its patience is cut off: nothing that was acknowledged depends on it.
 */
import { endForCertain, killChildren } from './processes.ts';

/** For process.exit to come through by itself, with its own exit code, on a busy machine too. */
const GRACE_SECONDS = 3;

type Close = () => Promise<void> | void;

export class Closing {
  readonly #closes: Close[] = [];
  #stopped: Promise<void> | undefined;

  /** Once the stop has begun, what is opened late is closed at once. */
  push(close: Close): void {
    this.#closes.push(close);
    if (this.#stopped) this.#stopped = this.#stopped.then(() => this.#run());
  }

  /** Closes all, whatever some of it does, and then throws the first failure. */
  stop(): Promise<void> {
    this.#stopped ??= this.#run();
    return this.#stopped;
  }

  /** For a stop that has no time left: ends this process's children, so that none outlives it, and soon this process. */
  cutOff(): void {
    killChildren();
    endForCertain(GRACE_SECONDS);
  }

  async #run(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closes.pop(); close; close = this.#closes.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
