// Who may read what: plans, reviewers and roles of the deployment, applied to a caller.
import { type AccessRole, filterOf, type OperationName, rolesOf } from '../../../core/access/policy.ts';
import type { Reader } from '../../../core/access/reader.ts';
import { isRetention, PERMANENT, retainUntil } from '../../../core/catalog/retention.ts';
import { ACCESS, DEFAULT_PLAN } from '../../../names/access.ts';
import { type Environment, EnvironmentError, jsonObject, requiredText } from '../../shared/environment.ts';
import { type Caller, type ClaimNames, callerOf, claimNames, listIn, recorderOf } from './caller.ts';
import type { HttpEvent } from './http.ts';
import { ROLE_PARAMETER } from './known-parameters.ts';
import { Problem } from './problem.ts';

interface Plan {
  /** Milliseconds; undefined when everything is visible. */
  readonly windowMs: number | undefined;
  readonly downloads: boolean;
}

interface TenantAccess {
  readonly plan: Plan;
  readonly reviewers: readonly string[];
}

/** What a deployment says of who may read what. */
export interface Access {
  readonly claims: ClaimNames;
  readonly casesClaim: string;
  readonly now: () => Date;
  readonly of: (tenant: string) => TenantAccess;
}

const UNLIMITED = 'unlimited';

export function accessOf(environment: Environment, now: () => Date): Access {
  const plans = new Map(
    Object.entries(jsonObject(environment, ACCESS.plansEnv)).map(([name, plan]) => [name, planOf(plan)]),
  );
  const planNamed = (name: string): Plan => {
    const plan = plans.get(name);
    if (plan === undefined) throw new EnvironmentError(`got no plan ${name} in ${ACCESS.plansEnv}`);
    return plan;
  };
  const others: TenantAccess = { plan: planNamed(DEFAULT_PLAN), reviewers: [] };
  const tenants = new Map(
    Object.entries(jsonObject(environment, ACCESS.tenantsEnv)).map(([tenant, said]) => {
      const { plan = DEFAULT_PLAN, reviewers = [] } = said as { plan?: unknown; reviewers?: unknown };
      if (typeof plan !== 'string' || !isTexts(reviewers)) throw new EnvironmentError(`got no access for ${tenant}`);
      return [tenant, { plan: planNamed(plan), reviewers }];
    }),
  );
  return {
    ...{ claims: claimNames(environment), casesClaim: requiredText(environment, ACCESS.casesClaimEnv), now },
    of: (tenant) => tenants.get(tenant) ?? others,
  };
}

function planOf(said: unknown): Plan {
  const { window, downloads } = (said ?? {}) as { window?: unknown; downloads?: unknown };
  if (typeof downloads !== 'boolean' || typeof window !== 'string')
    throw new EnvironmentError('got a plan that is none');
  if (window === UNLIMITED) return { windowMs: undefined, downloads };
  if (window === PERMANENT || !isRetention(window)) throw new EnvironmentError(`got a plan's window ${window}`);
  // Weeks and less (lib/config): the same from wherever it is counted.
  return { windowMs: retainUntil(new Date(0), window)!.getTime(), downloads };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/**
 * Who calls, in the one role that it acts in here, and what of the tenant's entries exists for it (docs/access.md). Throws
 * Problem: incomplete-token, forbidden-role.
 */
export function readerOf(event: HttpEvent, access: Access, operation: OperationName): Reader {
  const caller = callerOf(event, access.claims);
  const role = actingRole(caller, event.queryStringParameters?.[ROLE_PARAMETER], operation);
  const { plan, reviewers } = access.of(caller.tenant);
  const claims: Record<string, unknown> = event.requestContext.authorizer?.jwt?.claims ?? {};
  const { tenant, subject } = caller;
  return {
    ...{ tenant, subject, role, recorder: recorderOf(caller, role) },
    filter: filterOf(role, { subject, reviewers, cases: listIn(claims[access.casesClaim]) }),
    visibleFrom: plan.windowMs === undefined ? 0 : access.now().getTime() - plan.windowMs,
    mayDownload: plan.downloads,
  };
}

/** Roles are never added up: the union of two filters would be more than either office may see. */
function actingRole({ roles }: Caller, named: string | undefined, operation: OperationName): AccessRole {
  const allowed = rolesOf(operation);
  const role = allowed.find((one) => roles.includes(one) && (named === undefined || one === named));
  if (role !== undefined) return role;
  throw new Problem('forbidden-role', `This needs the role ${allowed.join(' or ')}.`);
}

/** Whole chains can't be cut to a window: they are for plans that hide nothing. */
export function isWhole({ mayDownload, visibleFrom }: Reader): boolean {
  return mayDownload && visibleFrom === 0;
}

/** Throws Problem: plan-limit. */
export function requireWholeDownloads(reader: Reader): void {
  if (isWhole(reader)) return;
  throw new Problem('plan-limit', "The tenant's plan includes no export of whole chains.");
}
