// What a failed call of DynamoDB means for its caller.
import { StoreUnavailable, type Unavailability } from '../../services/append/port.ts';

const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

const CONFLICT = new Set([
  'TransactionConflictException',
  'TransactionConflict',
  'TransactionInProgressException',
  'ReplicatedWriteConflictException',
]);

/** The request never left, or never reached anyone. */
const NOT_SENT = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

interface SdkError {
  readonly name?: string;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $response?: unknown;
}

/**
 * What a failed call means for the port: StoreUnavailable when trying again may help, the error itself otherwise (a
 * denied permission, a missing table, a defect).
 *
 * The SDK retries by itself and reports the last attempt's error alone. Only when there was one attempt does a refusal
 * say that nothing was written: an earlier one may have been persisted and its answer lost.
 */
export function storeFailure(error: unknown, reason?: string): unknown {
  const failure = (error ?? {}) as SdkError;
  const kind = unavailability(reason ?? failure.name ?? '', failure);
  if (kind === undefined) return error;
  const onlyAttempt = failure.$metadata?.attempts === 1;
  const refused = kind !== 'outage' && failure.name !== 'TransactionInProgressException';
  const nothingWritten = onlyAttempt && (refused || NOT_SENT.has(String(failure.code)));
  return new StoreUnavailable(kind, !nothingWritten, error);
}

function unavailability(name: string, { $metadata, $response }: SdkError): Unavailability | undefined {
  const status = $metadata?.httpStatusCode;
  if (THROTTLED.has(name) || status === 429) return 'throttled';
  if (CONFLICT.has(name)) return 'conflict';
  if (status !== undefined && status >= 500) return 'outage';
  // An answer that was cut off or garbled on the way: it said 200, yet it can't be read.
  if ($response !== undefined && (status === undefined || status < 300)) return 'outage';
  // Attempted and never answered: a timeout, a connection lost or refused, no name, no credentials.
  if ($metadata?.attempts !== undefined && status === undefined) return 'outage';
  return undefined;
}
