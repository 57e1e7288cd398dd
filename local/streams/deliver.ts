/** What happens to one batch of stream records until each is taken, discarded, or left for the next start. */
import { type Clock, InvokeRefused, type InvokeResult } from '../template/provisioner.ts';
import type { StreamRecord } from './record.ts';
import type { StreamSettings } from './settings.ts';

export interface Discard {
  readonly records: readonly StreamRecord[];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly invocations: number;
  readonly requestId: string | undefined;
  readonly functionError: string | undefined;
}

export interface Delivering {
  readonly settings: Pick<StreamSettings, 'bisect' | 'maximumRetries' | 'maximumAgeMs' | 'reportsItemFailures'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  invoke(payload: string): Promise<InvokeResult>;
  /** The records are done with: resolves when the checkpoint is on disk. */
  finished(records: readonly StreamRecord[]): Promise<void>;
  /** Resolves when the destination has them, or the runtime stops. */
  discard(discard: Discard): Promise<void>;
  failed(reason: string, attempts: number): void;
}

interface Work {
  readonly records: readonly StreamRecord[];
  /** Failed invocations of these records that count towards the retry quota. */
  readonly failures: number;
  readonly requestId?: string;
  readonly functionError?: string;
}

type Outcome =
  | { readonly kind: 'taken' }
  /** The records from this index on were not taken. */
  | {
      readonly kind: 'failed';
      readonly from: number;
      readonly reason: string;
      readonly requestId: string;
      readonly error?: string;
    }
  | { readonly kind: 'refused'; readonly reason: string };

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;

/** Resolves when every record is done with, or the signal aborts between invocations. */
export async function deliver(batch: readonly StreamRecord[], delivering: Delivering): Promise<void> {
  const work: Work[] = [{ records: batch, failures: 0 }];
  let waits = 0;
  for (let next = work.shift(); next && !delivering.signal.aborted; next = work.shift()) {
    const fresh = await discardExpired(next, delivering);
    if (fresh.length === 0) continue;
    const current = { ...next, records: fresh };
    const outcome = await invoke(current.records, delivering);
    if (outcome.kind === 'taken') {
      await delivering.finished(current.records);
      waits = 0;
      continue;
    }
    delivering.failed(outcome.reason, current.failures + 1);
    if (outcome.kind === 'refused') work.unshift(current);
    else {
      const taken = current.records.slice(0, outcome.from);
      if (taken.length > 0) {
        await delivering.finished(taken);
        waits = 0;
      }
      work.unshift(...(await again(current, outcome, delivering)));
    }
    await delivering.clock.sleep(backoff(waits++), delivering.signal);
  }
}

function backoff(waits: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(waits, 10), LONGEST_BACKOFF_MS);
}

/** What is to be tried again of a batch that failed. Splitting never counts as a retry. */
async function again(
  { records, failures }: Work,
  outcome: Extract<Outcome, { kind: 'failed' }>,
  delivering: Delivering,
): Promise<Work[]> {
  const { bisect, maximumRetries } = delivering.settings;
  const rest = records.slice(outcome.from);
  const about = {
    requestId: outcome.requestId,
    ...(outcome.error === undefined ? {} : { functionError: outcome.error }),
  };
  if (bisect && outcome.from > 0) return [{ records: rest, failures, ...about }];
  if (bisect && rest.length > 1) {
    const middle = Math.ceil(rest.length / 2);
    return [rest.slice(0, middle), rest.slice(middle)].map((half) => ({ records: half, failures, ...about }));
  }
  // A batch that now begins with another record is another batch.
  const counted = outcome.from > 0 ? 1 : failures + 1;
  if (counted <= maximumRetries) return [{ records: rest, failures: counted, ...about }];
  await delivering.discard({
    records: rest,
    condition: 'RetryAttemptsExhausted',
    invocations: counted,
    requestId: outcome.requestId,
    functionError: outcome.error,
  });
  if (!delivering.signal.aborted) await delivering.finished(rest);
  return [];
}

/** Answers the records that are young enough; the others are discarded first. */
async function discardExpired(work: Work, delivering: Delivering): Promise<readonly StreamRecord[]> {
  const horizon = delivering.clock.now() - delivering.settings.maximumAgeMs;
  const young = work.records.findIndex((record) => record.at >= horizon);
  const expired = young < 0 ? work.records : work.records.slice(0, young);
  if (expired.length === 0) return work.records;
  await delivering.discard({
    records: expired,
    condition: 'RecordAgeExceeded',
    invocations: work.failures,
    requestId: work.requestId,
    functionError: work.functionError,
  });
  if (delivering.signal.aborted) return [];
  await delivering.finished(expired);
  return work.records.slice(expired.length);
}

async function invoke(records: readonly StreamRecord[], delivering: Delivering): Promise<Outcome> {
  let result: InvokeResult;
  try {
    result = await delivering.invoke(JSON.stringify({ Records: records.map((record) => record.event) }));
  } catch (error) {
    if (error instanceof InvokeRefused) return { kind: 'refused', reason: `${error.code}: ${error.message}` };
    throw error;
  }
  const { requestId } = result;
  if (result.functionError) {
    return { kind: 'failed', from: 0, reason: result.payload, requestId, error: result.functionError };
  }
  if (!delivering.settings.reportsItemFailures) return { kind: 'taken' };
  const failed = failedItems(result.payload);
  if (failed === 'malformed')
    return { kind: 'failed', from: 0, reason: `malformed batch response ${result.payload}`, requestId };
  if (failed.length === 0) return { kind: 'taken' };
  // The lowest of the reported sequence numbers; one that isn't in the batch makes the whole answer unusable.
  const indexes = failed.map((item) => records.findIndex((record) => record.sequenceNumber === item));
  const from = Math.max(0, Math.min(...indexes));
  return { kind: 'failed', from, reason: `the function reported ${failed.length} failed records`, requestId };
}

/** The identifiers of a partial batch response; empty is complete success, `malformed` is complete failure. */
export function failedItems(payload: string): string[] | 'malformed' {
  let response: unknown;
  try {
    response = payload === '' ? null : JSON.parse(payload);
  } catch {
    return 'malformed';
  }
  if (response === null) return [];
  if (typeof response !== 'object' || Array.isArray(response)) return 'malformed';
  const { batchItemFailures } = response as { batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) {
    return Object.keys(response).every((key) => key === 'batchItemFailures') ? [] : 'malformed';
  }
  if (!Array.isArray(batchItemFailures)) return 'malformed';
  const items = batchItemFailures.map((item: { itemIdentifier?: unknown } | null) => item?.itemIdentifier);
  return items.every((item): item is string => typeof item === 'string' && item !== '') ? items : 'malformed';
}
