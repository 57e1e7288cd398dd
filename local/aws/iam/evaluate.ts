/**
 * The decision on one action, as IAM makes it within one account: an explicit deny wins; else an allow in the caller's own
 * policies, or in the resource's policy naming the caller, is enough. Pure.
 *
 * A resource policy that names the account only delegates: it lets the caller's own policies decide. For KMS keys those
 * count only where the key policy delegates (`delegation`), as the key policy is the root of all access to a key.
 */

import type { PrincipalSelection, Selection, Statement } from './document.ts';
import { compile, type Lookup, matches, matchesArn } from './glob.ts';
import { holds } from './operators.ts';

export type Caller = RoleCaller | ServiceCaller;

export interface RoleCaller {
  readonly kind: 'account' | 'role' | 'anonymous';
  readonly account: string;
  /** The role's ARN; of the administrator, the account's root. Empty for anonymous requests. */
  readonly arn: string;
  /** The ARN that AWS shows: `arn:aws:sts::…:assumed-role/ROLE/SESSION`. */
  readonly shownArn: string;
  readonly statements: readonly Statement[];
}

/** An AWS service acting in its own name, such as EventBridge sending to a queue. */
interface ServiceCaller {
  readonly kind: 'service';
  readonly service: string;
}

export interface Question {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  /** Condition keys in lower case. */
  readonly context: ReadonlyMap<string, readonly string[]>;
  /** The policy on the resource, if it has one. */
  readonly resourcePolicy?: readonly Statement[];
  /** The caller's own policies count only if the resource policy delegates to the account. */
  readonly delegation: boolean;
}

export type Decision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly explicit: boolean;
      readonly by: 'identity' | 'resource';
      readonly sid?: string;
    };

type Match = 'caller' | 'account' | undefined;

export function evaluate(question: Question): Decision {
  const { caller, resourcePolicy = [] } = question;
  const identity = caller.kind === 'service' ? [] : caller.statements;

  const denied = (statement: Statement) => statement.effect === 'Deny' && applies(statement, question);
  for (const [by, statements] of [
    ['identity', identity],
    ['resource', resourcePolicy],
  ] as const) {
    const deny = statements.find((statement) => denied(statement) && (by === 'identity' || names(statement, caller)));
    if (deny) return { allowed: false, explicit: true, by, ...(deny.sid === undefined ? {} : { sid: deny.sid }) };
  }

  const allows = resourcePolicy
    .filter((statement) => statement.effect === 'Allow' && applies(statement, question))
    .map((statement) => names(statement, caller));
  if (allows.includes('caller')) return { allowed: true };
  if (question.delegation && !allows.includes('account')) return { allowed: false, explicit: false, by: 'resource' };
  if (identity.some((statement) => statement.effect === 'Allow' && applies(statement, question))) {
    return { allowed: true };
  }
  return {
    allowed: false,
    explicit: false,
    by: caller.kind === 'role' || caller.kind === 'account' ? 'identity' : 'resource',
  };
}

/** Whether action, resource and conditions fit; the principal is looked at apart. */
function applies(statement: Statement, { action, resource, context }: Question): boolean {
  const lookup: Lookup | undefined = statement.variables
    ? (key) => {
        const values = context.get(key.toLowerCase());
        return values?.length === 1 ? values[0] : undefined;
      }
    : undefined;
  return (
    selects(statement.actions, (pattern) => fitsAction(pattern, action)) &&
    selects(statement.resources, (pattern) => fitsResource(pattern, resource, lookup)) &&
    statement.conditions.every(({ operator, key, values }) =>
      holds(operator, values, context.get(key.toLowerCase()), lookup),
    )
  );
}

function selects({ not, patterns }: Selection, fits: (pattern: string) => boolean): boolean {
  return patterns.some(fits) !== not;
}

function fitsAction(pattern: string, action: string): boolean {
  return matches(compile(pattern.toLowerCase(), undefined)!, action.toLowerCase());
}

function fitsResource(text: string, resource: string, lookup: Lookup | undefined): boolean {
  const pattern = compile(text, lookup);
  return pattern !== undefined && matchesArn(pattern, resource);
}

function names({ principals }: Statement, caller: Caller): Match {
  if (!principals) return undefined;
  if (!principals.not) return principalMatch(principals, caller);
  return principalMatch(principals, caller) === undefined ? 'caller' : undefined;
}

function principalMatch({ principals }: PrincipalSelection, caller: Caller): Match {
  const found = principals.map(({ kind, value }): Match => {
    // Everybody, services too: hence `aws:PrincipalIsAWSService` in denies that mean to spare them.
    if (kind === 'AWS' && value === '*') return 'caller';
    if (caller.kind === 'service') return kind === 'Service' && value === caller.service ? 'caller' : undefined;
    if (kind !== 'AWS') return undefined;
    if (caller.kind === 'anonymous') return undefined;
    if (value === caller.arn || value === caller.shownArn) return 'caller';
    const root = `arn:aws:iam::${caller.account}:root`;
    return value === caller.account || value === root ? (caller.arn === root ? 'caller' : 'account') : undefined;
  });
  return found.includes('caller') ? 'caller' : found.includes('account') ? 'account' : undefined;
}
