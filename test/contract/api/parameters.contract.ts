// Every parameter of the API, of paths and queries, with what nobody means: refused with its name, and never a 500.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { OPERATIONS, type OperationName, rolesOf } from '../../../core/access/policy.ts';
import type { Operation } from '../../../functions/api/operations/operation.ts';
import { API_OPERATIONS } from '../../../functions/api/operations/operations.ts';
import { DESCRIPTION, faults } from '../../support/openapi.ts';
import { type Asked, Routes, sampleDeployment } from '../../support/routes.ts';
import { Deployment } from '../../support/sealing.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: { readonly type?: string };
}

interface Described {
  readonly operationId: Operation['name'];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: object;
}

const described = Object.values<Record<string, Described>>(DESCRIPTION.paths).flatMap((path) => Object.values(path));

/** Of every path and every parameter that has to be given, one that there can be. */
const USUAL: Readonly<Record<string, string>> = {
  ...{
    chain: '0',
    level: '0',
    position: '0',
    id: 'none',
    sha256: '00'.repeat(32),
    proxy: '0/000',
    type: 'case',
    key: 'x',
  },
};
const BODIES: Partial<Record<Operation['name'], object>> = {
  recordEntries: { action: 'customer.viewed', category: 'core', actor: { type: 'user', id: 'u-1' } },
  ...{ saveSearch: { name: 'n', parameters: {} }, replaceSearch: { name: 'n', parameters: {}, version: 1 } },
  ...{ startQuery: { q: '' }, startExport: { format: 'csv' }, grantExport: { subject: 'a' } },
  startBundle: {},
  ...{ applyHold: { reason: 'r', scope: {} }, releaseHold: { reason: 'r' } },
};
const TEXTS = [
  '',
  ' ',
  'x'.repeat(3_000),
  'a\0',
  '\0',
  'a\nb',
  '-1',
  '1.5',
  '01',
  '1e3',
  '9'.repeat(30),
  'NaN',
  'ü',
  '%00',
  'a,b',
];

let routes: Routes;
let never: Routes;
beforeAll(async () => {
  routes = new Routes(await sampleDeployment());
  never = new Routes(new Deployment());
});

const inPath = (parameters: readonly Parameter[]) => parameters.filter((one) => one.in === 'path');
const inQuery = (parameters: readonly Parameter[]) => parameters.filter((one) => one.in === 'query');
const usual = (parameters: readonly Parameter[]) =>
  Object.fromEntries(parameters.filter((one) => one.required).map(({ name }) => [name, USUAL[name]!]));

const isOpen = (name: Operation['name']) => !(OPERATIONS as readonly string[]).includes(name);
const problem = (slug: string) => `urn:indelible:problem:${slug}`;

function ask(
  { operationId, parameters }: Described,
  { path, query, ...asked }: Asked = {},
  { of = routes, subject = 'me' } = {},
) {
  const role = isOpen(operationId) ? '' : rolesOf(operationId as OperationName)[0]!;
  const body = BODIES[operationId];
  return of.ask(
    operationId,
    { tenant: 'acme', role, subject },
    {
      path: { ...usual(inPath(parameters)), ...path },
      query: { ...usual(inQuery(parameters)), ...query },
      ...(body === undefined ? {} : { body }),
      ...asked,
    },
  );
}

/** What the document says of a text in a parameter's place. */
function isAllowed({ schema }: Parameter, text: string): boolean {
  const value = schema.type === 'integer' && /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : text;
  return faults(schema, value).length === 0 && !text.includes('\0');
}

test('every operation of the API is described', () => {
  expect(described.map(({ operationId }) => operationId).toSorted()).toEqual(
    API_OPERATIONS.map(({ name }) => name).toSorted(),
  );
});

