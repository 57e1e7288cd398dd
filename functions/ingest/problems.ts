import { EntryRejected, type Fault, ForeignTenant } from '../../core/entry/faults.ts';
import { JsonFault } from '../../core/json/fault.ts';
import { METRICS, type MetricName } from '../../names/metrics.ts';
import { IdempotencyMismatch, LedgerUnavailable } from '../../services/append/errors.ts';
import { unexpected } from '../shared/http.ts';
import { Problem, type ProblemFault } from '../shared/problem.ts';

/** What an error of the domain is to a client over HTTP. Messages of the domain never hold a value that was sent. */
export function ingestProblem(error: unknown): Problem {
  if (error instanceof JsonFault) {
    const { pointer, code, message: detail, line, column } = error;
    return new Problem('malformed-json', detail, { errors: [{ pointer, code, detail, line, column }] });
  }
  if (error instanceof ForeignTenant) {
    return new Problem('foreign-tenant', 'Nothing was recorded.', { errors: error.faults.map(problemFault) });
  }
  if (error instanceof EntryRejected) {
    const errors = error.faults.map(problemFault);
    if (!error.oversize) return new Problem('invalid-entry', 'Nothing was recorded.', { errors });
    const limit = errors[0]?.limit;
    return new Problem('too-large', 'Nothing was recorded.', { errors, ...(limit === undefined ? {} : { limit }) });
  }
  if (error instanceof IdempotencyMismatch) {
    return new Problem('idempotency-mismatch', 'The key was used for another body. Nothing was recorded.');
  }
  if (error instanceof LedgerUnavailable) {
    const { retryAfterSeconds } = error;
    const detail = 'The entries are not acknowledged. Send them again later, with the same Idempotency-Key.';
    return new Problem('unavailable', detail, { retryAfterSeconds, cause: error });
  }
  return unexpected(error);
}

function problemFault({ pointer, code, message, limit }: Fault): ProblemFault {
  return { pointer, code, detail: message, ...(limit === undefined ? {} : { limit }) };
}

/** What an alarm or the dashboard wants to know of a request that failed. */
export function metricOf(problem: Problem): MetricName | undefined {
  if (problem.status === 503) return METRICS.ledgerUnavailable;
  return problem.status < 500 ? METRICS.entriesRefused : undefined;
}
