// The client of S3.
import { S3Client } from '@aws-sdk/client-s3';

const CONNECT_TIMEOUT_MS = 1_000;

/** A segment is a few megabytes at most. */
const REQUEST_TIMEOUT_MS = 20_000;

/** Writes are conditional, so that the SDK may repeat them: a repeat finds what the lost answer was about. */
const ATTEMPTS = 4;

/** Verification keeps 64 segments and 32 tiles under way (services/verify); the SDK's own bound is 50. */
const AGENT = { keepAlive: true, maxSockets: 128 };

/** Endpoint, region and credentials come from the standard environment. */
export function s3Client(): S3Client {
  return new S3Client({
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      ...{ httpAgent: AGENT, httpsAgent: AGENT },
    },
  });
}
