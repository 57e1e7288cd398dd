// Accounts, rights, settings and sign-ins that are out of the ordinary.
import type { JsonObject } from '../../core/json/value.ts';
import { changed, type Line, target, tellLine } from './lines.ts';
import { ADMINISTRATOR, CASHIERS, HANDLERS, MANAGER, type Person, REGISTRARS, SYSTEM } from './people.ts';
import { minutes } from './period.ts';
import { Story, type Telling, type Told } from './story.ts';

const account = ({ actor }: Person) => target('user', actor.id, actor.name);
const [cashier, otherCashier] = CASHIERS as [Person, Person];
const [, registrar] = REGISTRARS as [Person, Person];
const [handler] = HANDLERS as [Person];
const newcomer = target('user', 'u-case-handler-5', 'Case handler 5');

/** What a rule says of somebody: as the catalog's words have it they are the actor, though nobody did it at a screen. */
function ruled(day: number, { actor }: Person, action: string, metadata: JsonObject, hour?: number): Line {
  return [day, { actor }, action, undefined, { context: { channel: 'automation' }, metadata, ...(hour && { hour }) }];
}

const ACCOUNTS: readonly Line[] = [
  [1, ADMINISTRATOR, 'user.invited', newcomer, { metadata: { role: 'case_handler' } }],
  [2, ADMINISTRATOR, 'user.created', newcomer, changed(null, { role: 'case_handler', active: true })],
  [2, ADMINISTRATOR, 'account.created', newcomer],
  [2, MANAGER, 'team.member_invited', newcomer],
  [3, MANAGER, 'team.member_added', newcomer],
  [3, ADMINISTRATOR, 'account.permission_changed', newcomer, changed({ cases: 'none' }, { cases: 'own' })],
  [4, ADMINISTRATOR, 'user.updated', newcomer, changed({ phone: null }, { phone: 'ext. 205' })],
  [9, ADMINISTRATOR, 'user.role_changed', account(registrar), changed({ role: 'trainee' }, { role: 'registrar' })],
  [11, cashier, 'account.email_updated', account(cashier), { metadata: { reason: 'new domain' } }],
  [11, cashier, 'account.email_verified', account(cashier)],
  [11, cashier, 'account.phone_verified', account(cashier)],
  [
    15,
    ADMINISTRATOR,
    'account.deactivated',
    target('user', 'u-temp-1', 'Temporary worker 1'),
    changed({ active: true }, { active: false }),
  ],
  [
    22,
    ADMINISTRATOR,
    'account.deleted',
    target('user', 'u-temp-1', 'Temporary worker 1'),
    { metadata: { reason: 'contract ended' } },
  ],
  [22, ADMINISTRATOR, 'user.deleted', target('user', 'u-temp-1', 'Temporary worker 1')],
];

const SETTINGS: readonly Line[] = [
  [
    2,
    ADMINISTRATOR,
    'organization.settings_changed',
    target('setting', 'working-hours'),
    changed({ until: '16:30' }, { until: '17:00' }),
  ],
  [
    4,
    ADMINISTRATOR,
    'settings.changed',
    target('setting', 'sessions'),
    changed({ idleMinutes: 60 }, { idleMinutes: 30 }),
  ],
  [
    5,
    ADMINISTRATOR,
    'branding.updated',
    target('setting', 'branding'),
    changed({ logo: '2024.svg' }, { logo: '2026.svg' }),
  ],
  [6, ADMINISTRATOR, 'domain.configured', target('domain', 'reports.office.example')],
  [
    7,
    ADMINISTRATOR,
    'configuration.changed',
    target('setting', 'upload.maxMegabytes'),
    changed({ value: 25 }, { value: 50 }),
  ],
  [8, MANAGER, 'subscription.changed', target('subscription', 'plan'), changed({ plan: 'starter' }, { plan: 'team' })],
  [
    10,
    ADMINISTRATOR,
    'integration.configured',
    target('integration', 'mail-gateway'),
    { metadata: { apiKey: 'an invented key, which the trail does not keep' } },
  ],
  [10, ADMINISTRATOR, 'integration.connected', target('integration', 'mail-gateway')],
  [
    12,
    ADMINISTRATOR,
    'integration.updated',
    target('integration', 'mail-gateway'),
    changed({ retries: 3 }, { retries: 5 }),
  ],
  [12, MANAGER, 'retention.policy_set', target('retention', 'case'), changed({ period: 'P5Y' }, { period: 'P7Y' })],
  [
    14,
    ADMINISTRATOR,
    'staff.settings_changed',
    target('setting', 'languages'),
    changed({ portal: ['en'] }, { portal: ['en', 'ne'] }),
  ],
  [14, ADMINISTRATOR, 'staff.settings_viewed', target('setting', 'languages')],
  [24, MANAGER, 'tenant.data_removal_requested', target('tenant', 'former-branch')],
  [25, ADMINISTRATOR, 'tenant.data_removed', target('tenant', 'former-branch')],
];

