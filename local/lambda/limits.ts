/** Lambda's quotas, as "Lambda quotas" in its developer guide gives them. */

/** Request and response of a synchronous invocation: documented as 6 MB; the service's own message names this number. */
export const SYNC_PAYLOAD_BYTES = 6_291_556;

/** An asynchronous invocation's event: 1 MB since October 2025. */
export const ASYNC_PAYLOAD_BYTES = 1_048_576;

/** How long the code outside the handler may run. */
export const INIT_TIMEOUT_MS = 10_000;

/** Concurrent executions of an account, shared by functions that reserve none. */
export const ACCOUNT_CONCURRENCY = 1_000;

export const DEFAULT_TIMEOUT_SECONDS = 3;
export const DEFAULT_MEMORY_MB = 128;

/**
 * The heap of an environment here. MemorySize is not enforced: one environment serves what AWS spreads over many, each
 * with that much memory.
 */
export const HEAP_MB = 1_024;

/** Asynchronous invocation: attempts after the first, their waits, and how long an event may stay in the queue. */
export const DEFAULT_RETRIES = 2;
export const RETRY_WAITS_MS: readonly number[] = [60_000, 120_000];
export const DEFAULT_EVENT_AGE_SECONDS = 21_600;

/** When a function is throttled, its events wait from one second up to five minutes, doubling. */
export const THROTTLE_WAIT_MS = 1_000;
export const LONGEST_THROTTLE_WAIT_MS = 300_000;
