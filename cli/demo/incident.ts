// One night's incident: failed sign-ins, one from elsewhere that succeeds, rights raised, evidence taken, and the containment.
import { ADMINISTRATOR, COMPLIANCE, elsewhere, IDENTITY_PROVIDER, REGISTRARS, SECURITY, SYSTEM } from './people.ts';
import { days, minutes, type Period, yearOf } from './period.ts';
import { type Scene, Story, type Telling, type Told } from './story.ts';

const FAILED_SIGN_INS = 6;
const DOWNLOADS = 14;
/** Minutes after the beginning; until then there is no session. */
const SIGNED_IN = 48;
/** Days before the end of the period, on which somebody works the next morning. */
const DAYS_BEFORE_END = 10;

export const incidentReference = ({ to }: Period): string => `INC-${yearOf(to - 1)}-0001`;

export function incidentNight(period: Period): number {
  return period.at(period.workday(period.days - DAYS_BEFORE_END), 21);
}

export function tellIncident(telling: Telling): readonly Told[] {
  return new Incident(telling).tell();
}

const SESSION = 'sess-incident';
const VICTIM = REGISTRARS[0]!;
const ACCOUNT = { type: 'user', id: VICTIM.actor.id, name: VICTIM.actor.name };

const INTRUDER = elsewhere(VICTIM);
/** What rules say of the intruder, by themselves: whom it is about is the actor, as the catalog's words have it. */
const DETECTED: Pick<Scene, 'actor' | 'source'> = { ...INTRUDER };

class Incident {
  readonly #story: Story;
  readonly #reference: string;
  readonly #night: number;

  constructor(telling: Telling) {
    this.#story = new Story('incident', telling);
    this.#reference = incidentReference(telling.period);
    this.#night = incidentNight(telling.period);
  }

  tell(): readonly Told[] {
    this.#guess();
    const signedIn = this.#enter();
    this.#raise(signedIn);
    this.#take(signedIn);
    this.#contain(signedIn);
    this.#settle();
    return this.#story.told;
  }

  get #target() {
    return { type: 'incident', id: this.#reference, reference: this.#reference };
  }

