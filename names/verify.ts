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

export type VerifyMode = 'incremental' | 'full';

/** What an execution is started with. */
export interface VerifyRequest {
  /** 'incremental': what no passed report covers yet. 'full': everything from the beginning. */
  readonly mode: VerifyMode;
  /** Only this tenant, beside the digest log that all share. */
  readonly tenant?: string;
}

/** One version of one object that another step wrote. */
export interface StoredDocument {
  readonly key: string;
  readonly version: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** `request` is the execution's input, `execution` its name, `startedAt` its start: `$`, `$$.Execution.Name`, `.StartTime`. */
export interface PlanInput {
  readonly step: 'plan';
  readonly request: VerifyRequest;
  readonly execution: string;
  readonly startedAt: string;
}

export interface PlanOutput {
  /** Of the verification and its report; follows from the execution's name and start. */
  readonly id: string;
  readonly mode: VerifyMode;
  readonly plan: StoredDocument;
  /** What the Map goes over; never empty. */
  readonly shards: readonly number[];
}

/** `id` and `plan` as Plan answered, `shard` from the Map; `cursor` null in the first slice, then what the one before answered. */
export interface ShardInput {
  readonly step: 'shard';
  readonly id: string;
  readonly plan: StoredDocument;
  readonly shard: number;
  readonly cursor: ShardCursor | null;
}

/** Where a slice stopped. */
interface ShardCursor {
  /** The newest part of the shard's results; each names the one before. */
  readonly part: StoredDocument;
}

/** The loop ends when `done` is true. */
export interface ShardOutput {
  readonly shard: number;
  readonly done: boolean;
  readonly cursor: ShardCursor;
}

/** How a shard ended. One that failed for good may be caught, with ResultPath `$.error`, so that the others still count. */
export interface ShardEnd {
  readonly shard: number;
  readonly done?: boolean;
  readonly cursor?: ShardCursor | null;
  readonly error?: unknown;
}

/** Where telling the tenants stopped. */
interface FinalizeCursor {
  /** The whole report, which is written first. */
  readonly report: StoredDocument;
  /** The next of its tenants to be told. */
  readonly next: number;
}

/** `id` and `plan` as Plan answered, `results` from the Map; `cursor` null at first, then what the one before answered. */
export interface FinalizeInput {
  readonly step: 'conclude';
  readonly id: string;
  readonly plan: StoredDocument;
  readonly results: readonly ShardEnd[];
  readonly cursor: FinalizeCursor | null;
}

export type VerifyInput = PlanInput | ShardInput | FinalizeInput;

/** Succeed for 'intact'; for the others a Fail state named by ENDS with CausePath `$.cause`. */
export type VerifyVerdict = 'intact' | 'altered' | 'missing' | 'truncated' | 'incomplete';

export const ENDS = {
  altered: 'Altered',
  missing: 'Missing',
  truncated: 'Truncated',
  incomplete: 'Incomplete',
} as const satisfies Record<Exclude<VerifyVerdict, 'intact'>, string>;

export interface FinalizeOutput {
  readonly id: string;
  /** The loop ends when this is true; else it is asked to go on at the cursor. */
  readonly done: boolean;
  readonly cursor: FinalizeCursor;
  readonly verdict: VerifyVerdict;
  readonly report: StoredDocument;
  /** The report for people, as far as an execution has room for it. */
  readonly text: string;
  /** JSON `{id, verdict, report, text}`, `report` being its key: a Fail state says nothing but its cause. */
  readonly cause: string;
}

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
