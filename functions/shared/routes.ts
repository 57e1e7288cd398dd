import type { HttpEvent, HttpResponse } from './http.ts';
import { Problem } from './problem.ts';

export type Answers = (event: HttpEvent) => Promise<HttpResponse>;

/** One function for several routes, which API Gateway names as they are declared: `GET /v1/digests`. */
export function byRoute(routes: Readonly<Record<string, Answers>>): Answers {
  return async (event) => {
    const answer = Object.hasOwn(routes, event.routeKey) ? routes[event.routeKey] : undefined;
    if (answer === undefined) throw new Problem('not-found', 'There is no such route.');
    return answer(event);
  };
}
