// Checks a configuration as a whole, and fills in its defaults.
import { deflateRawSync } from 'node:zlib';
import { ACCESS, DEFAULT_PLAN } from '../../names/access.ts';
import { API } from '../../names/api.ts';
import { REDACTION_PACKS } from '../../names/entry.ts';
import { FACETS } from '../../names/index.ts';
import { CATEGORY_PATTERN, TENANT_PATTERN } from '../../names/patterns.ts';
import { RETENTION_PRESETS } from '../../names/retention-presets.ts';
import { checkDomain } from './domain.ts';
import { fixedSeconds, parseDuration } from './duration.ts';
import { Faults, type Rule, Section } from './reader.ts';
import { LIMIT_BOUNDS, type LimitName, type Oidc, type Plan, type StageConfig } from './stage.ts';

const TENANT = new RegExp(TENANT_PATTERN);
const CATEGORY = new RegExp(CATEGORY_PATTERN);
const SOURCE = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/;
const STACK_PREFIX = /^[A-Za-z][A-Za-z0-9-]{0,99}$/;
const AWS_SOURCE = /^aws\.[a-z0-9.-]+$/;
/** cron(…), rate(…) or at(…): what EventBridge Scheduler makes of it is AWS's to say. */
const SCHEDULE = /^(?:cron\([^()]{11,}\)|rate\([1-9][0-9]* (?:minute|hour|day)s?\))$/;
/** One line of a checkpoint and the name of its keys (C2SP signed-note); 255 bytes is what a cosignature can say. */
const ORIGIN = /^[!-*,-~]{1,255}$/;
const POINTER = /^(\/([^~/]|~[01])*)+$/;
/** A role's name with its path: what follows `role/` in its ARN. */
const ROLE_NAME = /^(?:[!-~]{1,510}\/)?[A-Za-z0-9_+=,.@-]{1,64}$/;
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

/** A writer must never meet an expired position: its cached head lives a minute, TTL deletes within days of the time. */
const LEAST_HOT_SECONDS = 86_400;
/** The archive has to hold a block within a minute of its commit; the rest is reading, packing and one retry. */
const MOST_BATCH_WINDOW_SECONDS = 40;
/** An alarm on what is missing counts whole hours, and all its periods together are at most a week. */
const LEAST_DUE_SECONDS = 3_600;
const MOST_DUE_SECONDS = 7 * 86_400;
/** CloudWatch Logs takes these only. */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
/** API Gateway's account limit; a stage can't exceed it without a quota increase, which is why it is no hard bound here. */
const MOST_THROTTLE = 1_000_000;
/** What Athena lets a workgroup allow is more than any trail should be asked for at once: a hundred terabytes. */
const MOST_SCAN_GIGABYTES = 100_000;
const MOST_EXPORT_DAYS = 365;
/** Lambda holds 4 KB of environment, names and the other variables included. */
const MOST_ENVIRONMENT_BYTES = 3_000;

const TENANT_NAME: Rule = {
  want: 'a tenant: a letter or digit, then at most 127 more or . _ -',
  accepts: (text) => TENANT.test(text),
};
const CATEGORY_NAME: Rule = {
  want: 'a category: lower-case letters, digits and _',
  accepts: (text) => CATEGORY.test(text),
};
const SOURCE_NAME: Rule = { want: 'an event source', accepts: (text) => SOURCE.test(text) };
const PLAN_NAME: Rule = {
  want: 'a plan: lower-case letters, digits and -',
  accepts: (text) => /^[a-z][a-z0-9-]{0,31}$/.test(text),
};
const RETENTION: Rule = { want: "an ISO 8601 duration such as P7Y, or 'permanent'", accepts: isRetention };