const SIGN_INS: readonly Line[] = [
  [1, handler, 'auth.2fa_enabled', account(handler), { metadata: { method: 'totp' } }],
  [5, otherCashier, 'auth.password_reset_requested', account(otherCashier)],
  [5, otherCashier, 'auth.password_changed', account(otherCashier), { metadata: { mfa: { method: 'totp' } } }],
  [6, MANAGER, 'auth.sso_asserted', account(MANAGER), { metadata: { issuer: 'sign-in service' } }],
  [13, ADMINISTRATOR, 'auth.2fa_disabled', account(otherCashier), { metadata: { reason: 'phone was lost' } }],
  [13, otherCashier, 'auth.2fa_enabled', account(otherCashier), { metadata: { method: 'totp' } }],
  ruled(16, handler, 'security.session_hijacking_detected', { finding: 'false alarm: a new phone' }),
  ruled(16, MANAGER, 'anomaly.geographic', { finding: 'a conference abroad' }),
  ruled(17, registrar, 'anomaly.unusual_access', { finding: 'cases of another district' }),
  ruled(17, handler, 'anomaly.off_hours', { finding: 'a deadline' }, 20),
  ruled(18, handler, 'anomaly.rapid_status_changes', { changes: 9, withinMinutes: 10 }),
  ruled(18, registrar, 'anomaly.excessive_downloads', { downloads: 60, cause: 'yearly archive' }),
  ruled(18, registrar, 'anomaly.mass_access', { cases: 112, withinMinutes: 60 }),
];

export function tellAdministration(telling: Telling): readonly Told[] {
  const story = new Story('administration', telling);
  for (const line of [...ACCOUNTS, ...SETTINGS, ...SIGN_INS]) tellLine(story, line);
  forgottenPassword(story);
  return story.told;
}

/** Nothing but a Monday: five times the old password, the lock, and a colleague who opens it. */
function forgottenPassword(story: Story): void {
  const at = story.period.at(story.period.workday(7), 9, 4);
  const { actor, source } = otherCashier;
  const context = () => story.context('ui');
  let last = '';
  for (let n = 0; n < 5; n++) {
    const metadata = { reason: 'wrong password', attempt: n + 1 };
    const scene = { action: 'auth.login.failure', actor, source, target: account(otherCashier), metadata };
    last = story.tell(at + minutes(n), { ...scene, context: context() });
  }
  const locked = {
    ...{ action: 'account.locked', ...SYSTEM, target: account(otherCashier) },
    context: { ...story.context('automation'), parentId: last },
  };
  const parentId = story.tell(at + minutes(5), { ...locked, metadata: { minutes: 30 } });
  story.tell(at + minutes(12), {
    ...{ action: 'account.unlocked', actor: ADMINISTRATOR.actor, source: ADMINISTRATOR.source },
    ...{ target: account(otherCashier), context: { ...context(), parentId }, metadata: { reason: 'known by phone' } },
  });
  const metadata = { mfa: { method: 'totp' } };
  const signedIn = { action: 'auth.login.success', actor, source, target: account(otherCashier), metadata };
  story.tell(at + minutes(14), { ...signedIn, context: context() });
}
