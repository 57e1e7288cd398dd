import type { Static, TObject } from 'typebox';
import type { Operation } from './api/operation.ts';
import { ID_PATTERN } from './api/schemas.ts';
import type { HttpEvent } from './http.ts';
import { Problem, type ProblemSlug } from './problem.ts';

/**
 * What parameters may say: whole numbers with `minimum` and `maximum`, text with `enum` or `pattern`. The schemas are those
 * of the API's description, so that what is documented is what validates.
 */
interface ParameterSchema {
  readonly type?: 'integer' | 'string';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly description?: string;
}

const WHOLE_NUMBER = /^(?:0|[1-9]\d*)$/;

type Texts = Readonly<Record<string, string | undefined>> | undefined;

/** The query as its schema types it. Throws Problem invalid-query. byRoute has refused parameters that it lacks. */
export function queryOf<T extends TObject>({ queryStringParameters }: HttpEvent, schema: T): Static<T> {
  return parametersOf(queryStringParameters, schema, 'invalid-query');
}

/** The path's parameters. Throws Problem invalid-path. */
export function pathOf<T extends TObject>({ pathParameters }: HttpEvent, schema: T): Static<T> {
  return parametersOf(pathParameters, schema, 'invalid-path');
}

/** The id in the path, as the routes have it that name one thing. Throws Problem not-found for what is no id at all. */
export function idOf({ pathParameters }: HttpEvent): string {
  const id = pathParameters?.id ?? '';
  if (new RegExp(ID_PATTERN).test(id)) return id;
  throw new Problem('not-found', 'There is nothing of this id.');
}

/** Texts that come from elsewhere, as a query's are read. Throws Problem invalid-query. */
export function checkParameters<T extends TObject>(texts: Texts, schema: T): Static<T> {
  return parametersOf(texts, schema, 'invalid-query');
}

/** The role that a caller with several acts in (access.ts): every operation with a token takes it. */
const ROLE = 'role';

/** Throws Problem invalid-query for a parameter that the operation does not have, with those that it has. */
export function refuseUnknownParameters(
  { queryStringParameters }: Pick<HttpEvent, 'queryStringParameters'>,
  operation: Operation | undefined,
): void {
  const known = [...Object.keys(operation?.query?.properties ?? {}), ...(operation?.open === true ? [] : [ROLE])];
  for (const name of Object.keys(queryStringParameters ?? {})) {
    if (known.includes(name)) continue;
    const alike = known.find((one) => one.toLowerCase() === name.toLowerCase());
    const meant = alike === undefined ? '' : ` Its name is ${alike}.`;
    const has = known.length === 0 ? 'This route takes none.' : `This route takes ${known.join(', ')}.`;
    throw new Problem('invalid-query', `There is no parameter ${JSON.stringify(name.slice(0, 60))}.${meant} ${has}`);
  }
}

function parametersOf<T extends TObject>(texts: Texts, schema: T, slug: ProblemSlug): Static<T> {
  const required: readonly string[] = schema.required ?? [];
  const read: Record<string, string | number> = {};
  for (const [name, one] of Object.entries(schema.properties as Record<string, ParameterSchema>)) {
    const text = texts?.[name];
    if (text?.includes('\0')) throw new Problem(slug, `The ${name} has a NUL character, which nothing here holds.`);
    if (typeof text === 'string') read[name] = parameterOf(text, name, one, slug);
    else if (required.includes(name)) throw new Problem(slug, `The ${name} has to be given.`);
  }
  return read as Static<T>;
}

function parameterOf(text: string, name: string, schema: ParameterSchema, slug: ProblemSlug): string | number {
  if (schema.type === 'integer') return wholeNumber(text, name, schema, slug);
  const { enum: values, pattern, maxLength = Number.POSITIVE_INFINITY, description = 'what the API says' } = schema;
  if (values !== undefined && !values.includes(text)) {
    throw new Problem(slug, `The ${name} has to be ${values.join(' or ')}.`);
  }
  if ((pattern !== undefined && !new RegExp(pattern, 'u').test(text)) || [...text].length > maxLength) {
    throw new Problem(slug, `The ${name} has to be ${description}.`);
  }
  return text;
}

function wholeNumber(text: string, name: string, schema: ParameterSchema, slug: ProblemSlug): number {
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema;
  const value = Number(text);
  if (WHOLE_NUMBER.test(text) && value >= minimum && value <= maximum) return value;
  throw new Problem(
    slug,
    `The ${name} has to be a whole number from ${minimum} to ${maximum}, in plain decimal digits.`,
  );
}
