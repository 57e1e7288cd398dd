/** A token bucket: refilled at the rate, never fuller than the burst; one request takes one token. */
export interface ThrottleLimits {
  /** Requests a second. */
  readonly rate: number;
  readonly burst: number;
}

/** An account's quota for a Region, for stages that declare nothing. */
export const ACCOUNT_LIMITS: ThrottleLimits = { rate: 10_000, burst: 5_000 };

export class TokenBucket {
  readonly #limits: ThrottleLimits;
  #tokens: number;
  #at: number;

  constructor(limits: ThrottleLimits, now: number) {
    this.#limits = limits;
    this.#tokens = limits.burst;
    this.#at = now;
  }

  take(now: number): boolean {
    const elapsed = Math.max(0, now - this.#at);
    this.#tokens = Math.min(this.#limits.burst, this.#tokens + (elapsed * this.#limits.rate) / 1000);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