/** The configuration names every fault at once; nothing is synthesized from one that has any. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options?: ErrorOptions) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((line) => `  ${line}`).join('\n')}`,
      options,
    );
    this.faults = faults;
  }
}

export function validateConfig(value: unknown): StageConfig {
  const faults = new Faults();
  const root = new Section(value, '', faults);
  const config: StageConfig = {
    name: root.text('name', 'letters, digits and hyphens, beginning with a letter', (text) => STACK_PREFIX.test(text)),
    hotWindow: root.text('hotWindow', 'an ISO 8601 duration in weeks, days or less, at least P1D', isHotWindow),
    ...retention(root),
    tenants: tenants(root),
    plans: plans(root),
    reading: reading(root.section('reading')),
    systemTenant: root.text('systemTenant', TENANT_NAME.want, TENANT_NAME.accepts),
    sourceTenants: root.map('sourceTenants', SOURCE_NAME, TENANT_NAME),
    catalog: root.object('catalog') as StageConfig['catalog'],
    strictCatalog: root.flag('strictCatalog'),
    redaction: redaction(root.section('redaction')),
    limits: limits(root.section('limits')),
    ...(root.has('oidc') ? { oidc: oidc(root.section('oidc')) } : {}),
    throttling: throttling(root.section('throttling')),
    cors: cors(root.section('cors')),
    archive: archive(root.section('archive')),
    events: events(root.section('events')),
    log: log(root.section('log')),
    guard: guard(root.section('guard')),
    schedules: schedules(root.section('schedules')),
    logRetentionDays: logRetentionDays(root, faults),
    ...(root.has('alarmEmail')
      ? { alarmEmail: root.text('alarmEmail', 'an email address', (text) => EMAIL.test(text)) }
      : {}),
    runbook: root.text('runbook', 'a path or URL', (text) => text !== ''),
  };
  root.finish();
  checkPlans(config, faults);
  // Misread values stand as what they default to, which the domain has nothing to say of.
  if (faults.lines.length === 0) checkDomain(config, faults);
  checkEnvironment(config, faults);
  if (faults.lines.length > 0) throw new ConfigurationError(faults.lines);
  return config;
}

/** What the configuration says of a category stands over what its preset says. */
function retention(root: Section): Pick<StageConfig, 'retentionPreset' | 'retention'> {
  const known = Object.keys(RETENTION_PRESETS);
  const retentionPreset = root.text('retentionPreset', `one of ${known.join(', ')}`, (text) => known.includes(text));
  const own = root.map('retention', CATEGORY_NAME, RETENTION);
  return { retentionPreset, retention: { ...RETENTION_PRESETS[retentionPreset], ...own } };
}

function isHotWindow(text: string): boolean {
  return (fixedSeconds(text) ?? 0) >= LEAST_HOT_SECONDS;
}

function isRetention(text: string): boolean {
  if (text === 'permanent') return true;
  const duration = parseDuration(text);
  return duration !== undefined && duration.years + duration.months + duration.seconds > 0;
}

function redaction(section: Section): StageConfig['redaction'] {
  const packs = section.texts('packs', `one of ${REDACTION_PACKS.join(', ')}`, (text) =>
    REDACTION_PACKS.some((pack) => pack === text),
  );
  const patterns = section.sections('patterns').map((pattern) => {
    const read = {
      name: pattern.text('name', 'a name', (text) => text !== ''),
      pattern: pattern.text('pattern', 'a regular expression', isRegularExpression),
    };
    pattern.finish();
    return read;
  });
  const pointers = section.texts('pointers', 'a JSON pointer (RFC 6901)', (text) => POINTER.test(text));
  section.finish();
  return { packs, patterns, pointers };
}

function isRegularExpression(text: string): boolean {
  if (text === '') return false;
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

function limits(section: Section): StageConfig['limits'] {
  const read: Partial<Record<LimitName, number>> = {};
  for (const [name, { most, because }] of Object.entries(LIMIT_BOUNDS)) {
    if (section.has(name)) read[name as LimitName] = section.whole(name, 1, most, because);
  }
  section.finish();
  return read;
}

function oidc(section: Section): Oidc {
  const claim = (name: string, otherwise: string) =>
    section.has(name) ? section.text(name, 'the name of a claim', (text) => text !== '') : otherwise;
  const read = {
    issuer: section.text('issuer', 'an https URL (http on loopback only)', isIssuer),
    audience: section.texts('audience', 'an audience', (text) => text !== '', 1),
    tenantClaim: claim('tenantClaim', API.tenantClaim),
    roleClaim: claim('roleClaim', API.roleClaim),
    casesClaim: claim('casesClaim', ACCESS.casesClaim),
  };
  section.finish();
  return read;
}

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
}

function throttling(section: Section): StageConfig['throttling'] {
  const read = {
    rateLimit: section.whole('rateLimit', 1, MOST_THROTTLE),
    burstLimit: section.whole('burstLimit', 1, MOST_THROTTLE),
  };
  section.finish();
  return read;
}

