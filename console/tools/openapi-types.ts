// TypeScript types of the API's description, for its client: written by code, held to the description by a test.

type Schema = Readonly<Record<string, unknown>>;

interface Described {
  readonly operationId: string;
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

/** What is read of an OpenAPI 3.1 document. */
export interface ApiDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const HEAD = `// Written by \`npm run console:api\` from the API's description. Do not edit: a test compares the two.
`;

/** A module with one type for each schema, `Operations` with what each operation takes and answers, and `ROUTES`. */
export function typesOf({ paths, components }: ApiDescription): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation: operation as Described })),
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeOf(schema as Schema)};\n`,
  );
  const members = operations.map(({ operation }) => `  ${operation.operationId}: ${operationType(operation)};\n`);
  const routes = operations.map(
    ({ path, method, operation }) => `  ${operation.operationId}: ['${method.toUpperCase()}', '${path}'],\n`,
  );
  return [
    HEAD,
    ...schemas,
    `export interface Operations {\n${members.join('')}}\n`,
    `export const ROUTES = {\n${routes.join('')}} as const;\n`,
  ].join('\n');
}

function operationType({ parameters, requestBody, responses }: Described): string {
  const of = (place: string): string =>
    objectOf(
      parameters
        .filter((parameter) => parameter.in === place)
        .map(({ name, schema, required }) => [name, schema, required]),
    );
  const body = requestBody?.content['application/json']?.schema;
  const answers = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, { content }]) =>
      content?.['application/json'] ? typeOf(content['application/json'].schema) : 'undefined',
    );
  return `{ path: ${of('path')}; query: ${of('query')}; headers: ${of('header')}; body: ${
    body === undefined ? 'undefined' : typeOf(body)
  }; answer: ${[...new Set(answers)].join(' | ')} }`;
}

function objectOf(members: readonly (readonly [name: string, schema: Schema, required: boolean])[]): string {
  if (members.length === 0) return '{}';
  return `{ ${members.map(([name, schema, required]) => `${key(name)}${required ? '' : '?'}: ${typeOf(schema)}`).join('; ')} }`;
}

const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** Of the words of JSON Schema that the description uses; what it says of no type is \`unknown\`. */
function typeOf(schema: Schema): string {
  const { $ref, anyOf, type, items, properties, required, additionalProperties } = schema;
  if (typeof $ref === 'string') return $ref.split('/').at(-1)!;
  if (Array.isArray(anyOf)) return anyOf.map((one: Schema) => typeOf(one)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (type === 'array') return `(${typeOf((items ?? {}) as Schema)})[]`;
  if (type === 'object' && properties !== undefined) {
    const names = (required ?? []) as readonly string[];
    const members = Object.entries(properties as Readonly<Record<string, Schema>>);
    return objectOf(members.map(([name, member]) => [name, member, names.includes(name)]));
  }
  if (type === 'object') {
    const values = typeof additionalProperties === 'object' ? typeOf(additionalProperties as Schema) : 'unknown';
    return `Readonly<Record<string, ${values}>>`;
  }
  if (type === 'integer') return 'number';
  return typeof type === 'string' ? type : 'unknown';
}
