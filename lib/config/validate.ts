// Checks a configuration as a whole, and fills in its defaults.
import { deflateRawSync } from 'node:zlib';
import { DEFAULT_PLAN } from '../../names/access.ts';
import { checkDomain } from './domain.ts';
import { Faults, Section } from './reader.ts';
import { SOURCE_NAME, TENANT_NAME } from './rules.ts';
import {
  archive,
  cors,
  events,
  guard,
  isHotWindow,
  limits,
  log,
  logRetentionDays,
  oidc,
  plans,
  reading,
  redaction,
  retention,
  schedules,
  tenants,
  throttling,
} from './sections.ts';
import type { StageConfig } from './stage.ts';

const STACK_PREFIX = /^[A-Za-z][A-Za-z0-9-]{0,99}$/;
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
/** Lambda holds 4 KB of environment, names and the other variables included. */
const MOST_ENVIRONMENT_BYTES = 3_000;

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
