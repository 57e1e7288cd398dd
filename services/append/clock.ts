/** Time and random numbers as appending uses them, injected so that tests decide both. */
export interface Clock {
  /**
   * Epoch milliseconds. The wall clock, not a monotonic one: a Lambda environment may be frozen for hours, and what it
   * knew before is old then, which a clock that stands still in the freeze would not tell.
   */
  readonly now: () => number;
  /** At least 0, less than 1. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** A new one each time, at most 36 characters: names a commit to the store. */
  readonly token: () => string;
}

export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  token: () => crypto.randomUUID(),
};

/** First wait after a failure; about the time of one write. */
const BASE_MS = 25;
const CAP_MS = 1_000;

/** Full jitter: any wait up to an exponentially growing cap, so that writers that failed together don't return together. */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt);
}

/** Clients come back spread over some seconds. */
const RETRY_AFTER_LEAST_S = 1;
const RETRY_AFTER_SPREAD_S = 4;

export function retryAfterSeconds(random: () => number): number {
  return RETRY_AFTER_LEAST_S + Math.floor(random() * RETRY_AFTER_SPREAD_S);
}
