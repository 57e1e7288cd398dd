// The types of the console's client are those of the API's description.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { apiTypes } from '../../../console/tools/api-types.ts';
import { typesOf } from '../../../console/tools/openapi-types.ts';

test('console/api/operations.ts is what the description gives: npm run console:api writes it anew', () => {
  const written = readFileSync(new URL('../../../console/api/operations.ts', import.meta.url), 'utf8');
  expect(written).toBe(apiTypes());
});

test('schemas, operations and routes', () => {
  const text = typesOf({
    components: {
      schemas: {
        Kind: { enum: ['a', 'b'] },
        Thing: {
          type: 'object',
          required: ['id'],
          properties: {
            id: { type: 'integer' },
            'odd-name': { anyOf: [{ $ref: '#/components/schemas/Kind' }, { type: 'null' }] },
            list: { type: 'array', items: { const: true } },
            any: {},
          },
        },
      },
    },
    paths: {
      '/things/{id}': {
        get: {
          operationId: 'readThing',
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'deep', in: 'query', required: false, schema: { type: 'boolean' } },
          ],
          responses: {
            200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
            404: { content: { 'application/problem+json': { schema: {} } } },
          },
        },
      },
    },
  });
  expect(text).toContain('export type Kind = "a" | "b";');
  expect(text).toContain(
    'export type Thing = { id: number; "odd-name"?: Kind | null; list?: (true)[]; any?: unknown };',
  );
  expect(text).toContain(
    'readThing: { path: { id: string }; query: { deep?: boolean }; headers: {}; body: undefined; answer: Thing };',
  );
  expect(text).toContain("readThing: ['GET', '/things/{id}'],");
});
