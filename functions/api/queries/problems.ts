// What errors of queries are to a client.
import { CsvFault } from '../../../adapters/athena/csv.ts';
import { QueryTooLarge } from '../../../services/query/job.ts';
import { ResultsExpired } from '../../../services/query/port.ts';
import { ReadNotRecorded } from '../../../services/record/error.ts';
import { unexpected } from '../shared/http.ts';
import { Problem } from '../shared/problem.ts';

export function queryProblem(error: unknown): Problem {
  if (error instanceof ReadNotRecorded) {
    const { retryAfterSeconds } = error;
    return new Problem('not-recorded', 'Nothing was read, and nothing was begun.', { retryAfterSeconds, cause: error });
  }
  if (error instanceof ResultsExpired || error instanceof CsvFault) {
    return new Problem('not-found', 'What this job found is no longer there, or changed while it was read.', {
      cause: error,
    });
  }
  if (error instanceof QueryTooLarge) {
    const fault = { pointer: '/q', code: 'too-long', detail: 'got a query that is larger than the archive takes' };
    return new Problem('invalid-search', 'Nothing was searched.', { errors: [fault], cause: error });
  }
  return unexpected(error);
}
