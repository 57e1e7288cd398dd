// Reports of wrongdoing and complaints, from submission to feedback: acknowledged within seven days and answered within
// three months, or not.
import { anonymous, citizen, HANDLERS, MANAGER, type Person, SYSTEM } from './people.ts';
import { DAY_MS, dayOf, days, minutes, type Period, yearOf } from './period.ts';
import { type Scene, Story, type Telling, type Told } from './story.ts';

/** Directive (EU) 2019/1937, Article 9: the days until a report is acknowledged, and about three months until feedback. */
const ACKNOWLEDGE_DAYS = 7;
const FEEDBACK_DAYS = 90;

export interface Case {
  readonly id: string;
  readonly reference: string;
  /** Day of the period on which it was submitted; negative for those that the period found open. */
  readonly submitted: number;
  /** Days from the submission to the acknowledgement, and to the feedback; undefined where there was none yet. */
  readonly acknowledged?: number;
  readonly feedback?: number;
  readonly subject: string;
}

type Plan = readonly [submitted: number, acknowledged: number | undefined, feedback: number | undefined, about: string];

/** The first three were open when the period began. The ninth and tenth are late, the eleventh nobody looked at. */
const PLANS: readonly Plan[] = [
  [-108, 3, 112, 'Procurement without a tender'],
  [-95, 4, undefined, 'Overtime that was never worked'],
  [-70, 2, 80, 'Conflict of interest in a grant'],
  [0, 1, 12, 'Invoice for work that was not done'],
  [1, 4, 20, 'Personal use of a vehicle'],
  [2, 4, 24, 'Harassment in a team'],
  [3, 2, undefined, 'Falsified inspection record'],
  [5, 3, 17, 'Unsafe storage of chemicals'],
  [6, 9, undefined, 'Gifts from a supplier'],
  [8, 11, undefined, 'Access to records without a reason'],
  [10, undefined, undefined, 'Complaint about a decision'],
  [13, 1, undefined, 'Missing petty cash'],
  [20, 3, undefined, 'Discrimination in a selection'],
  [25, undefined, undefined, 'Late repair of a public building'],
];

export function casesOf(period: Period): readonly Case[] {
  return PLANS.map(([submitted, acknowledged, feedback, subject], index) => ({
    id: `case-${String(index + 1).padStart(4, '0')}`,
    reference: `WB-${yearOf(period.from)}-${String(index + 1).padStart(4, '0')}`,
    submitted,
    ...(acknowledged !== undefined && { acknowledged }),
    ...(feedback !== undefined && { feedback }),
    subject,
  }));
}

function isAcknowledgedLate({ acknowledged }: Case): boolean {
  return acknowledged !== undefined && acknowledged > ACKNOWLEDGE_DAYS;
}

/** How many cases missed the two periods, or have missed them by the end of the days that are told. */
export interface Deadlines {
  readonly acknowledgedLate: number;
  readonly neverAcknowledged: number;
  readonly answeredLate: number;
  readonly unanswered: number;
}

export function deadlinesOf(cases: readonly Case[], periodDays: number): Deadlines {
  const count = (is: (one: Case, age: number) => boolean) =>
    cases.filter((one) => is(one, periodDays - one.submitted)).length;
  return {
    acknowledgedLate: count(isAcknowledgedLate),
    neverAcknowledged: count(({ acknowledged }, age) => acknowledged === undefined && age > ACKNOWLEDGE_DAYS),
    answeredLate: count(({ feedback }) => feedback !== undefined && feedback > FEEDBACK_DAYS),
    unanswered: count(({ feedback }, age) => feedback === undefined && age > FEEDBACK_DAYS),
  };
}

export function tellCases(telling: Telling): readonly Told[] {
  const story = new Story('case', telling);
  for (const [index, one] of casesOf(telling.period).entries()) new CaseFile(story, one, index).tell();
  return story.told;
}

class CaseFile {
  readonly #story: Story;
  readonly #case: Case;
  readonly #index: number;
  #handler: Person;

  constructor(story: Story, one: Case, index: number) {
    this.#story = story;
    this.#case = one;
    this.#index = index;
    this.#handler = HANDLERS[index % HANDLERS.length]!;
  }

  tell(): void {
    const report = this.#submit();
    this.#assign(report);
    const { acknowledged, feedback } = this.#case;
    if (acknowledged === undefined) return;
    this.#acknowledge(acknowledged);
    this.#work(acknowledged);
    if (feedback !== undefined) this.#close(feedback);
  }

