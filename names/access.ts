/** Who may read what, as far as a deployment decides it. */
export const ACCESS = {
  /** The claim that lists an investigator's cases. */
  casesClaimEnv: 'CASES_CLAIM',
  casesClaim: 'custom:cases',
  /** JSON `{plan: {window: ISO 8601 duration or 'unlimited', downloads: boolean}}`. */
  plansEnv: 'PLANS',
  /** JSON `{tenant: {plan?, reviewers?}}`. */
  tenantsEnv: 'TENANT_ACCESS',
} as const;

/** Of a tenant that names none. */
export const DEFAULT_PLAN = 'full';
