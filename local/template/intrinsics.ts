/**
 * CloudFormation's intrinsic functions, on parsed templates. An intrinsic that is not here stops the start: a value that was
 * silently left unresolved would reach a handler as an object.
 */
import { StartFailure } from '../failure.ts';

type Json = unknown;
type JsonObject = Readonly<Record<string, unknown>>;

/** Marks a property that `AWS::NoValue` removes. */
const ABSENT = Symbol('AWS::NoValue');

/** What a template's references mean; the engine answers from parameters, provisioned resources, exports. */
export interface Scope {
  /** Names the place in messages, such as `Stack/LogicalId`. */
  readonly place: string;
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  imported(exportName: string): unknown;
  condition(name: string): boolean;
  mapping(name: string, first: string, second: string): unknown;
}

export const PSEUDO_PARAMETERS = [
  'AWS::AccountId',
  'AWS::NoValue',
  'AWS::NotificationARNs',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
] as const;

export function resolve(value: Json, scope: Scope): unknown {
  const resolved = evaluate(value, scope);
  return resolved === ABSENT ? undefined : resolved;
}

export function evaluateCondition(value: Json, scope: Scope): boolean {
  const resolved = evaluate(value, scope);
  if (typeof resolved === 'boolean') return resolved;
  if (resolved === 'true' || resolved === 'false') return resolved === 'true';
  throw new StartFailure(`${scope.place}: a condition is neither true nor false.`);
}

function evaluate(value: Json, scope: Scope): unknown {
  if (typeof value === 'string') return literal(value, scope);
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope)).filter((item) => item !== ABSENT);
  if (value === null || typeof value !== 'object') return value;
  const call = intrinsicOf(value as JsonObject);
  if (call) return apply(call.name, call.argument, scope);
  const result: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const resolved = evaluate(member, scope);
    if (resolved !== ABSENT) result[key] = resolved;
  }
  return result;
}

function literal(text: string, scope: Scope): string {
  if (text.includes('{{resolve:')) {
    throw new StartFailure(`${scope.place}: dynamic references such as ${text} can't be resolved on this machine.`);
  }
  return text;
}

/** An intrinsic is an object with exactly one member, named Ref, Condition or Fn::. */
function intrinsicOf(value: JsonObject): { name: string; argument: Json } | undefined {
  const names = Object.keys(value);
  const name = names[0];
  if (names.length !== 1 || name === undefined) return undefined;
  if (name === 'Ref' || name.startsWith('Fn::')) return { name, argument: value[name] };
  // `Condition` is an intrinsic only with a string: policy statements have a member of that name, an object.
  if (name === 'Condition' && typeof value[name] === 'string') return { name, argument: value[name] };
  return undefined;
}

type Intrinsic = (argument: Json, scope: Scope) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => (argument === 'AWS::NoValue' ? ABSENT : scope.ref(text(argument, scope))),
  Condition: (argument, scope) => scope.condition(text(argument, scope)),
  'Fn::GetAtt': getAtt,
  'Fn::Sub': substitute,
  'Fn::Join': (argument, scope) => {
    const [separator, items] = pair(argument, scope);
    return list(evaluate(items, scope), scope)
      .map((item) => scalar(item, scope))
      .join(text(separator, scope));
  },
  'Fn::Select': (argument, scope) => {
    const [index, items] = pair(argument, scope);
    const values = list(evaluate(items, scope), scope);
    const position = Number(evaluate(index, scope));
    if (!Number.isInteger(position) || position < 0 || position >= values.length) {
      throw new StartFailure(`${scope.place}: Fn::Select wants item ${position} of ${values.length}.`);
    }
    return values[position];
  },
  'Fn::Split': (argument, scope) => {
    const [separator, source] = pair(argument, scope);
    return scalar(evaluate(source, scope), scope).split(text(separator, scope));
  },
  'Fn::ImportValue': (argument, scope) => scope.imported(scalar(evaluate(argument, scope), scope)),
  'Fn::If': (argument, scope) => {
    const [name, whenTrue, whenFalse] = list(argument, scope);
    return evaluate(scope.condition(text(name, scope)) ? whenTrue : whenFalse, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = pair(argument, scope).map((side) => evaluate(side, scope));
    return String(left) === String(right);
  },
  'Fn::And': (argument, scope) => list(argument, scope).every((item) => evaluateCondition(item, scope)),
  'Fn::Or': (argument, scope) => list(argument, scope).some((item) => evaluateCondition(item, scope)),
  'Fn::Not': (argument, scope) => !list(argument, scope).every((item) => evaluateCondition(item, scope)),
  'Fn::FindInMap': (argument, scope) => {
    const [name, first, second] = list(argument, scope).map((item) => scalar(evaluate(item, scope), scope));
    return scope.mapping(name ?? '', first ?? '', second ?? '');
  },
  'Fn::Base64': (argument, scope) => Buffer.from(scalar(evaluate(argument, scope), scope)).toString('base64'),
  'Fn::ToJsonString': (argument, scope) => JSON.stringify(evaluate(argument, scope)),
  'Fn::Length': (argument, scope) => list(evaluate(argument, scope), scope).length,
};

