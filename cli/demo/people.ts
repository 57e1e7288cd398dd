// Who acts in the demo: roles with numbers, nobody's name. Addresses are of the ranges for documentation (RFC 5737, RFC 3849).
import type { EntryInput } from '../../core/entry/schema.ts';

type Actor = EntryInput['actor'];
type Source = NonNullable<EntryInput['source']>;

/** Somebody who works there: always from the same desk. */
export interface Person {
  readonly actor: Actor & { readonly id: string; readonly name: string };
  readonly source: Source;
}

const OFFICE = { country: 'IE', region: 'Leinster', city: 'Dublin', lat: 53.35, lon: -6.26 };
/** Where nobody of the office has ever been. */
const ELSEWHERE = { country: 'IS', city: 'Reykjavik', lat: 64.15, lon: -21.94 };

const DEVICES = [
  { browser: 'Firefox 143', os: 'Windows 11' },
  { browser: 'Chrome 141', os: 'macOS 15' },
  { browser: 'Edge 141', os: 'Windows 11' },
] as const;

function person(role: string, title: string, number: number, desk: number): Person {
  const slug = title.toLowerCase().replaceAll(' ', '-');
  const device = { ...DEVICES[desk % DEVICES.length]!, fingerprint: `desk-${desk}` };
  return {
    actor: {
      type: 'user',
      id: `u-${slug}-${number}`,
      name: `${title} ${number}`,
      email: `${slug}-${number}@office.example`,
      role,
    },
    source: {
      ip: `198.51.100.${10 + desk}`,
      userAgent: `Mozilla/5.0 (${device.os}) ${device.browser.replace(' ', '/')}`,
      device,
      geo: OFFICE,
    },
  };
}

export const HANDLERS = [1, 2, 3, 4].map((number) => person('case_handler', 'Case handler', number, number));
export const REGISTRARS = [1, 2].map((number) => person('registrar', 'Registrar', number, 10 + number));
export const CASHIERS = [1, 2].map((number) => person('cashier', 'Cashier', number, 20 + number));
export const MANAGER = person('manager', 'Manager', 1, 30);
export const ADMINISTRATOR = person('administrator', 'Administrator', 1, 40);
export const SECURITY = person('security_officer', 'Security officer', 1, 50);
export const COMPLIANCE = person('compliance_officer', 'Compliance officer', 1, 60);
export const STAFF: readonly Person[] = [
  ...HANDLERS,
  ...REGISTRARS,
  ...CASHIERS,
  MANAGER,
  ADMINISTRATOR,
  SECURITY,
  COMPLIANCE,
];

/** The same person's account in other hands. */
export function elsewhere({ actor }: Person): Person {
  return {
    actor,
    source: {
      ip: '203.0.113.77',
      userAgent: 'python-requests/2.32',
      device: { os: 'Linux', fingerprint: 'unknown-1' },
      geo: ELSEWHERE,
    },
  };
}

export interface Service {
  readonly actor: Actor & { readonly id: string };
  readonly source: Source;
}

function service(id: string, name: string, ip: string): Service {
  return { actor: { type: 'service', id, name, role: 'integration' }, source: { ip, userAgent: `${id}/2.4` } };
}

export const PAYMENT_GATEWAY = service('svc-payment-gateway', 'Payment gateway', '192.0.2.20');
export const MIGRATION_BOT = service('svc-records-sync', 'Records sync', '192.0.2.30');
export const IDENTITY_PROVIDER = service('svc-sign-in', 'Sign-in service', '192.0.2.40');

/** The application itself: schedules, workflows, rules. */
export const SYSTEM: { readonly actor: Actor } = { actor: { type: 'system', name: 'Case system', role: 'system' } };

export type Language = 'en' | 'ne';

export interface Citizen {
  readonly actor: Actor;
  readonly source: Source;
  readonly language: Language;
  readonly sessionId: string;
}

const SESSION_NAME: Readonly<Record<Language, string>> = { en: 'Citizen', ne: 'नागरिक' };

/** A citizen's session at the portal: an account without a name, known by its number. */
export function citizen(number: number, language: Language): Citizen {
  return {
    actor: { type: 'external', id: `citizen-${number}`, sessionName: `${SESSION_NAME[language]} ${number}` },
    source: {
      ip: number % 3 === 0 ? `2001:db8:51::${number.toString(16)}` : `203.0.113.${1 + (number % 60)}`,
      userAgent: 'Mozilla/5.0 (Android 15) Firefox/143',
      device: { browser: 'Firefox 143', os: 'Android 15' },
      geo: OFFICE,
    },
    language,
    sessionId: `portal-${number}`,
  };
}

/** Whoever reports without an account. */
export function anonymous(number: number): { readonly actor: Actor; readonly source: Source } {
  return { actor: { type: 'anonymous' }, source: { ip: `192.0.2.${100 + (number % 100)}` } };
}
