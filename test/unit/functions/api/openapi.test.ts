// The API's description.
import { describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { OPERATIONS } from '../../../../core/access/policy.ts';
import { handler } from '../../../../functions/api/openapi/handler.ts';
import { API_OPERATIONS } from '../../../../functions/api/operations/operations.ts';
import { PROBLEMS } from '../../../../functions/api/shared/problem.ts';
import { DESCRIPTION, expectDocumented, faults, schemas } from '../../../support/openapi.ts';
import { CONTEXT, request } from '../requests.ts';

const operations = Object.values<Record<string, Described>>(DESCRIPTION.paths).flatMap((path) => Object.values(path));

interface Described {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly { name: string; in: string; schema: object }[];
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema: { properties?: unknown } }> }>>;
  readonly requestBody?: { content: Record<string, { schema: object }> };
}

describe('GET /openapi.json', () => {
  test('answers the description, without a token', async () => {
    const { statusCode, body } = (await handler({ ...request(), routeKey: 'GET /openapi.json' }, CONTEXT)) as {
      statusCode: number;
      body: string;
    };
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toEqual(DESCRIPTION);
  });

  test('is OpenAPI 3.1, by its published schema', async () => {
    const result = await new Validator().validate(structuredClone(DESCRIPTION));
    expect([result.valid, result.errors]).toEqual([true, undefined]);
  });

  test('holds no schema that is none', () => {
    for (const schema of schemasIn(DESCRIPTION)) expect(() => faults(schema, null)).not.toThrow();
    expect(schemasIn(DESCRIPTION).length).toBeGreaterThan(50);
    expect(schemas.validateSchema(DESCRIPTION.components.schemas.Entry)).toBe(true);
  });

  test('names every operation of the policy, each once', () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    const withToken = operations.filter(({ security }) => security === undefined).map(({ operationId }) => operationId);
    expect(withToken.toSorted()).toEqual(OPERATIONS.toSorted());
  });

  test('has a place for every type of problem', () => {
    const types = operations.flatMap(({ responses }) =>
      JSON.stringify(responses).match(/urn:indelible:problem:[a-z-]+/g),
    );
    const named = new Set(types.map((type) => type?.replace('urn:indelible:problem:', '')));
    expect([...named].toSorted()).toEqual(Object.keys(PROBLEMS).toSorted());
  });

  test('says the parameters of every path', () => {
    for (const { path, name } of API_OPERATIONS) {
      const inPath = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, parameter]) => parameter);
      const { parameters } = operations.find(({ operationId }) => operationId === name)!;
      expect(parameters.filter((one) => one.in === 'path').map((one) => one.name)).toEqual(inPath);
    }
  });
});

describe('expectDocumented', () => {
  const headers = { 'content-type': 'application/json' };

  test('takes what is described', () => {
    expectDocumented('readHealth', { status: 200, headers, body: { status: 'ok' } });
  });

  test.each([
    ['another status', { status: 201, headers, body: { status: 'ok' } }],
    ['another type', { status: 200, headers: { 'content-type': 'text/plain' }, body: { status: 'ok' } }],
    ['another body', { status: 200, headers, body: { status: 'fine' } }],
    ['more members', { status: 200, headers, body: { status: 'ok', since: 1 } }],
  ])('refuses %s', (_, answer) => {
    expect(() => expectDocumented('readHealth', answer)).toThrow();
  });

  test('refuses a problem that the operation does not have', () => {
    const problem = (slug: string) => ({
      status: 403,
      headers: { 'content-type': 'application/problem+json' },
      body: { type: `urn:indelible:problem:${slug}`, title: 't', status: 403, detail: 'd' },
    });
    expectDocumented('readEntry', problem('forbidden-role'));
    expect(() => expectDocumented('readEntry', problem('private-entries'))).toThrow();
  });
});

function schemasIn(value: unknown): object[] {
  if (Array.isArray(value)) return value.flatMap(schemasIn);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'schema' in value ? [value.schema as object] : [];
  return [...own, ...Object.values(value).flatMap(schemasIn)];
}
