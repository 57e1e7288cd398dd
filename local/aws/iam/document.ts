/** Policy documents, read strictly: whatever the evaluator would not honour is refused when the policy is attached. */
import { isOperator, type Operator, parseOperator } from './operators.ts';

/** The document can't be honoured; the message says where and what. */
export class PolicyFault extends Error {
  override readonly name = 'PolicyFault';
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface Selection {
  readonly not: boolean;
  readonly patterns: readonly string[];
}

export interface PrincipalSelection {
  readonly not: boolean;
  /** Kind (`AWS`, `Service`, `Federated`, `CanonicalUser`) and value; `AWS` `*` is everybody. */
  readonly principals: readonly { readonly kind: string; readonly value: string }[];
}

interface Condition {
  readonly operator: Operator;
  readonly key: string;
  readonly values: readonly string[];
}

export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly principals?: PrincipalSelection;
  readonly actions: Selection;
  readonly resources: Selection;
  readonly conditions: readonly Condition[];
  /** Variables are replaced in version 2012-10-17 only. */
  readonly variables: boolean;
}

export type PolicyKind = 'identity' | 'resource' | 'trust';

const VERSIONS = ['2008-10-17', '2012-10-17'];
const STATEMENT_KEYS = [
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
];
const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

export function parsePolicy(document: unknown, kind: PolicyKind): readonly Statement[] {
  const value = typeof document === 'string' ? parseJson(document) : document;
  const policy = record(value, 'The policy');
  for (const key of Object.keys(policy)) {
    if (!['Version', 'Id', 'Statement'].includes(key)) throw new PolicyFault(`A policy has no ${key}.`);
  }
  const version = policy.Version ?? '2008-10-17';
  if (typeof version !== 'string' || !VERSIONS.includes(version)) {
    throw new PolicyFault(`The policy's Version is ${JSON.stringify(version)}, not one of ${VERSIONS.join(', ')}.`);
  }
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
  return statements.map((statement, index) => parseStatement(statement, kind, version === '2012-10-17', index));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyFault('The policy is not JSON.');
  }
}

function parseStatement(value: unknown, kind: PolicyKind, variables: boolean, index: number): Statement {
  const statement = record(value, `Statement ${index}`);
  const place = `Statement ${typeof statement.Sid === 'string' ? statement.Sid : index}`;
  for (const key of Object.keys(statement)) {
    if (!STATEMENT_KEYS.includes(key)) throw new PolicyFault(`${place} has an unknown element ${key}.`);
  }
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw new PolicyFault(`${place}: Effect must be Allow or Deny.`);
  }
  const principals = parsePrincipals(statement, place);
  if ((kind === 'identity') !== (principals === undefined)) {
    throw new PolicyFault(
      `${place}: ${kind === 'identity' ? "an identity's policy names no principal" : 'no Principal'}.`,
    );
  }
  const resources = selection(statement, 'Resource', place);
  if (!resources && kind !== 'trust') throw new PolicyFault(`${place} names no Resource.`);
  const actions = selection(statement, 'Action', place);
  if (!actions) throw new PolicyFault(`${place} names no Action.`);
  return {
    ...(typeof statement.Sid === 'string' ? { sid: statement.Sid } : {}),
    effect: statement.Effect,
    ...(principals === undefined ? {} : { principals }),
    actions,
    resources: resources ?? { not: false, patterns: ['*'] },
    conditions: parseConditions(statement.Condition, place),
    variables,
  };
}

function selection(statement: Record<string, unknown>, name: 'Action' | 'Resource', place: string) {
  const plain = statement[name];
  const negated = statement[`Not${name}`];
  if (plain !== undefined && negated !== undefined) throw new PolicyFault(`${place} has ${name} and Not${name}.`);
  if (plain === undefined && negated === undefined) return undefined;
  return { not: plain === undefined, patterns: texts(plain ?? negated, `${place}: ${name}`) };
}

function parsePrincipals(statement: Record<string, unknown>, place: string): PrincipalSelection | undefined {
  const { Principal: plain, NotPrincipal: negated } = statement;
  if (plain !== undefined && negated !== undefined) throw new PolicyFault(`${place} has Principal and NotPrincipal.`);
  const value = plain ?? negated;
  if (value === undefined) return undefined;
  const not = plain === undefined;
  if (value === '*') return { not, principals: [{ kind: 'AWS', value: '*' }] };
  const principals = Object.entries(record(value, `${place}: Principal`)).flatMap(([kind, names]) => {
    if (!PRINCIPAL_KINDS.includes(kind)) throw new PolicyFault(`${place}: unknown kind of principal ${kind}.`);
    return texts(names, `${place}: Principal`).map((name) => ({ kind, value: name }));
  });
  return { not, principals };
}

function parseConditions(value: unknown, place: string): Condition[] {
  if (value === undefined) return [];
  return Object.entries(record(value, `${place}: Condition`)).flatMap(([name, keys]) => {
    if (!isOperator(name)) throw new PolicyFault(`${place}: unknown condition operator ${name}.`);
    const operator = parseOperator(name);
    return Object.entries(record(keys, `${place}: ${name}`)).map(([key, values]) => ({
      operator,
      key,
      values: texts(values, `${place}: ${name} ${key}`),
    }));
  });
}

/** Conditions may hold booleans and numbers; they mean their text. */
function texts(value: unknown, place: string): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new PolicyFault(`${place} is empty.`);
  return list.map((item) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'boolean' || typeof item === 'number') return String(item);
    throw new PolicyFault(`${place} must be text.`);
  });
}

function record(value: unknown, place: string): Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new PolicyFault(`${place} must be an object.`);
  }
  return value as Record<string, unknown>;
}
