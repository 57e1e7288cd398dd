// What errors of recording are to a client, and which metric counts them.
import { BlockError } from '../../../core/block/error.ts';
import { EntryRejected, type Fault, ForeignTenant } from '../../../core/entry/faults.ts';
import type { Limits } from '../../../core/limits.ts';
import { METRICS, type MetricName } from '../../../names/metrics.ts';
import {
  BlockMissing,
  IdempotencyMismatch,
  LedgerUnavailable,
  NoIntactChain,
  RequestNotIntact,
} from '../../../services/append/errors.ts';
import { unexpected } from '../shared/http.ts';
import { TOO_DEEP } from '../shared/malformed.ts';
import { Problem, type ProblemFault, type ProblemLimit } from '../shared/problem.ts';

/** What the Idempotency-Key recorded before. */
const NOT_INTACT =
  'The entries are not acknowledged: what was recorded under the key is missing or altered. The operators are alarmed; ' +
  'keep the entries, and send them again once that is resolved.';

/** Not one of the places where the tenant's next entry could go is what the ledger wrote there. */
const NO_CHAIN =
  "The entries are not acknowledged: none of the tenant's chains ends as the ledger left it. The operators are alarmed; " +
  'keep the entries, and send them again later, with the same Idempotency-Key.';

/** What an error of the domain is to a client over HTTP. Messages of the domain never hold a value that was sent. */
export function ingestProblem(limits: Limits): (error: unknown) => Problem {
  const nesting = { name: 'nesting', value: limits.nesting } as const;
  return (error) => refused(error, nesting);
}

function refused(error: unknown, nesting: ProblemLimit): Problem {
  if (error instanceof ForeignTenant) {
    return new Problem('foreign-tenant', 'Nothing was recorded.', { errors: error.faults.map(problemFault) });
  }
  if (error instanceof EntryRejected) {
    const errors = error.faults.map(problemFault);
    // The parser allows for the batch around the entries, so a little too deep is found only here.
    if (errors.every(({ code }) => code === TOO_DEEP)) {
      return new Problem('malformed-json', 'Nothing was recorded.', { errors, limit: nesting });
    }
    if (!error.oversize) return new Problem('invalid-entry', 'Nothing was recorded.', { errors });
    const limit = errors[0]?.limit;
    return new Problem('too-large', 'Nothing was recorded.', { errors, ...(limit === undefined ? {} : { limit }) });
  }
  if (error instanceof IdempotencyMismatch) {
    const { recorded } = error;
    const members = { recorded };
    return new Problem('idempotency-mismatch', 'The key was used for another body. Nothing was recorded.', { members });
  }
  if (error instanceof LedgerUnavailable) {
    const { retryAfterSeconds } = error;
    const later = 'The entries are not acknowledged. Send them again later, with the same Idempotency-Key.';
    const detail = error instanceof NoIntactChain ? NO_CHAIN : later;
    return new Problem('unavailable', detail, { retryAfterSeconds, cause: error });
  }
  if (error instanceof BlockMissing || error instanceof RequestNotIntact || error instanceof BlockError) {
    return new Problem('not-intact', NOT_INTACT, { cause: error });
  }
  return unexpected(error);
}

function problemFault({ pointer, code, message, limit }: Fault): ProblemFault {
  return { pointer, code, detail: message, ...(limit === undefined ? {} : { limit }) };
}

/** What an alarm or the dashboard wants to know of a request that failed. */
export function metricOf({ slug, status }: Problem): MetricName | undefined {
  if (slug === 'unavailable') return METRICS.ledgerUnavailable;
  if (slug === 'not-intact') return METRICS.tamperingDetected;
  return status < 500 ? METRICS.entriesRefused : undefined;
}
