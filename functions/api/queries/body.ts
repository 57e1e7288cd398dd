// The body of a query of the archive.
import { parseTime } from '../../../core/entry/time.ts';
import { DEFAULT_LIMITS } from '../../../core/limits.ts';
import type { JobRequest } from '../../../services/query/job.ts';
import { DEFAULT_FOUND, QUERY_OPERATIONS } from '../operations/queries.ts';
import { queryIn } from '../search/asked.ts';
import { bodyOf, emptyRange } from '../shared/body.ts';
import type { HttpEvent } from '../shared/http.ts';
import type { ProblemFault } from '../shared/problem.ts';

/** A query is some kilobytes. */
const LIMITS = { ...DEFAULT_LIMITS, bodyBytes: 131_072 };

/** What POST /v1/queries takes: times in RFC 3339, from the first on, before the last. `now` ends what has no end. */
export function readRequest(event: HttpEvent, now: number): JobRequest {
  const { q, order, limit, ...period } = bodyOf(event, QUERY_OPERATIONS.startQuery, {
    ...{ limits: LIMITS, slug: 'invalid-search', outcome: 'Nothing was searched.' },
    rules: (body) => {
      const { from, to } = periodOf(body, now);
      const faults: ProblemFault[] = emptyRange(from, to, body.to === undefined ? '/from' : '/to');
      queryIn(body.q, faults);
      return faults;
    },
  });
  const query = queryIn(q, []);
  return { q, query, period: periodOf(period, now), order: order ?? 'desc', limit: limit ?? DEFAULT_FOUND };
}

interface Times {
  readonly from?: string;
  readonly to?: string;
}

/** Precondition: times, as the schema has them. */
const periodOf = ({ from, to }: Times, now: number) => ({
  from: from === undefined ? 0 : parseTime(from)!,
  to: to === undefined ? now : parseTime(to)!,
});
