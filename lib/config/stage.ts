/** What a deployment may decide. docs/deploy.md explains each for the person who deploys. */
export interface StageConfig {
  /** Prefix of the stacks' names, so that stages can share an account. */
  readonly name: string;
  /** ISO 8601 without years or months: how long blocks stay in DynamoDB. */
  readonly hotWindow: string;
  /** Category to ISO 8601 duration or `permanent`: only what differs from the catalog. */
  readonly retention: Readonly<Record<string, string>>;
  /** What single tenants have that differs: their retention, which may only be longer. */
  readonly tenants: Readonly<Record<string, { readonly retention: Readonly<Record<string, string>> }>>;
  /** Tenant of AWS's own events, and of every event source that `sourceTenants` doesn't name. */
  readonly systemTenant: string;
  readonly sourceTenants: Readonly<Record<string, string>>;
  /** Refuse actions that the catalog doesn't know. */
  readonly strictCatalog: boolean;
  readonly redaction: Redaction;
  readonly limits: Readonly<Partial<Record<LimitName, number>>>;
  /** Absent: a Cognito user pool is created. */
  readonly oidc?: Oidc;
  readonly throttling: Throttling;
  readonly cors: { readonly origins: readonly string[] };
  readonly archive: {
    /** ISO 8601: how long the archive gathers blocks into one segment. */
    readonly batchWindow: string;
  };
  readonly events: {
    /** Event sources of AWS services (`aws.guardduty`) that are recorded beside CloudTrail's management events. */
    readonly awsSources: readonly string[];
  };
  readonly log: DigestLog;
  readonly schedules: Schedules;
  readonly logRetentionDays: number;
  readonly alarmEmail?: string;
  /** Where alarms say that their runbook is. */
  readonly runbook: string;
}

interface DigestLog {
  /** Names the log and its keys for ever; made of region, account and stage when absent. */
  readonly origin?: string;
  /** Serve entry bundles, which hold the digests of all tenants, to everybody. */
  readonly publicEntries: boolean;
}

/** When the daily work is done: EventBridge Scheduler's expressions, in UTC. */
interface Schedules {
  readonly expire: string;
  readonly seal: string;
  readonly verify: string;
  readonly verifyFully: string;
  /** ISO 8601: how long after a seal the next one is late. */
  readonly sealDue: string;
}

interface Redaction {
  readonly patterns: readonly { readonly name: string; readonly pattern: string }[];
  /** RFC 6901 pointers into an entry. */
  readonly pointers: readonly string[];
}

export interface Oidc {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly tenantClaim: string;
  readonly roleClaim: string;
}

interface Throttling {
  /** Requests a second. */
  readonly rateLimit: number;
  readonly burstLimit: number;
}

/** Highest value of each limit, and what forbids more. A deployment may lower them. */
export const LIMIT_BOUNDS = {
  entryBytes: { most: 60_000, because: 'an entry has to fit a C2SP entry bundle' },
  batchEntries: { most: 500, because: 'a block holds 500 entries' },
  batchBytes: { most: 4_000_000, because: 'a DynamoDB transaction holds 4 MB' },
  nesting: { most: 32, because: 'readers of the format may rely on it' },
  futureSeconds: { most: 86_400, because: 'readers of the format may rely on it' },
  bodyBytes: { most: 5_000_000, because: "Lambda's payload holds 6 MB" },
} as const;
export type LimitName = keyof typeof LIMIT_BOUNDS;

export const DEFAULTS = {
  name: 'Indelible',
  hotWindow: 'P90D',
  retention: {},
  tenants: {},
  systemTenant: 'system',
  sourceTenants: {},
  strictCatalog: false,
  redaction: { patterns: [], pointers: [] },
  limits: {},
  // A fifth of an account's default concurrency at 40 ms a request, half of API Gateway's account limit.
  throttling: { rateLimit: 5_000, burstLimit: 5_000 },
  cors: { origins: [] },
  archive: { batchWindow: 'PT20S' },
  events: { awsSources: [] },
  log: { publicEntries: false },
  // What expired is sealed, and what was sealed is verified, within the hour.
  schedules: {
    expire: 'cron(0 1 * * ? *)',
    seal: 'cron(0 2 * * ? *)',
    verify: 'cron(0 3 * * ? *)',
    verifyFully: 'cron(0 4 ? * SUN *)',
    sealDue: 'PT26H',
  },
  logRetentionDays: 365,
  runbook: 'docs/runbook.md',
} as const satisfies StageConfig;
