// What errors of searches are to a client.
import { PostingsError } from '../../../core/index/error.ts';
import { StoreUnavailable } from '../../../services/append/port.ts';
import { EntryLost } from '../../../services/read/read.ts';
import { ReadNotRecorded } from '../../../services/record/error.ts';
import { unexpected } from '../shared/http.ts';
import { lostProblem } from '../shared/one-entry.ts';
import { Problem } from '../shared/problem.ts';

const RETRY_AFTER_SECONDS = 1;

export function searchProblem(cause: unknown): Problem {
  if (cause instanceof ReadNotRecorded) {
    const { retryAfterSeconds } = cause;
    return new Problem('not-recorded', 'The read could not be recorded, so nothing was read.', {
      retryAfterSeconds,
      cause,
    });
  }
  if (cause instanceof StoreUnavailable) {
    const detail = 'The ledger or its index can not be read now.';
    return new Problem('unavailable', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
  }
  if (cause instanceof EntryLost) return lostProblem(cause);
  if (cause instanceof PostingsError) {
    return new Problem('not-intact', 'A row of the index is none: it has to be built anew (indelible reindex).', {
      cause,
    });
  }
  return unexpected(cause);
}
