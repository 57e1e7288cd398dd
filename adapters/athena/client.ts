// The client of Athena.
import { AthenaClient } from '@aws-sdk/client-athena';

const CONNECT_TIMEOUT_MS = 1_000;

/** Athena answers at once: what takes long goes on behind it. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Every call may be repeated, and more are refused for a moment than elsewhere: an account starts twenty queries a second. */
const ATTEMPTS = 5;

/** Endpoint, region and credentials come from the standard environment. */
export function athenaClient(): AthenaClient {
  return new AthenaClient({
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}
