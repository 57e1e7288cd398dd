/** Which route a request takes: the most specific path first, its own method before ANY, `$default` last. */

export interface Route {
  /** As declared: `POST /v1/entries`, `ANY /{proxy+}`, `$default`. */
  readonly key: string;
}

export interface Match<R extends Route> {
  readonly route: R;
  readonly pathParameters?: Readonly<Record<string, string>>;
}

interface Pattern<R extends Route> {
  readonly route: R;
  readonly method: string;
  readonly segments: readonly string[];
  readonly rank: string;
}

export class RouteTable<R extends Route> {
  readonly #patterns: Pattern<R>[] = [];
  #fallback: R | undefined;

  constructor(routes: readonly R[]) {
    for (const route of routes) {
      if (route.key === '$default') this.#fallback = route;
      else this.#patterns.push(patternOf(route));
    }
    this.#patterns.sort((left, right) => (left.rank < right.rank ? -1 : left.rank > right.rank ? 1 : 0));
  }

  /** `segments` are the decoded parts of the path between its slashes. */
  match(method: string, segments: readonly string[]): Match<R> | undefined {
    for (const pattern of this.#patterns) {
      if (pattern.method !== 'ANY' && pattern.method !== method) continue;
      const pathParameters = parametersOf(pattern.segments, segments);
      if (pathParameters) {
        return Object.keys(pathParameters).length > 0
          ? { route: pattern.route, pathParameters }
          : { route: pattern.route };
      }
    }
    return this.#fallback ? { route: this.#fallback } : undefined;
  }
}

function patternOf<R extends Route>(route: R): Pattern<R> {
  const declared = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) (\/.*)$/.exec(route.key);
  if (!declared) throw new Error(`RouteKey '${route.key}' is not of an HTTP API`);
  const [, method = '', path = ''] = declared;
  const segments = path.slice(1).split('/');
  const greedyAt = segments.findIndex((segment) => segment.endsWith('+}'));
  if (greedyAt >= 0 && greedyAt < segments.length - 1)
    throw new Error(`RouteKey '${route.key}' goes on after its greedy variable`);
  // Sorted as text, segment by segment: a literal before a variable before a greedy one, a method before ANY.
  const rank = segments.map((segment) => (isGreedy(segment) ? '2' : isVariable(segment) ? '1' : '0')).join('');
  return { route, method, segments, rank: `${rank}${method === 'ANY' ? '~' : ' '}` };
}

function isVariable(segment: string): boolean {
  return segment.startsWith('{') && segment.endsWith('}');
}

function isGreedy(segment: string): boolean {
  return isVariable(segment) && segment.endsWith('+}');
}

function parametersOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (isGreedy(part)) {
      const rest = segments.slice(index).join('/');
      return rest === '' ? undefined : { ...parameters, [part.slice(1, -2)]: rest };
    }
    const segment = segments[index];
    if (segment === undefined || (isVariable(part) ? segment === '' : segment !== part)) return undefined;
    if (isVariable(part)) parameters[part.slice(1, -1)] = segment;
  }
  return pattern.length === segments.length ? parameters : undefined;
}
