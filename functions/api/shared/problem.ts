// RFC 9457 problem details: every type of them, and the error that becomes one.
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** One thing that is wrong, by RFC 6901 pointer into the body as sent. */
export interface ProblemFault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  readonly line?: number;
  readonly column?: number;
  readonly limit?: ProblemLimit;
}

/** A configured limit, printed by the error that it causes. */
export interface ProblemLimit {
  readonly name: string;
  readonly value: number;
  readonly got?: number;
}

/** Every problem type of the API: docs/api.md explains each. Slugs are stable; titles and details may change. */
export const PROBLEMS = {
  'malformed-json': { status: 400, title: 'The body is not JSON that has one reading' },
  'invalid-idempotency-key': { status: 400, title: 'The Idempotency-Key is not usable' },
  'invalid-path': { status: 400, title: 'The path names nothing that there can be' },
  'invalid-query': { status: 400, title: 'The query is not usable' },
  'invalid-cursor': { status: 400, title: 'The cursor does not belong to this request' },
  'incomplete-token': { status: 403, title: 'The token does not say who acts for which tenant' },
  'forbidden-role': { status: 403, title: 'The role does not allow this' },
  'foreign-tenant': { status: 403, title: 'The token does not speak for this tenant' },
  'plan-limit': { status: 403, title: "The tenant's plan does not include this" },
  'private-entries': { status: 403, title: 'The entries of this log are not public' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'already-released': { status: 409, title: 'The hold was released before' },
  'already-finished': { status: 409, title: 'It is finished, and nothing is left to cancel' },
  'changed-meanwhile': { status: 409, title: 'Somebody else changed it first' },
  'entry-lost': { status: 409, title: 'What is stored there is not what was recorded' },
  expired: { status: 410, title: 'It has expired' },
  'not-sealed': { status: 409, title: 'It is not sealed yet' },
  'too-large': { status: 413, title: 'A size limit is exceeded' },
  'unsupported-media-type': { status: 415, title: 'The body has to be application/json' },
  'invalid-entry': { status: 422, title: 'The body holds no valid entries' },
  'invalid-search': { status: 422, title: 'The body says no search' },
  'invalid-export': { status: 422, title: 'The body asks for no export' },
  'nothing-to-export': { status: 422, title: 'Nothing that may be exported was found' },
  'invalid-hold': { status: 422, title: 'The body says no hold' },
  'idempotency-mismatch': { status: 422, title: 'The Idempotency-Key was used for another body' },
  'not-intact': { status: 500, title: 'What is stored does not verify' },
  internal: { status: 500, title: 'Something unexpected happened' },
  'not-recorded': { status: 503, title: 'The read could not be recorded, so nothing was read' },
  unavailable: { status: 503, title: 'The ledger can not be reached' },
} as const;

export type ProblemSlug = keyof typeof PROBLEMS;

interface ProblemOptions {
  readonly errors?: readonly ProblemFault[];
  readonly limit?: ProblemLimit;
  readonly retryAfterSeconds?: number;
  /** What this type of problem says besides (RFC 9457, section 3.2). */
  readonly members?: Readonly<Record<string, string | number | null>>;
  readonly cause?: unknown;
}

/** RFC 9457 problem details as an error: what a handler throws is what the client reads. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly slug: ProblemSlug;
  readonly status: number;
  readonly options: ProblemOptions;

  constructor(slug: ProblemSlug, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? {} : { cause: options.cause });
    this.slug = slug;
    this.status = PROBLEMS[slug].status;
    this.options = options;
  }

  /** `instance` is the request's id, which the log line of the same request carries. */
  response(requestId: string | undefined): APIGatewayProxyStructuredResultV2 {
    const { errors, limit, retryAfterSeconds, members } = this.options;
    return {
      statusCode: this.status,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
      },
      body: JSON.stringify({
        type: `urn:indelible:problem:${this.slug}`,
        title: PROBLEMS[this.slug].title,
        status: this.status,
        detail: this.message,
        ...(requestId === undefined ? {} : { instance: `urn:indelible:request:${requestId}` }),
        ...members,
        ...(limit === undefined ? {} : { limit }),
        ...(errors === undefined ? {} : { errors }),
      }),
    };
  }
}
