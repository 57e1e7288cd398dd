/** What a deployment may decide. docs/deploy.md explains each for the person who deploys. */
export interface StageConfig {
  /** Prefix of the stacks' names, so that stages can share an account. */
  readonly name: string;
  /** ISO 8601 without years or months: how long blocks stay in DynamoDB. */
  readonly hotWindow: string;
  /** Name of a preset (names/retention-presets.ts), under what `retention` says. */
  readonly retentionPreset: string;
  /** Category to ISO 8601 duration or `permanent`: only what differs from the catalog, the preset's periods included. */
  readonly retention: Readonly<Record<string, string>>;
  /** What single tenants have that differs. */
  readonly tenants: Readonly<Record<string, TenantConfig>>;
  /** What a tenant of each plan sees of its entries. */
  readonly plans: Readonly<Record<string, Plan>>;
  readonly reading: Reading;
  /** Tenant of AWS's own events, and of every event source that `sourceTenants` doesn't name. */
  readonly systemTenant: string;
  readonly sourceTenants: Readonly<Record<string, string>>;
  /** Actions of the deployment's own (core/catalog/own.ts). */
  readonly catalog: Readonly<Record<string, OwnCode>>;
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
  readonly log: LogConfig;
  readonly guard: Guarding;
  readonly schedules: Schedules;
  readonly logRetentionDays: number;
  readonly alarmEmail?: string;
  /** Where alarms say that their runbook is. */
  readonly runbook: string;
}

interface OwnCode {
  readonly category: string;
  readonly severity?: string;
  readonly outcome?: string;
  /** With {actor}, {target} and {action} as placeholders. */
  readonly description?: string;
}

interface TenantConfig {
  /** Category to duration, which may only be longer than the deployment's. */
  readonly retention: Readonly<Record<string, string>>;
  /** Name of a plan. */
  readonly plan?: string;
  /** Subjects of tokens that review the trail; with two of them, each may read of their own administration. */
  readonly reviewers?: readonly string[];
}

export interface Plan {
  /** ISO 8601 duration, or `unlimited`: how far back entries are visible. */
  readonly window: string;
  /** Whether entries may be exported. */
  readonly downloads: boolean;
}

interface Reading {
  /** What is indexed beside time (names/index.ts); each costs write units at every entry. */
  readonly facets: readonly string[];
  /** Gigabytes that one Athena query may scan. */
  readonly scanLimitGigabytes: number;
  /** How long exports can be downloaded. */
  readonly exportDays: number;
}

interface LogConfig {
  /** Names the log and its keys for ever; made of region, account and stage when absent. */
  readonly origin?: string;
  /** Serve entry bundles, which hold the digests of all tenants, to everybody. */
  readonly publicEntries: boolean;
}

/** Names of roles of this account, with their paths, that the policies of the evidence make exceptions for. */
interface Guarding {
  /** Changes how the evidence is protected; absent: the role that `cdk bootstrap` gives CloudFormation. */
  readonly deployRole?: string;
  /** May also destroy keys and tables; absent: nobody may. */
  readonly breakGlassRole?: string;
}

/** When the daily work is done: EventBridge Scheduler's expressions, in UTC. */
interface Schedules {
  readonly expire: string;
  readonly seal: string;
  readonly verify: string;
  readonly verifyFully: string;
  /** ISO 8601: how long after a seal the next one is late. */
  readonly sealDue: string;
  /** How long after a verification that passed the silence of the next one is an alarm, and after an expiry. */
  readonly verifyDue: string;
  readonly expireDue: string;
}

interface Redaction {
  /** Kinds of personal numbers (names/entry.ts). */
  readonly packs: readonly string[];
  readonly patterns: readonly { readonly name: string; readonly pattern: string }[];
  /** RFC 6901 pointers into an entry. */
  readonly pointers: readonly string[];
}

export interface Oidc {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly tenantClaim: string;
  readonly roleClaim: string;
  /** Lists an investigator's cases. */
  readonly casesClaim: string;
  readonly console: ConsoleClient;
}

/** How people sign in to the console with an issuer of one's own. */
export interface ConsoleClient {
  /** A public client that may use the authorization code flow with PKCE; the first audience unless said. */
  readonly clientId: string;
  /** With blanks between them. */
  readonly scope: string;
  /** Which of the issuer's tokens is sent: the one that carries tenant and role. */
  readonly token: 'access' | 'id';
  /** Of the issuer's endpoints, where they are not below the issuer's own. */
  readonly origins: readonly string[];
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
  retentionPreset: 'catalog',
  retention: {},
  tenants: {},
  plans: { full: { window: 'unlimited', downloads: true }, starter: { window: 'P30D', downloads: false } },
  reading: {
    facets: ['actor', 'target', 'action', 'category', 'severity'],
    scanLimitGigabytes: 100,
    exportDays: 7,
  },
  systemTenant: 'system',
  sourceTenants: {},
  catalog: {},
  strictCatalog: false,
  redaction: { packs: [], patterns: [], pointers: [] },
  limits: {},
  // A fifth of an account's default concurrency at 40 ms a request, half of API Gateway's account limit.
  throttling: { rateLimit: 5_000, burstLimit: 5_000 },
  cors: { origins: [] },
  archive: { batchWindow: 'PT20S' },
  events: { awsSources: [] },
  log: { publicEntries: false },
  guard: {},
  // What expired is sealed, and what was sealed is verified, within the hour.
  schedules: {
    expire: 'cron(0 1 * * ? *)',
    seal: 'cron(0 2 * * ? *)',
    verify: 'cron(0 3 * * ? *)',
    verifyFully: 'cron(0 4 ? * SUN *)',
    sealDue: 'PT26H',
    verifyDue: 'PT26H',
    expireDue: 'PT26H',
  },
  logRetentionDays: 365,
  runbook: 'docs/runbook.md',
} as const satisfies StageConfig;
