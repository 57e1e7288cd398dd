// What a deployment and its tenants say of retention, read and held against the catalog in one place.
import { CATEGORIES, type RetentionOverrides, retentionOf } from './categories.ts';
import { DEFAULT_RETENTION, isAtLeast, RetentionError } from './retention.ts';

/** Retention by category, as it is configured; keys and values are still anybody's. */
export type Configured = Readonly<Record<string, unknown>>;

export interface RetentionFault {
  /** Undefined for the deployment's own. */
  readonly tenant?: string;
  readonly category: string;
  readonly got: unknown;
  readonly want: string;
}

/** What an entry's category is kept for: an ISO 8601 duration, or `permanent`. */
export type RetentionOf = (tenant: string, category: string) => string;

/**
 * The catalog's retention, unless the deployment says otherwise, unless the tenant is promised more. A category that the
 * catalog does not hold, a period that is none, and a tenant's that is shorter than the deployment's are faults; the policy
 * is of no use if there are any.
 */
export function readRetentionPolicy(
  deployment: Configured,
  tenants: Readonly<Record<string, Configured>>,
): { readonly policy: RetentionOf; readonly faults: readonly RetentionFault[] } {
  const faults: RetentionFault[] = faultsOf(deployment);
  const overrides = deployment as RetentionOverrides;
  const ofAll = (category: string) =>
    // A category that an older or newer version knew: its entries are evidence all the same.
    CATEGORIES.has(category) ? retentionOf(category, overrides) : DEFAULT_RETENTION;
  const own = new Map<string, RetentionOverrides>();
  for (const [tenant, promised] of Object.entries(tenants)) {
    const wrong = faultsOf(promised);
    faults.push(...wrong.map((fault) => ({ tenant, ...fault })));
    if (faults.length === 0) faults.push(...shorter(tenant, promised as RetentionOverrides, ofAll));
    own.set(tenant, promised as RetentionOverrides);
  }
  const policy: RetentionOf = (tenant, category) => {
    const promised = own.get(tenant);
    return promised !== undefined && Object.hasOwn(promised, category) ? promised[category]! : ofAll(category);
  };
  return { policy, faults };
}

function faultsOf(configured: Configured): RetentionFault[] {
  return Object.entries(configured).flatMap(([category, got]) => {
    if (!CATEGORIES.has(category)) return [{ category, got, want: 'a category that the catalog holds' }];
    if (typeof got === 'string' && isPeriod(category, got)) return [];
    return [{ category, got, want: '“permanent” or an ISO 8601 duration such as P7Y' }];
  });
}

function isPeriod(category: string, got: string): boolean {
  try {
    retentionOf(category, { [category]: got });
    return true;
  } catch (error) {
    if (error instanceof RetentionError) return false;
    throw error;
  }
}

function shorter(tenant: string, promised: RetentionOverrides, ofAll: (category: string) => string): RetentionFault[] {
  return Object.entries(promised).flatMap(([category, got]) => {
    const least = ofAll(category);
    if (isAtLeast(got, least)) return [];
    return [{ tenant, category, got, want: `at least ${least}, which the deployment keeps it for` }];
  });
}
