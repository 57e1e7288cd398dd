// A clock that the test turns.
import type { Clock } from '../../services/append/clock.ts';

let tokens = 0;

/** Time that passes only by sleeping or by `advance`, and chance that a seed decides. */
export class FakeClock implements Clock {
  time: number;
  slept: number[] = [];
  #state: number;

  constructor(seed = 1, time = 1_750_000_000_000) {
    this.#state = seed >>> 0 || 1;
    this.time = time;
  }

  readonly now = (): number => this.time;

  /** xorshift32. */
  readonly random = (): number => {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state = (this.#state ^ (this.#state << 5)) >>> 0;
    return this.#state / 2 ** 32;
  };

  readonly sleep = async (ms: number): Promise<void> => {
    this.slept.push(ms);
    this.time += ms;
    await new Promise((resolve) => setImmediate(resolve));
  };

  readonly token = (): string => {
    tokens += 1;
    return `token-${tokens}`;
  };

  advance(ms: number): void {
    this.time += ms;
  }
}
