// One function for several routes, each with the parameters that the API's description gives it and no others.
import type { Operation } from '../operations/operation.ts';
import type { HttpEvent, HttpResponse } from './http.ts';
import { refuseUnknownParameters } from './known-parameters.ts';
import { Problem } from './problem.ts';

export type Answers = (event: HttpEvent) => Promise<HttpResponse>;

/**
 * Routes by the names that API Gateway has for them, as they are declared: `GET /v1/digests`. A query parameter that the
 * route's operation does not have is refused: one that is misspelled would otherwise ask for everything.
 */
export function byRoute(
  operations: Readonly<Record<string, Operation>>,
  routes: Readonly<Record<string, Answers>>,
): Answers {
  const described = new Map(Object.values(operations).map((one) => [`${one.method} ${one.path}`, one]));
  return async (event) => {
    const answer = Object.hasOwn(routes, event.routeKey) ? routes[event.routeKey] : undefined;
    if (answer === undefined) throw new Problem('not-found', 'There is no such route.');
    refuseUnknownParameters(event, described.get(event.routeKey));
    return answer(event);
  };
}
