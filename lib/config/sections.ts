// What each setting of a configuration may be: one function a section.
import { ACCESS } from '../../names/access.ts';
import { API } from '../../names/api.ts';
import { REDACTION_PACKS } from '../../names/entry.ts';
import { FACETS } from '../../names/index.ts';
import { RETENTION_PRESETS } from '../../names/retention-presets.ts';
import { fixedSeconds } from './duration.ts';
import type { Faults, Section } from './reader.ts';
import { CATEGORY_NAME, PLAN_NAME, RETENTION, TENANT_NAME } from './rules.ts';
import { type ConsoleClient, LIMIT_BOUNDS, type LimitName, type Oidc, type Plan, type StageConfig } from './stage.ts';

const AWS_SOURCE = /^aws\.[a-z0-9.-]+$/;
/** cron(…), rate(…) or at(…): what EventBridge Scheduler makes of it is AWS's to say. */
const SCHEDULE = /^(?:cron\([^()]{11,}\)|rate\([1-9][0-9]* (?:minute|hour|day)s?\))$/;
/** One line of a checkpoint and the name of its keys (C2SP signed-note); 255 bytes is what a cosignature can say. */
const ORIGIN = /^[!-*,-~]{1,255}$/;
const POINTER = /^(\/([^~/]|~[01])*)+$/;
/** A role's name with its path: what follows `role/` in its ARN. */
const ROLE_NAME = /^(?:[!-~]{1,510}\/)?[A-Za-z0-9_+=,.@-]{1,64}$/;

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

/** What the configuration says of a category stands over what its preset says. */
export function retention(root: Section): Pick<StageConfig, 'retentionPreset' | 'retention'> {
  const known = Object.keys(RETENTION_PRESETS);
  const retentionPreset = root.text('retentionPreset', `one of ${known.join(', ')}`, (text) => known.includes(text));
  const own = root.map('retention', CATEGORY_NAME, RETENTION);
  return { retentionPreset, retention: { ...RETENTION_PRESETS[retentionPreset], ...own } };
}

export function isHotWindow(text: string): boolean {
  return (fixedSeconds(text) ?? 0) >= LEAST_HOT_SECONDS;
}

export function redaction(section: Section): StageConfig['redaction'] {
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

export function limits(section: Section): StageConfig['limits'] {
  const read: Partial<Record<LimitName, number>> = {};
  for (const [name, { most, because }] of Object.entries(LIMIT_BOUNDS)) {
    if (section.has(name)) read[name as LimitName] = section.whole(name, 1, most, because);
  }
  section.finish();
  return read;
}

export function oidc(section: Section): Oidc {
  const claim = (name: string, otherwise: string) =>
    section.has(name) ? section.text(name, 'the name of a claim', (text) => text !== '') : otherwise;
  const audience = section.texts('audience', 'an audience', (text) => text !== '', 1);
  const read = {
    issuer: section.text('issuer', 'an https URL (http on loopback only)', isIssuer),
    audience,
    tenantClaim: claim('tenantClaim', API.tenantClaim),
    roleClaim: claim('roleClaim', API.roleClaim),
    casesClaim: claim('casesClaim', ACCESS.casesClaim),
    console: consoleClient(section.has('console') ? section.section('console') : undefined, audience[0] ?? ''),
  };
  section.finish();
  return read;
}

function consoleClient(section: Section | undefined, audience: string): ConsoleClient {
  const given = (name: string, otherwise: string, want: string, accepts: (text: string) => boolean) =>
    section?.has(name) ? section.text(name, want, accepts) : otherwise;
  const token = given('token', 'access', 'access or id', (text) => text === 'access' || text === 'id');
  const read = {
    clientId: given('clientId', audience, "a client's id", (text) => text !== ''),
    scope: given('scope', 'openid', 'scopes with blanks between them, openid among them', isScope),
    token: token === 'id' ? ('id' as const) : ('access' as const),
    origins: section?.has('origins')
      ? section.texts('origins', 'an origin such as https://login.example.com', isOrigin)
      : [],
  };
  section?.finish();
  return read;
}

function isScope(text: string): boolean {
  return /^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/.test(text) && text.split(' ').includes('openid');
}

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
}

export function throttling(section: Section): StageConfig['throttling'] {
  const read = {
    rateLimit: section.whole('rateLimit', 1, MOST_THROTTLE),
    burstLimit: section.whole('burstLimit', 1, MOST_THROTTLE),
  };
  section.finish();
  return read;
}

export function cors(section: Section): StageConfig['cors'] {
  const origins = section.texts('origins', 'an origin such as https://console.example.com', isOrigin);
  section.finish();
  return { origins };
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

export function archive(section: Section): StageConfig['archive'] {
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

export function events(section: Section): StageConfig['events'] {
  const awsSources = section.texts('awsSources', 'an AWS event source such as aws.guardduty', (text) =>
    AWS_SOURCE.test(text),
  );
  section.finish();
  return { awsSources };
}

export function tenants(root: Section): StageConfig['tenants'] {
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

export function plans(root: Section): StageConfig['plans'] {
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

export function reading(section: Section): StageConfig['reading'] {
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

export function log(section: Section): StageConfig['log'] {
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

export function guard(section: Section): StageConfig['guard'] {
  const role = (name: 'deployRole' | 'breakGlassRole') =>
    section.has(name)
      ? { [name]: section.text(name, "a role's name, with its path: what follows role/ in its ARN", isRoleName) }
      : {};
  const read = { ...role('deployRole'), ...role('breakGlassRole') };
  section.finish();
  return read;
}

export function schedules(section: Section): StageConfig['schedules'] {
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

export function logRetentionDays(root: Section, faults: Faults): number {
  const days = root.whole('logRetentionDays', 1, LOG_DAYS.at(-1)!);
  if (!LOG_DAYS.includes(days)) faults.add('logRetentionDays', days, `one of ${LOG_DAYS.join(', ')}`);
  return days;
}
