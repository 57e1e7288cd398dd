// The handler around every HTTP function.
import middy from '@middy/core';
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { log } from '../../../adapters/log.ts';
import { ReadNotRecorded } from '../../../services/record/error.ts';
import { Problem } from './problem.ts';

export type HttpEvent = APIGatewayProxyEventV2WithJWTAuthorizer;
export type HttpResponse = APIGatewayProxyStructuredResultV2;

export interface HttpOptions {
  /** What an error that the handler throws is to the client. */
  readonly describe?: (error: unknown) => Problem;
  readonly onProblem?: (problem: Problem) => void;
}

/** Enough to answer with a problem instead of API Gateway's bare 503 when the function runs out of time. */
const RESERVED_MILLISECONDS = 500;

type HttpRequest = middy.Request<HttpEvent, HttpResponse, Error, Context>;

/** What every HTTP function has in common; the handler itself only answers or throws. */
export function http(
  name: string,
  handle: (event: HttpEvent) => Promise<HttpResponse> | HttpResponse,
  options: HttpOptions = {},
): middy.MiddyfiedHandler<HttpEvent, HttpResponse> {
  return middy<HttpEvent, HttpResponse>({
    timeoutEarlyInMillis: RESERVED_MILLISECONDS,
    timeoutEarlyResponse: () => {
      const detail = 'Time ran out, so the outcome is unknown. A repeat with the same Idempotency-Key is safe.';
      throw new Problem('unavailable', detail, { retryAfterSeconds: 1 });
    },
  })
    .use(problemResponses(name, options))
    .handler(async (event) => handle(event));
}

/** The cause is for the log, never for the client. */
export function unexpected(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ReadNotRecorded) {
    const { retryAfterSeconds } = error;
    return new Problem('not-recorded', 'The read could not be recorded. Ask again later.', {
      ...{ retryAfterSeconds, cause: error },
    });
  }
  return new Problem('internal', 'The request failed. The log has the reason under the id of the request.', {
    cause: error,
  });
}

/** Errors become problem details, and a log line that names the request but never what it held. */
function problemResponses(name: string, { describe = unexpected, onProblem }: HttpOptions) {
  return {
    onError: (request: HttpRequest) => {
      const problem = describe(request.error);
      const { requestId } = request.event.requestContext ?? {};
      const line = { function: name, requestId, route: request.event.routeKey, problem: problem.slug };
      if (problem.status >= 500) log.error('request failed', { ...line, error: problem });
      else log.info('request refused', line);
      onProblem?.(problem);
      request.response = problem.response(requestId);
    },
  };
}

export function json(statusCode: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { statusCode, headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }, body };
}