function cors(section: Section): StageConfig['cors'] {
  const origins = section.texts('origins', 'an origin such as https://console.example.com', isOrigin);
  section.finish();
  return { origins };
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function archive(section: Section): StageConfig['archive'] {
  const batchWindow = section.text(
    'batchWindow',
    `an ISO 8601 duration of at most PT${MOST_BATCH_WINDOW_SECONDS}S`,
    (text) => {
      const seconds = fixedSeconds(text);
      return seconds !== undefined && seconds <= MOST_BATCH_WINDOW_SECONDS;
    },
  );
  section.finish();
  return { batchWindow };
}

function events(section: Section): StageConfig['events'] {
  const awsSources = section.texts('awsSources', 'an AWS event source such as aws.guardduty', (text) =>
    AWS_SOURCE.test(text),
  );
  section.finish();
  return { awsSources };
}

function tenants(root: Section): StageConfig['tenants'] {
  const read = root.named('tenants', TENANT_NAME).map(([tenant, section]) => {
    const read = {
      retention: section.has('retention') ? section.map('retention', CATEGORY_NAME, RETENTION) : {},
      ...(section.has('plan') ? { plan: section.text('plan', PLAN_NAME.want, PLAN_NAME.accepts) } : {}),
      ...(section.has('reviewers')
        ? { reviewers: section.texts('reviewers', "a token's subject", (text) => text !== '') }
        : {}),
    };
    section.finish();
    return [tenant, read] as const;
  });
  return Object.fromEntries(read);
}

function plans(root: Section): StageConfig['plans'] {
  const read = root.named('plans', PLAN_NAME).map(([name, section]) => {
    const plan: Plan = {
      window: section.text('window', "an ISO 8601 duration in weeks, days or less, or 'unlimited'", isWindow),
      downloads: section.flag('downloads'),
    };
    section.finish();
    return [name, plan] as const;
  });
  return Object.fromEntries(read);
}

function isWindow(text: string): boolean {
  return text === 'unlimited' || (fixedSeconds(text) ?? 0) > 0;
}

function reading(section: Section): StageConfig['reading'] {
  const known = Object.keys(FACETS);
  const read = {
    facets: section.texts('facets', `one of ${known.join(', ')}`, (text) => known.includes(text)),
    scanLimitGigabytes: section.whole('scanLimitGigabytes', 1, MOST_SCAN_GIGABYTES),
    exportDays: section.whole(
      'exportDays',
      1,
      MOST_EXPORT_DAYS,
      'a presigned link and what it opens should not outlive their purpose',
    ),
  };
  section.finish();
  return read;
}

/** A tenant's plan has to exist, and the one of tenants that name none. */
function checkPlans({ plans: known, tenants: all }: StageConfig, faults: Faults): void {
  const names = Object.keys(known);
  if (!names.includes(DEFAULT_PLAN))
    faults.add('plans', names.join(', '), `the plan ${DEFAULT_PLAN}, which tenants have that name none`);
  for (const [tenant, { plan }] of Object.entries(all)) {
    if (plan !== undefined && !names.includes(plan))
      faults.add(`tenants.${tenant}.plan`, plan, `one of ${names.join(', ')}`);
  }
}

function log(section: Section): StageConfig['log'] {
  const want = 'a line of at most 255 visible ASCII characters without a plus sign';
  const read = {
    ...(section.has('origin') ? { origin: section.text('origin', want, (text) => ORIGIN.test(text)) } : {}),
    publicEntries: section.flag('publicEntries'),
  };
  section.finish();
  return read;
}

/** `$` and `{` would be filled in by CloudFormation, `*` and `?` would be anybody. */
function isRoleName(text: string): boolean {
  return ROLE_NAME.test(text) && !/[$*?{}]/.test(text);
}

function guard(section: Section): StageConfig['guard'] {
  const role = (name: 'deployRole' | 'breakGlassRole') =>
    section.has(name)
      ? { [name]: section.text(name, "a role's name, with its path: what follows role/ in its ARN", isRoleName) }
      : {};
  const read = { ...role('deployRole'), ...role('breakGlassRole') };
  section.finish();
  return read;
}

function schedules(section: Section): StageConfig['schedules'] {
  const want = 'an ISO 8601 duration from PT1H to P7D: CloudWatch looks back a week for what is missing';
  const due = (name: string) => section.text(name, want, isDue);
  const schedule = (name: string) => section.text(name, 'cron(…) or rate(…), in UTC', (text) => SCHEDULE.test(text));
  const read = {
    expire: schedule('expire'),
    seal: schedule('seal'),
    verify: schedule('verify'),
    verifyFully: schedule('verifyFully'),
    sealDue: due('sealDue'),
    verifyDue: due('verifyDue'),
    expireDue: due('expireDue'),
  };
  section.finish();
  return read;
}

function isDue(text: string): boolean {
  const seconds = fixedSeconds(text) ?? 0;
  return seconds >= LEAST_DUE_SECONDS && seconds <= MOST_DUE_SECONDS;
}

function logRetentionDays(root: Section, faults: Faults): number {
  const days = root.whole('logRetentionDays', 1, LOG_DAYS.at(-1)!);
  if (!LOG_DAYS.includes(days)) faults.add('logRetentionDays', days, `one of ${LOG_DAYS.join(', ')}`);
  return days;
}

function checkEnvironment(config: StageConfig, faults: Faults): void {
  const held = [config.retention, config.tenants, config.plans, config.sourceTenants, config.redaction, config.limits];
  const texts = [...held.map((value) => JSON.stringify(value)), packedCatalog(config.catalog)];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes <= MOST_ENVIRONMENT_BYTES) return;
  faults.add(
    'retention, tenants, plans, sourceTenants, redaction, limits, catalog',
    bytes,
    `at most ${MOST_ENVIRONMENT_BYTES} bytes together (Lambda's environment)`,
  );
}

/** As functions are told it: some hundred codes are a kilobyte. Empty if there are none. */
export function packedCatalog(catalog: StageConfig['catalog']): string {
  if (Object.keys(catalog).length === 0) return '';
  return deflateRawSync(JSON.stringify(catalog), { level: 9 }).toString('base64');
}