function apply(name: string, argument: Json, scope: Scope): unknown {
  const intrinsic = INTRINSICS[name];
  if (!intrinsic) throw new StartFailure(`${scope.place}: the local runtime can't evaluate ${name}.`);
  return intrinsic(argument, scope);
}

function getAtt(argument: Json, scope: Scope): unknown {
  const parts = typeof argument === 'string' ? argument.split('.') : list(argument, scope);
  const [logicalId, ...attribute] = parts.map((part) => scalar(evaluate(part, scope), scope));
  return scope.attribute(logicalId ?? '', attribute.join('.'));
}

/** `${Name}`, `${Name.Attribute}`, `${!Literal}`; names from the map come first. */
function substitute(argument: Json, scope: Scope): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = (variables ?? {}) as JsonObject;
  return text(template, scope).replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(own, name)) return scalar(evaluate(own[name], scope), scope);
    if (name.startsWith('AWS::')) return scalar(scope.ref(name), scope);
    const dot = name.indexOf('.');
    if (dot === 0) throw new StartFailure(`${scope.place}: Fn::Sub has ${whole}.`);
    const value = dot < 0 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1));
    return scalar(value, scope);
  });
}

function text(value: Json, scope: Scope): string {
  if (typeof value !== 'string')
    throw new StartFailure(`${scope.place}: an intrinsic wants a string, got ${kind(value)}.`);
  return value;
}

function scalar(value: unknown, scope: Scope): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new StartFailure(`${scope.place}: a string was wanted where the template gives ${kind(value)}.`);
}

function list(value: unknown, scope: Scope): unknown[] {
  if (!Array.isArray(value))
    throw new StartFailure(`${scope.place}: a list was wanted where the template gives ${kind(value)}.`);
  return value;
}

function pair(value: unknown, scope: Scope): [unknown, unknown] {
  const items = list(value, scope);
  if (items.length !== 2)
    throw new StartFailure(`${scope.place}: an intrinsic wants two arguments, got ${items.length}.`);
  return [items[0], items[1]];
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The names that a value refers to, without evaluating it: what must be there before it can be. */
export function references(value: Json): { resources: Set<string>; imports: Json[] } {
  const resources = new Set<string>();
  const imports: Json[] = [];
  collect(value, resources, imports);
  return { resources, imports };
}

function collect(value: Json, resources: Set<string>, imports: Json[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, resources, imports);
    return;
  }
  if (value === null || typeof value !== 'object') return;
  const call = intrinsicOf(value as JsonObject);
  if (call?.name === 'Ref' && typeof call.argument === 'string') resources.add(call.argument);
  if (call?.name === 'Fn::GetAtt') {
    const target = Array.isArray(call.argument) ? call.argument[0] : String(call.argument).split('.')[0];
    if (typeof target === 'string') resources.add(target);
  }
  if (call?.name === 'Fn::Sub') {
    const [template, own] = Array.isArray(call.argument) ? call.argument : [call.argument, {}];
    for (const match of String(template).matchAll(/\$\{([^!}][^}]*)\}/g)) {
      const name = match[1] ?? '';
      if (!Object.hasOwn((own ?? {}) as object, name)) resources.add(name.split('.')[0] ?? '');
    }
  }
  if (call?.name === 'Fn::ImportValue') imports.push(call.argument);
  for (const member of Object.values(value)) collect(member, resources, imports);
}
