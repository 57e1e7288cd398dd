// Query parameters: unknown names and impossible values are refused with what there is, on every route.
import { describe, expect, test } from '@jest/globals';
import { API_OPERATIONS } from '../../../functions/api/operations/operations.ts';
import { askedOf } from '../../../functions/api/search/asked.ts';
import type { HttpEvent } from '../../../functions/api/shared/http.ts';
import { refuseUnknownParameters } from '../../../functions/api/shared/known-parameters.ts';
import { idOf, pathOf, queryOf } from '../../../functions/api/shared/parameters.ts';
import { byRoute } from '../../../functions/api/shared/routes.ts';

const event = (queryStringParameters: Record<string, string>, routeKey = 'GET /x') =>
  ({ routeKey, queryStringParameters }) as unknown as HttpEvent;
const problem = (detail: string) =>
  expect.objectContaining({ slug: 'invalid-query', message: expect.stringContaining(detail) });

describe('a parameter that a route does not have', () => {
  test.each(API_OPERATIONS.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    'is refused by %s',
    (routeKey, operation) => {
      expect(() => refuseUnknownParameters(event({ bogus: '1' }), operation)).toThrow(problem('no parameter "bogus"'));
      const routes = byRoute({ it: operation }, { [routeKey]: async () => ({ statusCode: 200 }) });
      return expect(routes(event({ form: '2026-11-30' }, routeKey))).rejects.toEqual(problem('no parameter "form"'));
    },
  );

  test('is told from one that is written otherwise', () => {
    const search = API_OPERATIONS.find(({ name }) => name === 'searchEntries')!;
    expect(() => refuseUnknownParameters(event({ Severity: 'high' }), search)).toThrow(
      problem('Its name is severity.'),
    );
    expect(() => refuseUnknownParameters(event({ catgory: 'case' }), search)).toThrow(problem('takes q, from, to'));
    expect(() => refuseUnknownParameters(event({ severity: 'high', role: 'compliance' }), search)).not.toThrow();
  });
});

describe('a value that a field never has', () => {
  test.each([
    [{ severity: 'hihg' }, 'The severity has to be one of critical, high, medium, low, info.'],
    [{ severity: 'low,Critical' }, 'The severity has to be one of critical'],
    [{ category: 'cases' }, 'The category has to be one of authentication'],
    [{ outcome: 'failed' }, 'The outcome has to be one of success'],
    [{ ip: 'notip' }, 'The ip has to be an IP address'],
    [{ actorType: 'usr' }, 'The actorType has to be one of user'],
  ])('is refused: %j', (texts, detail) => {
    expect(() => askedOf(texts, 0)).toThrow(problem(detail));
  });
});

describe('an id that is none', () => {
  const path = (id: string) => ({ pathParameters: { id } }) as unknown as HttpEvent;

  test.each(['', 'a'.repeat(129), 'a\0b', 'ü', 'a b'])('names nothing in a path: %j', (id) => {
    expect(() => idOf(path(id))).toThrow(expect.objectContaining({ slug: 'not-found', status: 404 }));
  });

  test.each(
    API_OPERATIONS.filter(({ query }) => query !== undefined && 'after' in query.properties).map(
      (one) => [one.name, one] as const,
    ),
  )('is refused as what %s goes on after', (_, { query }) => {
    for (const after of ['', 'x'.repeat(3_000), 'a\0']) {
      expect(() => queryOf(event({ after }), query!)).toThrow(problem('after'));
    }
  });

  test('is refused as a saved search', () => {
    const { query } = API_OPERATIONS.find(({ name }) => name === 'searchEntries')!;
    expect(() => queryOf(event({ search: '' }), query!)).toThrow(
      problem('The search has to be the id of a saved search'),
    );
  });
});

test('a NUL character in a path is refused, whatever names what is sought', () => {
  const { pathParameters } = API_OPERATIONS.find(({ name }) => name === 'readHistory')!;
  const asked = { pathParameters: { type: 'case', id: 'a\0b' } } as unknown as HttpEvent;
  expect(() => pathOf(asked, pathParameters!)).toThrow(expect.objectContaining({ slug: 'invalid-path', status: 400 }));
});