  #step(minute: number, who: Pick<Scene, 'actor' | 'source'>, scene: Omit<Scene, 'actor'>, parentId?: string): string {
    const { actor, source } = who;
    const channel = who === DETECTED || actor.type !== 'user' ? 'automation' : 'ui';
    const inside = minute >= SIGNED_IN && actor.id === VICTIM.actor.id;
    const context = {
      ...this.#story.context(channel, inside ? SESSION : undefined),
      correlationId: this.#reference,
      ...(parentId !== undefined && { parentId }),
    };
    const at = this.#night + minutes(minute);
    return this.#story.tell(at, { ...scene, actor, ...(source !== undefined && { source }), context } as Scene);
  }

  #guess(): void {
    let last = '';
    for (let n = 0; n < FAILED_SIGN_INS; n++) {
      const metadata = { reason: 'wrong password', attempt: n + 1 };
      last = this.#step(2 + n, INTRUDER, { action: 'auth.login.failure', target: ACCOUNT, metadata });
      if (n === 2)
        this.#step(
          2 + n,
          DETECTED,
          { action: 'anomaly.failed_logins', target: ACCOUNT, metadata: { failures: 3 } },
          last,
        );
    }
    const metadata = { failures: FAILED_SIGN_INS, withinMinutes: FAILED_SIGN_INS };
    const detected = this.#step(
      8,
      DETECTED,
      { action: 'security.brute_force_detected', target: ACCOUNT, metadata },
      last,
    );
    const change = { before: { locked: false }, after: { locked: true, minutes: 30 } };
    this.#step(9, SYSTEM, { action: 'account.locked', target: ACCOUNT, change }, detected);
  }

  /** The lock was over; the password came from somewhere else, and the second factor was approved on the phone. */
  #enter(): string {
    const metadata = { mfa: { method: 'push', approved: true, requests: 9 } };
    const signedIn = this.#step(SIGNED_IN, INTRUDER, { action: 'auth.login.success', target: ACCOUNT, metadata });
    const seen = { usual: 'Dublin, IE', now: 'Reykjavik, IS' };
    this.#step(SIGNED_IN, DETECTED, { action: 'anomaly.new_location', target: ACCOUNT, metadata: seen }, signedIn);
    this.#step(
      49,
      DETECTED,
      { action: 'security.ip_changed', target: ACCOUNT, metadata: { usual: VICTIM.source.ip ?? '' } },
      signedIn,
    );
    return signedIn;
  }

  #raise(signedIn: string): void {
    const role = { before: { role: 'registrar' }, after: { role: 'administrator' } };
    this.#step(
      53,
      INTRUDER,
      {
        action: 'auth.2fa_changed',
        target: ACCOUNT,
        change: { before: { methods: ['push'] }, after: { methods: ['push', 'totp'] } },
      },
      signedIn,
    );
    const raised = this.#step(
      55,
      INTRUDER,
      { action: 'account.permission_elevated', target: ACCOUNT, change: role },
      signedIn,
    );
    this.#step(55, DETECTED, { action: 'anomaly.off_hours_administration', target: ACCOUNT }, raised);
  }

  #take(signedIn: string): void {
    for (let n = 1; n <= DOWNLOADS; n++) {
      const number = String(n).padStart(4, '0');
      this.#step(
        64 + n,
        INTRUDER,
        {
          action: 'case.evidence_downloaded',
          target: { type: 'case', id: `case-${number}`, reference: `WB-${yearOf(this.#story.period.from)}-${number}` },
          related: [{ type: 'file', id: `case-${number}-A`, name: 'Exhibit A.pdf' }],
        },
        signedIn,
      );
    }
    const metadata = { rows: 2_418, format: 'csv' };
    this.#step(
      80,
      INTRUDER,
      { action: 'data.exported', target: { type: 'listing', id: 'reporters' }, metadata },
      signedIn,
    );
    const counted = { downloads: DOWNLOADS, withinMinutes: DOWNLOADS };
    this.#step(81, DETECTED, { action: 'anomaly.bulk_downloads', target: ACCOUNT, metadata: counted }, signedIn);
    this.#step(81, SYSTEM, { action: 'security.alert_sent', target: { type: 'team', id: 'security' } }, signedIn);
    this.#step(
      84,
      INTRUDER,
      { action: 'security.unauthorized_access', outcome: 'denied', target: { type: 'setting', id: 'audit-export' } },
      signedIn,
    );
  }

  #contain(signedIn: string): void {
    const because = { reason: 'bulk download after hours, by an account that was just locked' };
    const { actor, source } = SECURITY;
    const officer = { actor, source };
    this.#step(
      96,
      DETECTED,
      {
        action: 'session.invalidated',
        target: { type: 'session', id: SESSION },
        metadata: { ...because, by: actor.id },
      },
      signedIn,
    );
    this.#step(97, officer, {
      action: 'account.deactivated',
      target: ACCOUNT,
      change: { before: { active: true }, after: { active: false } },
      metadata: because,
    });
    this.#step(99, ADMINISTRATOR, {
      action: 'user.role_changed',
      target: ACCOUNT,
      change: { before: { role: 'administrator' }, after: { role: 'registrar' } },
    });
    this.#step(104, ADMINISTRATOR, { action: 'secret.rotated', target: { type: 'credential', id: 'sign-in-signing' } });
    this.#step(110, officer, {
      action: 'incident.reported',
      target: this.#target,
      metadata: { classification: 'account takeover' },
    });
    this.#step(118, COMPLIANCE, {
      action: 'hold.applied',
      target: { type: 'hold', id: `hold-${this.#reference}`, name: `All entries of ${ACCOUNT.name}` },
      metadata: { reason: `${this.#reference}, until the regulator has answered` },
    });
  }

  #settle(): void {
    const later = (count: number, hour: number) => days(count) / minutes(1) + (hour - 21) * 60;
    this.#step(later(1, 9), COMPLIANCE, {
      action: 'breach.detected',
      target: this.#target,
      metadata: { persons: 2_418 },
    });
    this.#step(later(1, 15), COMPLIANCE, {
      action: 'breach.notified',
      target: this.#target,
      metadata: { to: 'data protection authority', hoursSince: 18 },
    });
    this.#step(later(2, 10), SECURITY, {
      action: 'incident.updated',
      target: this.#target,
      change: { before: { cause: null }, after: { cause: 'approval of a push request' } },
    });
    this.#step(later(2, 11), IDENTITY_PROVIDER, {
      action: 'auth.password_changed',
      target: ACCOUNT,
      metadata: { forced: true },
    });
    this.#step(later(6, 16), SECURITY, {
      action: 'incident.closed',
      target: this.#target,
      change: { before: { status: 'open' }, after: { status: 'closed' } },
    });
  }
}
