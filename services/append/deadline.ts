// How long a request is tried: waits between attempts until the deadline of every caller has passed.

import { backoffMs, type Clock, retryAfterSeconds } from './clock.ts';
import { LedgerUnavailable } from './errors.ts';
import type { Pending } from './request.ts';

/** Ends every loop even where the clock stands still; the deadline comes first otherwise. */
const MAX_ATTEMPTS = 64;

/** Waits between attempts for as long as some caller still does. */
export class Deadlines {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** False when nobody waits any longer: all were told. */
  async wait(waiting: () => readonly Pending[], attempt: number, cause: unknown): Promise<boolean> {
    if (!this.dismissLate(waiting(), attempt, cause)) return false;
    const latest = Math.max(...waiting().map(({ deadline }) => deadline));
    await this.#clock.sleep(Math.max(0, Math.min(backoffMs(attempt, this.#clock.random), latest - this.#clock.now())));
    return this.dismissLate(waiting(), attempt, cause);
  }

  /** Tells those whose deadline has passed; false when nobody is left. */
  dismissLate(waiting: readonly Pending[], attempt: number, cause: unknown): boolean {
    const now = this.#clock.now();
    const late = attempt + 1 >= MAX_ATTEMPTS ? waiting : waiting.filter(({ deadline }) => deadline <= now);
    this.dismiss(late, cause);
    return waiting.some(({ settled }) => !settled);
  }

  dismiss(late: readonly Pending[], cause: unknown): void {
    for (const pending of late) {
      if (!pending.settled) pending.fail(new LedgerUnavailable(retryAfterSeconds(this.#clock.random), cause));
    }
  }
}
