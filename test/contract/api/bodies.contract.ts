// Every body of the API against the document that describes it: what the document refuses is refused, with where it is.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type OperationName, rolesOf } from '../../../core/access/policy.ts';
import { API_OPERATIONS } from '../../../functions/api/operations/operations.ts';
import { faults } from '../../support/openapi.ts';
import { Routes, sampleDeployment } from '../../support/routes.ts';
import { bodySchemaOf, wrongBodies } from '../../support/wrong-bodies.ts';

/** One body a route that it takes. What is wrong is made of the document. */
const VALID: Partial<Record<OperationName, unknown>> = {
  recordEntries: { action: 'customer.viewed', category: 'core', actor: { type: 'user', id: 'u-1' } },
  saveSearch: { name: 'mine', parameters: { q: 'case' } },
  replaceSearch: { name: 'mine', parameters: {}, version: 1 },
  startQuery: { q: 'case' },
  startExport: { format: 'ndjson' },
  grantExport: { subject: 'a-1' },
  startBundle: { from: '2020-01-01', to: '2099-12-31' },
  applyHold: { reason: 'Suit 17-204', scope: {} },
  releaseHold: { reason: 'over' },
};

const SLUGS: Partial<Record<OperationName, string>> = {
  ...{ recordEntries: 'invalid-entry', startQuery: 'invalid-search' },
  ...{ saveSearch: 'invalid-search', replaceSearch: 'invalid-search' },
  ...{ startExport: 'invalid-export', grantExport: 'invalid-export', startBundle: 'invalid-export' },
  ...{ applyHold: 'invalid-hold', releaseHold: 'invalid-hold' },
};

const named = API_OPERATIONS.filter(({ name }) => bodySchemaOf(name) !== undefined).map(
  ({ name }) => name as OperationName,
);

let routes: Routes;
beforeAll(async () => {
  routes = new Routes(await sampleDeployment());
});

const asked = (operation: OperationName, sent: { body?: unknown; text?: string; headers?: Record<string, string> }) => {
  const who = { tenant: 'acme', role: rolesOf(operation)[0]!, subject: 'me' };
  return routes.ask(operation, who, { path: { id: 'none' }, ...sent });
};
const problem = (slug: string) => `urn:indelible:problem:${slug}`;

test('every body of the document has one that is valid', () => {
  expect(named.toSorted()).toEqual(Object.keys(VALID).toSorted());
  for (const name of named) expect([name, faults(bodySchemaOf(name)!, VALID[name])]).toEqual([name, []]);
});

describe.each(named)('%s', (operation) => {
  const wrong = wrongBodies(bodySchemaOf(operation)!, VALID[operation]);

  test('takes what is valid', async () => {
    const { status, text } = await asked(operation, { body: VALID[operation] });
    // Of ids that there are none of, after the body was read.
    expect([status, text]).toEqual([status < 300 ? status : 404, expect.any(String)]);
  });

  test('has bodies that are wrong in every place', () => {
    const demands = bodySchemaOf(operation)!.required ?? [];
    const kinds = ['null at', 'a member bogus', 'a member __proto__', ...(demands.length > 0 ? ['no '] : [])];
    for (const kind of kinds) expect(wrong.map(({ what }) => what)).toContainEqual(expect.stringContaining(kind));
  });

  test.each(wrong)('refuses $what', async ({ body, pointer }) => {
    const { status, json } = await asked(operation, { body });
    // Whose entries they are comes first.
    const isForeign = pointer.endsWith('/tenant') && JSON.stringify(body).includes('"tenant":"');
    expect([status, json.type]).toEqual(
      isForeign ? [403, problem('foreign-tenant')] : [422, problem(SLUGS[operation]!)],
    );
    const pointers = json.errors.map((one: { pointer: string }) => one.pointer);
    expect(pointers).toContain(pointer);
    for (const { code, detail } of isForeign ? [] : json.errors)
      expect([code, detail]).toEqual([expect.any(String), expect.stringContaining('want')]);
  });

  test.each([
    ['nothing', '', ''],
    ['half an object', '{"a":', '/a'],
    ['a member twice', '{"a":1,"a":2}', '/a'],
    ['half a character', '{"a":"\\ud800"}', '/a'],
    ['a number beyond a double', '{"a":9007199254740993}', '/a'],
    ['what is no JSON', 'reason=over', ''],
    ['two texts', '{}{}', ''],
    ['nesting without end', '['.repeat(100), '/0'.repeat(34)],
  ])('refuses %s as no JSON with one reading', async (_, text, pointer) => {
    const { status, json } = await asked(operation, { text });
    expect([status, json.type]).toEqual([400, problem('malformed-json')]);
    expect(json.errors).toMatchObject([{ pointer, line: 1, column: expect.any(Number) }]);
  });

  test.each([
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-type': '' },
    { 'content-encoding': 'gzip' },
  ])('refuses the headers %j', async (headers) => {
    const { status, json } = await asked(operation, { body: VALID[operation], headers });
    expect([status, json.type]).toEqual([415, problem('unsupported-media-type')]);
  });
});