describe.each(described.map((one) => [one.operationId, one] as const))('%s', (name, operation) => {
  const refused = (parameter: string) => ({
    ...{ type: problem('invalid-query'), status: 400, detail: expect.stringContaining(parameter) },
    errors: [expect.objectContaining({ pointer: `/${parameter}` })],
  });

  test.each(['bogus', '__proto__', 'toString', 'Limit', '', 'x'])('takes no parameter %j', async (parameter) => {
    for (const value of ['1', '\0', '']) {
      const query = Object.fromEntries([[parameter, value]]);
      expect((await ask(operation, { query })).json).toMatchObject(refused(parameter));
    }
    // As it came over the wire, whatever became of it on the way.
    const rawQuery = `${encodeURIComponent(parameter)}=%00`;
    expect((await ask(operation, { rawQuery })).json).toMatchObject(refused(parameter));
  });

  test('takes of each parameter what is described, once', async () => {
    for (const one of inQuery(operation.parameters)) {
      const parameter = one.name;
      for (const text of TEXTS) {
        const { status, json } = await ask(operation, { query: { [parameter]: text } });
        if (isAllowed(one, text)) expect([text, status < 500]).toEqual([text, true]);
        else expect([text, json]).toEqual([text, expect.objectContaining(refused(parameter))]);
      }
      const rawQuery = `${parameter}=1&${parameter}=1`;
      const { json } = await ask(operation, { query: { [parameter]: '1,1' }, rawQuery });
      expect(json).toMatchObject(refused(parameter));
      expect(json.detail).toContain('twice');
    }
  });

  test('takes of each parameter of the path what is described', async () => {
    for (const one of inPath(operation.parameters)) {
      const parameter = one.name;
      for (const text of TEXTS) {
        const { status, json } = await ask(operation, { path: { [parameter]: text } });
        if (isAllowed(one, text)) expect([text, status < 500]).toEqual([text, true]);
        else
          expect([text, status, json.type]).toEqual([
            text,
            status,
            problem(status === 400 ? 'invalid-path' : 'not-found'),
          ]);
      }
    }
  });

  if (isOpen(name)) return;

  test.each(['a\nb', '\n', 'a\0', '\ud800', '\u0085', '\u{7f}x', 'x'.repeat(3_000), ''])(
    'takes no caller %j',
    async (subject) => {
      const { status, json } = await ask(operation, {}, { subject });
      expect([status, json.type]).toEqual([403, problem('incomplete-token')]);
    },
  );

  test('answers a tenant that was never sealed', async () => {
    const { status, json } = await ask(operation, {}, { of: never });
    expect([name, status]).toEqual([name, status < 500 ? status : 'no 500']);
    if (name === 'proveEntry' || name === 'listDigests') {
      expect([status, json.type]).toEqual(
        name === 'proveEntry' ? [404, problem('not-found')] : [409, problem('not-sealed')],
      );
    }
  });
});

test('the proof of what is recorded and not sealed is 409', async () => {
  const deployment = new Deployment();
  await deployment.record('acme#0', [{ category: 'payment', recordedAt: deployment.now, members: {} }]);
  const proof = described.find(({ operationId }) => operationId === 'proveEntry')!;
  const { status, json } = await ask(proof, {}, { of: new Routes(deployment) });
  expect([status, json]).toEqual([
    409,
    expect.objectContaining({ type: problem('not-sealed'), sealed: 0, nextBy: null }),
  ]);
});

describe.each(
  [
    '/(?:a{32}){32}/',
    '/((((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9}/',
    '/(/',
    `/${'a'.repeat(5_000)}/`,
    '('.repeat(2_000),
    'a AND',
    'a:"',
    'foo:1',
    'severity:hihg',
    'recordedAt:[x TO y]',
    '\0',
  ].map((q) => [q.slice(0, 20), q] as const),
)('the query %j', (text, q) => {
  test('is refused by every route that takes one, with where it is', async () => {
    const from = (name: Operation['name']) => described.find(({ operationId }) => operationId === name)!;
    const asked: readonly [Operation['name'], Asked, string][] = [
      ['searchEntries', { query: { q } }, '/q'],
      ['startQuery', { body: { q } }, '/q'],
      ['startExport', { body: { q, format: 'csv' } }, '/q'],
      ['saveSearch', { body: { name: 'n', parameters: { q } } }, '/parameters/q'],
      ['replaceSearch', { body: { name: 'n', parameters: { q }, version: 1 } }, '/parameters/q'],
    ];
    for (const [name, sent, pointer] of asked) {
      const { status, json } = await ask(from(name), sent);
      expect([text, name, status]).toEqual([text, name, name === 'searchEntries' ? 400 : 422]);
      expect(json.errors).toEqual([expect.objectContaining({ pointer, detail: expect.any(String) })]);
    }
  });
});
