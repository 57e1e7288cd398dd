// Who calls, by the claims of the verified token.
import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { MAX_IDENTIFIER, type Recorder } from '../../../core/entry/schema.ts';
import { API, ROLES, type Role } from '../../../names/api.ts';
import { TENANT_PATTERN } from '../../../names/patterns.ts';
import { type Environment, requiredText } from '../../shared/environment.ts';
import { Problem } from './problem.ts';

/** Who calls, as the verified token says: API Gateway has checked signature, issuer, audience and times. */
export interface Caller {
  readonly tenant: string;
  readonly roles: readonly Role[];
  readonly subject: string;
  readonly issuer: string | undefined;
}

export interface ClaimNames {
  readonly tenant: string;
  readonly role: string;
}

export function claimNames(environment: Environment): ClaimNames {
  return {
    tenant: requiredText(environment, API.tenantClaimEnv),
    role: requiredText(environment, API.roleClaimEnv),
  };
}

const TENANT = new RegExp(TENANT_PATTERN);
/** The subject becomes the entry's recorder, which holds no control character and is well-formed (docs/format.md, "Entries"). */
const isPlain = (subject: string): boolean => subject.isWellFormed() && /^\P{Cc}+$/u.test(subject);

export function callerOf(event: APIGatewayProxyEventV2WithJWTAuthorizer, names: ClaimNames): Caller {
  const claims: Record<string, unknown> = event.requestContext.authorizer?.jwt?.claims ?? {};
  const tenant = text(claims[names.tenant]);
  const subject = text(claims.sub) ?? text(claims.client_id);
  if (tenant === undefined || !TENANT.test(tenant)) {
    throw new Problem('incomplete-token', `The token has no usable claim ${names.tenant}.`);
  }
  if (subject === undefined || subject.length > MAX_IDENTIFIER || !isPlain(subject)) {
    throw new Problem('incomplete-token', 'The token has no usable claim sub or client_id.');
  }
  return { tenant, subject, roles: rolesIn(claims[names.role]), issuer: text(claims.iss) };
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}

/**
 * A role, or several: API Gateway hands an array claim on as `[writer admin]`, an issuer may send a real array or words
 * separated by blanks. Names that are no roles here give no rights.
 */
function rolesIn(claim: unknown): Role[] {
  const words = listIn(claim);
  return ROLES.filter((role) => words.includes(role));
}

/** A claim that lists words, however it came: see `rolesIn`. */
export function listIn(claim: unknown): readonly string[] {
  const words = Array.isArray(claim) ? claim : (text(claim) ?? '').replace(/^\[(.*)\]$/, '$1').split(/[\s,]+/);
  return words.filter((word) => typeof word === 'string' && word !== '');
}

/** The first of the caller's roles that is allowed; it becomes part of the record. */
export function requireRole(caller: Caller, allowed: readonly Role[]): Role {
  const role = caller.roles.find((one) => allowed.includes(one));
  if (role !== undefined) return role;
  throw new Problem('forbidden-role', `This needs the role ${allowed.join(' or ')}.`);
}

/** Without a role of a caller that has none that counts. */
export function recorderOf(caller: Caller, role?: Role): Recorder {
  return {
    type: 'token',
    id: caller.subject,
    ...(caller.issuer === undefined ? {} : { issuer: caller.issuer }),
    ...(role === undefined ? {} : { role }),
  };
}
