import middy from '@middy/core';
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { log } from '../../adapters/log.ts';
import { Problem } from './problem.ts';

export type HttpEvent = APIGatewayProxyEventV2WithJWTAuthorizer;
export type HttpResponse = APIGatewayProxyStructuredResultV2;
export type HttpHandler = (event: HttpEvent) => Promise<HttpResponse> | HttpResponse;

/** Enough to answer with a problem instead of API Gateway's bare 503 when the function runs out of time. */
const RESERVED_MILLISECONDS = 500;

type HttpRequest = middy.Request<HttpEvent, HttpResponse, Error, Context>;

/** What every HTTP function has in common; the handler itself only throws or answers. */
export function http(name: string, handle: HttpHandler, describe: (error: unknown) => Problem = unexpected) {
  return middy<HttpEvent, HttpResponse>({
    timeoutEarlyInMillis: RESERVED_MILLISECONDS,
    timeoutEarlyResponse: () => {
      throw new Problem(
        'unavailable',
        'Time ran out; whether the request took effect is unknown. Repeat it with the same Idempotency-Key.',
        { retryAfterSeconds: 1 },
      );
    },
  })
    .use(problemResponses(name, describe))
    .handler(async (event) => handle(event));
}

export function unexpected(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem('internal', 'The request failed; the log has the reason under this request id.', { cause: error });
}

/** Errors become problem details, and a log line that names the request but never what it held. */
function problemResponses(
  name: string,
  describe: (error: unknown) => Problem,
): middy.MiddlewareObj<HttpEvent, HttpResponse, Error, Context> {
  return {
    onError: (request: HttpRequest) => {
      const problem = describe(request.error);
      const { requestId, routeKey } = {
        requestId: request.event.requestContext?.requestId,
        routeKey: request.event.routeKey,
      };
      const fields = { function: name, requestId, routeKey, status: problem.status, problem: problem.slug };
      if (problem.status >= 500) log.error('request failed', { ...fields, error: problem });
      else log.info('request refused', fields);
      request.response = problem.response(requestId);
    },
  };
}

export function json(statusCode: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { statusCode, headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }, body };
}