  get #target() {
    const { id, reference } = this.#case;
    return { type: 'case', id, reference };
  }

  get #submitted(): number {
    return this.#story.period.at(this.#case.submitted, 9, this.#index * 3);
  }

  /** When the handler works so many days after the report: what would be on a weekend comes first on the Monday. */
  #at(day: number, minute = 0): number {
    const { period } = this.#story;
    const wanted = this.#case.submitted + day;
    const worked = period.workday(wanted);
    return period.at(worked, 14 - 2 * Math.max(0, worked - wanted), this.#index * 3 + minute);
  }

  #context(channel: 'ui' | 'automation', actor?: string) {
    const session = actor === undefined ? undefined : `sess-${actor}-${this.#case.id}`;
    return { ...this.#story.context(channel, session), correlationId: this.#case.id };
  }

  /** Something that the handler did, or somebody else, when the period is not over before. */
  #handle(day: number, minute: number, action: string, more: Partial<Scene> = {}, who: Person = this.#handler): void {
    const { period } = this.#story;
    if (period.at(this.#case.submitted + day, 0) >= period.to) return;
    const { actor, source } = who;
    const context = this.#context('ui', actor.id);
    this.#story.tell(this.#at(day, minute), { action, actor, source, target: this.#target, context, ...more });
  }

  #submit(): string {
    const byAccount = this.#index % 2 === 1;
    const reporter = byAccount
      ? citizen(100 + this.#index, this.#index % 4 === 1 ? 'ne' : 'en')
      : anonymous(this.#index);
    const { actor, source } = reporter;
    return this.#story.tell(this.#submitted, {
      ...{ action: 'case.report_submitted', actor, source, target: this.#target, context: this.#context('ui') },
      change: { after: { subject: this.#case.subject, status: 'new', priority: 'normal' } },
      metadata: { channel: byAccount ? 'portal' : 'anonymous form', acknowledgeBy: this.#dueDay(ACKNOWLEDGE_DAYS) },
    });
  }

  #age(day: number): number {
    return Math.floor((this.#at(day) - this.#submitted) / DAY_MS);
  }

  #dueDay(after: number): string {
    return dayOf(this.#submitted + days(after));
  }

  #assign(parentId: string): void {
    const context = { ...this.#context('automation'), parentId };
    const { actor } = this.#handler;
    this.#story.tell(this.#submitted + minutes(1), {
      ...{ action: 'case.auto_assigned', ...SYSTEM, target: this.#target, context },
      related: [{ type: 'user', id: actor.id, name: actor.name }],
      change: { before: { assignee: null }, after: { assignee: actor.id } },
      metadata: { rule: 'least open cases' },
    });
    this.#story.tell(this.#submitted + minutes(2), {
      ...{ action: 'notification.sent', ...SYSTEM, target: { type: 'user', id: actor.id, name: actor.name }, context },
      related: [this.#target],
    });
  }

  #acknowledge(day: number): void {
    this.#handle(day, 0, 'case.viewed');
    this.#handle(day, 2, 'case.acknowledged', {
      change: { before: { status: 'new' }, after: { status: 'acknowledged' } },
      metadata: {
        daysSinceReport: this.#age(day),
        ...(isAcknowledgedLate(this.#case) && { reason: 'assignee was on leave' }),
      },
    });
    this.#handle(day, 4, 'case.message_sent', { metadata: { to: 'reporter', template: 'acknowledgement' } });
  }

  #work(acknowledged: number): void {
    const number = this.#index;
    const day = acknowledged + 1;
    const change = { before: { status: 'acknowledged' }, after: { status: 'investigating' } };
    this.#handle(day, 0, 'case.status_changed', { change });
    this.#handle(day, 6, 'case.note_added', { related: [{ type: 'note', id: `${this.#case.id}-note-1` }] });
    this.#evidence(day);
    if (number % 3 === 0) this.#reprioritize(day + 1);
    if (number % 4 === 3) this.#reassign(day + 1);
    if (number % 5 === 3) {
      this.#handle(day + 2, 0, 'case.note_edited', {
        related: [{ type: 'note', id: `${this.#case.id}-note-1` }],
        change: { before: { text: 'Two witnesses.' }, after: { text: 'Three witnesses.' } },
      });
    }
  }

  #evidence(day: number): void {
    const file = (letter: string) => ({
      type: 'file',
      id: `${this.#case.id}-${letter}`,
      name: `Exhibit ${letter}.pdf`,
    });
    this.#handle(day, 10, 'case.evidence_uploaded', { related: [file('A')], metadata: { bytes: 482_113 } });
    this.#handle(day, 14, 'case.evidence_uploaded', { related: [file('B')], metadata: { bytes: 91_004 } });
    this.#handle(day + 1, 20, 'case.evidence_downloaded', { related: [file('A')] });
    if (this.#index % 6 !== 4) return;
    this.#handle(day + 1, 25, 'case.evidence_deleted', {
      related: [file('B')],
      change: { before: { files: ['A', 'B'] }, after: { files: ['A'] } },
      metadata: { reason: 'uploaded to the wrong case' },
    });
  }

  #reprioritize(day: number): void {
    const change = { before: { priority: 'normal' }, after: { priority: 'high' } };
    this.#handle(day, 30, 'case.priority_changed', { change });
    this.#handle(day, 31, 'case.tag_added', { change: { before: { tags: [] }, after: { tags: ['management'] } } });
    this.#handle(day + 1, 0, 'case.tag_removed', { change: { before: { tags: ['management'] }, after: { tags: [] } } });
  }

  #reassign(day: number): void {
    const successor = HANDLERS[(this.#index + 1) % HANDLERS.length]!;
    const next = successor.actor;
    const change = { before: { assignee: this.#handler.actor.id }, after: { assignee: next.id } };
    const metadata = { reason: 'the handler knows somebody who is named in the report' };
    const related = [{ type: 'user', id: next.id, name: next.name }];
    const action = this.#index % 8 === 3 ? 'case.reassigned' : 'case.assigned';
    this.#handle(day, 40, action, { change, metadata, related }, MANAGER);
    this.#handler = successor;
  }

  #close(day: number): void {
    const change = { before: { status: 'investigating' }, after: { status: 'closed' } };
    const metadata = {
      daysSinceReport: this.#age(day),
      within: day <= FEEDBACK_DAYS ? 'three months' : 'more than three months',
    };
    this.#handle(day, 5, 'case.feedback_given', { metadata });
    this.#handle(day, 9, 'case.status_changed', { change });
    const finding = { finding: 'handled as the procedure says' };
    this.#handle(day, 50, 'manager.reviewed', { metadata: finding }, MANAGER);
  }
}

/** The case that a reader is shown first: closed, reassigned, with everything that a case can have. */
export const SHOWN_CASE = 'case-0004';
