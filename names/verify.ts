/**
 * The verification state machine and its reports, as code and infrastructure both name them.
 *
 *   Plan ─► Map over $.shards: (Shard ─► done? else Shard again) ─► Conclude ─► done? else again ─► Choice on $.verdict
 */
export const VERIFY = {
  /** Topic that people are told on when something is not intact. */
  alertsTopicEnv: 'ALERTS_TOPIC',
  reportsPrefix: 'reports/',
  /** Reports are kept as long as entries of this category. */
  reportsCategory: 'audit',
  /** Name of the state machine behind the stage's name and a hyphen. */
  stateMachine: 'Verify',
} as const;

/** Succeed for 'intact'; for the others a Fail state named by ENDS with CausePath `$.cause`. */
export type VerifyVerdict = 'intact' | 'altered' | 'missing' | 'truncated' | 'incomplete';

export const ENDS = {
  altered: 'Altered',
  missing: 'Missing',
  truncated: 'Truncated',
  incomplete: 'Incomplete',
} as const satisfies Record<Exclude<VerifyVerdict, 'intact'>, string>;

const LAST_MILLISECOND = 9_999_999_999_999;

/**
 * `20261126T065751123Z-1f2e3d4c`. Listings rise and people want the newest first, so keys begin with the time that is
 * left until the year 2286.
 */
const ID = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z-[0-9a-f]{8}$/;

export const VERIFICATION_ID = ID.source;

export const verificationId = (startedAt: Date, distinction: string): string =>
  `${startedAt.toISOString().replaceAll(/[-:.]/g, '')}-${distinction}`;

export const isVerificationId = (id: string): boolean => ID.test(id);

const newestFirst = (id: string): string => {
  const iso = id.replace(ID, '$1-$2-$3T$4:$5:$6.$7Z');
  return `${String(LAST_MILLISECOND - Date.parse(iso)).padStart(13, '0')}-${id}`;
};

/** The whole reports, newest first. */
export const VERIFICATIONS_PREFIX = `${VERIFY.reportsPrefix}verifications/`;

/** The whole report, for whoever runs the deployment. */
export const reportKey = (id: string, kind: 'json' | 'txt'): string =>
  `${VERIFICATIONS_PREFIX}${newestFirst(id)}.${kind}`;

export const tenantReportsPrefix = (tenant: string): string => `${VERIFY.reportsPrefix}tenant=${tenant}/`;

/** What a report says about one tenant, for that tenant. */
export const tenantReportKey = (tenant: string, id: string): string =>
  `${tenantReportsPrefix(tenant)}${newestFirst(id)}.json`;

/** What a verification works with; `fingerprint` is of the bytes, which differ when a step is repeated. */
export const verificationPlanKey = (id: string, fingerprint: string): string =>
  `${VERIFY.reportsPrefix}runs/${id}/plan-${fingerprint}.json`;

export const verificationPartKey = (id: string, shard: number, part: number, fingerprint: string): string =>
  `${VERIFY.reportsPrefix}runs/${id}/shard-${shard}-${String(part).padStart(6, '0')}-${fingerprint}.json`;
