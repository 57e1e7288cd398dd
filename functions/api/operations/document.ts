// The operations made into a document by OpenAPI 3.1.
import type { TObject, TSchema } from 'typebox';
import * as Type from 'typebox';
import { rolesOf } from '../../../core/access/policy.ts';
import { ROLE_PARAMETER } from '../shared/known-parameters.ts';
import { PROBLEMS, type ProblemSlug } from '../shared/problem.ts';
import type { Answer, OpenOperation, Operation } from './operation.ts';
import { COMPONENTS, ref } from './schemas.ts';

const PROBLEM_TYPE = 'application/problem+json';

/** Any route may be asked with a parameter that it lacks; any function may fail, or run out of time. */
const ALWAYS: readonly ProblemSlug[] = ['invalid-query', 'internal', 'unavailable'];
const WITH_TOKEN: readonly ProblemSlug[] = ['incomplete-token', 'forbidden-role'];

const TOKEN = 'token';

/** The API by OpenAPI 3.1: made of the schemas that validate. */
export function describeApi(operations: readonly Operation[]) {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Indelible',
      version: '1',
      description: 'A tamper-evident audit trail. A token speaks for one tenant; nothing reaches another.',
    },
    security: [{ [TOKEN]: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: pathsOf(operations),
    components: {
      securitySchemes: {
        [TOKEN]: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: "of the deployment's issuer" },
      },
      schemas: COMPONENTS,
    },
  };
}

/** API Gateway's greedy `{proxy+}` is a parameter that holds slashes; OpenAPI has no way to say so. */
export const describedPath = (path: string): string => path.replaceAll('+}', '}');

function pathsOf(operations: readonly Operation[]): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = describedPath(operation.path);
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation) };
  }
  return paths;
}

function describe(operation: Operation) {
  const { name, tag, summary, description, body, open } = operation;
  return {
    ...{ operationId: name, tags: [tag], summary },
    ...(description === undefined ? {} : { description }),
    ...(open === true ? { security: [] } : {}),
    parameters: parametersOf(operation),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: responsesOf(operation),
  };
}

function parametersOf(operation: Operation) {
  const names = [...operation.path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name]) => name!);
  const path = operation.pathParameters?.properties ?? {};
  return [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: path[name] ?? Type.String() })),
    ...parametersIn('query', operation.query),
    ...(isOpen(operation) ? [] : parametersIn('query', roleParameter(operation))),
    ...parametersIn('header', operation.headers),
  ];
}

function parametersIn(place: 'query' | 'header', schema: TObject | undefined) {
  const required: readonly string[] = schema?.required ?? [];
  return Object.entries<TSchema>(schema?.properties ?? {}).map(([name, one]) => ({
    ...{ name, in: place, required: required.includes(name) },
    schema: one,
  }));
}

const isOpen = (operation: Operation): operation is Operation & { readonly name: OpenOperation } =>
  operation.open === true;

function roleParameter(operation: Operation): TObject {
  const roles = isOpen(operation) ? [] : rolesOf(operation.name as Exclude<Operation['name'], OpenOperation>);
  const description = 'which of its roles a caller acts in that has several';
  return Type.Object({ [ROLE_PARAMETER]: Type.Optional(Type.Enum([...roles], { description })) });
}

function responsesOf(operation: Operation): Record<string, unknown> {
  const answers = Object.entries(operation.answers).map(([status, answer]) => [status, answerOf(answer)] as const);
  const slugs = [...operation.problems, ...ALWAYS, ...(isOpen(operation) ? [] : WITH_TOKEN)];
  const problems = Map.groupBy(new Set(slugs), (slug) => String(PROBLEMS[slug].status));
  return Object.fromEntries([
    ...answers,
    ...[...problems].map(([status, of]) => [status, problemOf(of)] as const).toSorted(byStatus),
    ...(isOpen(operation) ? [] : [['401', gateway('The token is missing, expired, or of another issuer')]]),
    ['429', gateway('Too many requests')],
  ]);
}

const byStatus = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => a.localeCompare(b);

function answerOf({ description, content, headers }: Answer) {
  return {
    description,
    ...(headers === undefined ? {} : { headers: eachSchema(headers) }),
    ...(content === undefined ? {} : { content: eachSchema(content) }),
  };
}

const eachSchema = (schemas: Readonly<Record<string, TSchema>>) =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, { schema }]));

function problemOf(slugs: readonly ProblemSlug[]) {
  const type = { enum: slugs.map((slug) => `urn:indelible:problem:${slug}`) };
  return {
    description: slugs.map((slug) => PROBLEMS[slug].title).join('; '),
    content: { [PROBLEM_TYPE]: { schema: { allOf: [ref('Problem')], properties: { type } } } },
  };
}

const gateway = (description: string) => ({
  description,
  content: { 'application/json': { schema: ref('GatewayMessage') } },
});
