// Parameters of paths and queries, by the schemas of the API's description: what is documented is what validates.
import type { Static, TObject, TSchema } from 'typebox';
import { ID_PATTERN } from '../operations/schemas.ts';
import type { HttpEvent } from './http.ts';
import { Problem, type ProblemFault, type ProblemSlug } from './problem.ts';
import { requestFaults } from './schema.ts';

/** What parameters may be: whole numbers with `minimum` and `maximum`, text with `enum`, `pattern` or `maxLength`. */
interface ParameterSchema {
  readonly type?: 'integer' | 'string';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
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

/** Throws Problem with every parameter that is wrong, by a pointer to its name. */
function parametersOf<T extends TObject>(texts: Texts, schema: T, slug: ProblemSlug): Static<T> {
  const read: Record<string, string | number> = {};
  const faults: ProblemFault[] = [];
  for (const [name, one] of Object.entries<TSchema & ParameterSchema>(schema.properties)) {
    const text = texts?.[name];
    if (text?.includes('\0')) faults.push(nulIn(name));
    if (text !== undefined) read[name] = one.type === 'integer' ? numberIn(text) : text;
  }
  for (const fault of requestFaults(schema, read)) {
    const name = fault.pointer.slice(1);
    if (faults.some(({ pointer }) => pointer === fault.pointer)) continue;
    faults.push({ ...fault, detail: `The ${name} has to be ${wanted(fault.code, schema.properties[name])}.` });
  }
  if (faults.length > 0) throw new Problem(slug, faults[0]!.detail, { errors: faults });
  return read as Static<T>;
}

/** No field, id or key of anything holds one, and some stores end a text there. */
function nulIn(name: string): ProblemFault {
  const detail = `The ${name} has a NUL character, which nothing here holds.`;
  return { pointer: `/${name}`, code: 'bad-format', detail };
}

/** Plain decimal digits; whatever else was sent stays text, which no integer is. */
function numberIn(text: string): string | number {
  return WHOLE_NUMBER.test(text) ? Number(text) : text;
}

function wanted(code: string, schema: ParameterSchema | undefined): string {
  if (code === 'missing-field') return 'given';
  const { type, minimum = 0, maximum = Number.MAX_SAFE_INTEGER, enum: values, description, maxLength } = schema ?? {};
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}, in plain decimal digits`;
  if (values !== undefined) return values.join(' or ');
  if (code === 'too-long') return `at most ${maxLength} characters long`;
  return description ?? 'what the API says';
}
