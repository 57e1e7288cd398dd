// Holds answers against the API's description.
import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describeApi, describedPath } from '../../functions/api/operations/document.ts';
import type { Operation } from '../../functions/api/operations/operation.ts';
import { API_OPERATIONS } from '../../functions/api/operations/operations.ts';

/** The description as it is served. */
// biome-ignore lint/suspicious/noExplicitAny: JSON as it came over the wire; the tests look at it
export const DESCRIPTION: any = JSON.parse(JSON.stringify(describeApi(API_OPERATIONS)));

const ROOT = 'api';

/** The description's schemas under the rules of JSON Schema 2020-12, which OpenAPI 3.1 says they are. */
export const schemas = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
addFormats.default(schemas);
schemas.addSchema(DESCRIPTION, ROOT);

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** Parsed, where it is JSON. */
  readonly body?: unknown;
}

/** Throws AssertionError, also outside of a test: an answer of the operation is one that the description has: its status, type and headers, and its body by the schema. */
export function expectDocumented(name: Operation['name'], { status, headers = {}, body }: Answered): void {
  const operation = API_OPERATIONS.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`no operation ${name} is described`);
  const method = operation.method.toLowerCase();
  const response = DESCRIPTION.paths[describedPath(operation.path)][method].responses[status];
  assert(response !== undefined, `${name} is described without the status ${status}`);
  const type = String(headers['content-type'] ?? '').replace(/;.*$/, '');
  const types = Object.keys(response.content ?? { '': 0 });
  assert(types.includes(type), `${name} answers ${status} as ${type}, and is described as ${types.join(', ')}`);
  for (const [header, { schema }] of Object.entries<{ schema: object }>(response.headers ?? {})) {
    if (headers[header] !== undefined) assert.deepEqual(faults(schema, headers[header]), [], `${name} ${header}`);
  }
  if (!/json$/.test(type) || type.includes('ndjson')) return;
  const place = ['paths', describedPath(operation.path), method, 'responses', status, 'content', type, 'schema'];
  const found = faults({ $ref: `${ROOT}#/${place.map(token).join('/')}` }, body);
  assert.deepEqual(found, [], `${name} answers ${status} as its description does not`);
}

/** The same of a route as API Gateway names it: `GET /v1/digests`. */
export function expectDocumentedRoute(routeKey: string, answered: Answered): void {
  const operation = API_OPERATIONS.find(({ method, path }) => `${method} ${path}` === routeKey);
  if (operation === undefined) throw new Error(`no route ${routeKey} is described`);
  expectDocumented(operation.name, answered);
}

/** By the text of its schema: to compile one takes a hundred times as long as to ask it. */
const compiled = new Map<string, ValidateFunction>();

/** What the description says against a value. */
export function faults(schema: object, value: unknown): string[] {
  // References of the description begin at its root.
  const absolute = JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${ROOT}#/`);
  const validate = compiled.get(absolute) ?? schemas.compile(JSON.parse(absolute));
  compiled.set(absolute, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const token = (part: string | number) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'));
