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

/** The request was sent, or partly; the answer is lost. */
const ANSWER_LOST = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE']);
const ANSWER_LOST_NAMES = new Set(['TimeoutError', 'AbortError', 'RequestTimeout', 'RequestTimeoutException']);

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
  const { name = '', code, $metadata, $response } = (error ?? {}) as SdkError;
  const kind = unavailability(reason ?? name, String(code), $metadata?.httpStatusCode, $response !== undefined);
  if (kind === undefined) return error;
  const onlyAttempt = $metadata?.attempts === 1;
  const refused = kind !== 'outage' && name !== 'TransactionInProgressException';
  const nothingWritten = onlyAttempt && (refused || NOT_SENT.has(String(code)));
  return new StoreUnavailable(kind, !nothingWritten, error);
}

function unavailability(
  name: string,
  code: string,
  status: number | undefined,
  answered: boolean,
): Unavailability | undefined {
  if (THROTTLED.has(name) || status === 429) return 'throttled';
  if (CONFLICT.has(name)) return 'conflict';
  if (NOT_SENT.has(code) || ANSWER_LOST.has(code) || ANSWER_LOST_NAMES.has(name)) return 'outage';
  if (status !== undefined && status >= 500) return 'outage';
  // An answer that was cut off or garbled on the way: it said 200, yet it can't be read.
  if (answered && (status === undefined || status < 300)) return 'outage';
  return undefined;
}
