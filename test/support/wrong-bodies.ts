// Bodies that the API's document refuses, made of the document and of one body that it allows.
import { DESCRIPTION, faults } from './openapi.ts';

/** A schema as it is served. */
interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly format?: string;
}

export interface WrongBody {
  readonly what: string;
  readonly body: unknown;
  /** Of the value that is wrong, into the body. */
  readonly pointer: string;
}

type Path = readonly (string | number)[];

const VALUES: readonly unknown[] = [null, true, -1, '', ' \n', []];
const STRANGE = ['bogus', '__proto__', 'constructor', 'a/b~c', 'x'.repeat(300)];

/** The schema of an operation's body, as it is served; undefined where it takes none. */
export function bodySchemaOf(operation: string): Schema | undefined {
  const operations = Object.values<Record<string, Described>>(DESCRIPTION.paths).flatMap((path) => Object.values(path));
  return operations.find(({ operationId }) => operationId === operation)?.requestBody?.content['application/json']
    .schema;
}

interface Described {
  readonly operationId: string;
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}

/** Every value of every place that its schema refuses, every member that there is none of, every one that is left out. */
export function wrongBodies(schema: Schema, valid: unknown): WrongBody[] {
  return [...wrongAt(schema, valid, [], schema)].filter(({ body }) => faults(schema, body).length > 0);
}

function* wrongAt(root: Schema, valid: unknown, path: Path, schema: Schema): Generator<WrongBody> {
  const here = resolved(schema);
  const pointer = pointerOf(path);
  for (const value of VALUES.filter((one) => faults(here, one).length > 0)) {
    // What is wrong inside of the value is another case.
    const hasMembers = here.properties !== undefined || here.anyOf !== undefined;
    if (hasMembers && JSON.stringify(value) === '{}') continue;
    yield { what: `${JSON.stringify(value)} at ${pointer}`, body: withValue(root, valid, path, value), pointer };
  }
  for (const alternative of here.anyOf ?? []) {
    const example = exampleFor(alternative, valid);
    for (const wrong of wrongAt(root, example, path, alternative)) {
      // Without what tells the alternatives apart, it is another one.
      if (example === valid || !wrong.what.startsWith('no ') || !wrong.what.endsWith(` in ${pointer}`)) yield wrong;
    }
  }
  if (here.items !== undefined) yield* wrongAt(root, valid, [...path, 0], here.items);
  if (here.properties === undefined) return;
  const strange = path.length === 0 ? STRANGE : STRANGE.slice(0, 1);
  for (const name of here.additionalProperties === false ? strange : []) {
    const token = name.length > 128 ? `${name.slice(0, 128)}…` : name;
    const body = withValue(root, valid, [...path, name], 1);
    yield { what: `a member ${name.slice(0, 20)} in ${pointer}`, body, pointer: pointerOf([...path, token]) };
  }
  for (const name of here.required ?? []) {
    const body = withValue(root, valid, [...path, name], undefined);
    yield { what: `no ${name} in ${pointer}`, body, pointer: pointerOf([...path, name]) };
  }
  for (const [name, one] of Object.entries(here.properties)) yield* wrongAt(root, valid, [...path, name], one);
}

function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : DESCRIPTION.components.schemas[name];
}

/** A body with something else at a place, and with whatever has to be around it; undefined removes. */
function withValue(schema: Schema, body: unknown, path: Path, value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const here = resolved(schema.anyOf?.find((one) => holds(one, name)) ?? schema);
  if (typeof name === 'number') {
    const items = Array.isArray(body) && body.length > 0 ? body : [exampleOf(here.items!)];
    return items.map((item, i) => (i === name ? withValue(here.items!, item, rest, value) : item));
  }
  const members = new Map(Object.entries((body ?? {}) as object));
  const inner = here.properties?.[name];
  const changed = rest.length === 0 ? value : withValue(inner!, members.get(name) ?? exampleOf(inner!), rest, value);
  if (changed === undefined) members.delete(name);
  else members.set(name, changed);
  // Not by assignment, which takes `__proto__` for something else.
  return Object.fromEntries(members);
}

const holds = (schema: Schema, name: string | number) => Object.hasOwn(resolved(schema).properties ?? {}, name);

/** What is around a value that is wrong: the members that have to be there. */
function exampleOf(schema: Schema): unknown {
  const { type, properties = {}, required = [], enum: values, minimum, format } = resolved(schema);
  if (values !== undefined) return values[0];
  if (type === 'object') return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name]!)]));
  if (type === 'array') return [];
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return minimum ?? 1;
  return format === 'date-time' ? '2026-01-01T00:00:00Z' : 'x';
}

/** The valid body where it is one of this alternative; otherwise a list around it. */
function exampleFor(alternative: Schema, valid: unknown): unknown {
  if (faults(alternative, valid).length === 0) return valid;
  const [[name]] = Object.entries(resolved(alternative).properties ?? {}) as [[string, Schema]];
  return { [name]: [valid] };
}

function pointerOf(path: Path): string {
  return path.map((token) => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
