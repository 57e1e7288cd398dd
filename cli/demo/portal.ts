// The citizens' portal in its two languages, English and Nepali: sign-ins, forms, uploads, signatures, and help at the desk.
import { changed, target } from './lines.ts';
import { type Citizen, citizen, type Language, type Person, REGISTRARS } from './people.ts';
import { minutes } from './period.ts';
import { type Scene, Story, type Telling, type Told } from './story.ts';

interface Form {
  readonly id: string;
  readonly name: Readonly<Record<Language, string>>;
}

const FORMS: readonly Form[] = [
  { id: 'form-childcare', name: { en: 'Childcare place', ne: 'बाल हेरचाह स्थान' } },
  { id: 'form-repair', name: { en: 'Road repair', ne: 'सडक मर्मत' } },
  { id: 'form-birth', name: { en: 'Registration of a birth', ne: 'जन्म दर्ता' } },
  { id: 'form-water', name: { en: 'Water supply', ne: 'खानेपानी सेवा' } },
];

/** What the portal itself says of an action; in English the catalog's words are enough. */
const NEPALI: Readonly<Record<string, string>> = {
  'portal.login.success': 'पोर्टलमा प्रवेश गरियो',
  'portal.login.failure': 'पोर्टलमा प्रवेश हुन सकेन',
  'portal.dashboard_viewed': 'ड्यासबोर्ड हेरियो',
  'portal.form_viewed': 'फारम हेरियो',
  'document.uploaded': 'कागजात अपलोड गरियो',
  'submission.submitted': 'निवेदन पेस गरियो',
  'portal.signature_completed': 'हस्ताक्षर पूरा गरियो',
};

const VISITS = 12;
const FIRST_CITIZEN = 400;

export function tellPortal(telling: Telling): readonly Told[] {
  const story = new Story('portal', telling);
  for (let n = 0; n < VISITS; n++) {
    const language = n % 2 === 0 ? 'ne' : 'en';
    tellVisit(story, citizen(FIRST_CITIZEN + n, language), {
      day: 1 + ((n * 5) % 26),
      hour: 17 + (n % 4),
      stumbles: n % 5 === 3,
    });
  }
  tellFamily(story);
  tellAssistance(story);
  return story.told;
}

interface Visit {
  readonly day: number;
  readonly hour: number;
  /** The first attempt to sign in fails. */
  readonly stumbles: boolean;
}

/** How many entries a visit makes that does not stumble. */
export const VISIT_ENTRIES = 6;

/** Somebody signs in, fills in a form, adds a document, signs and sends it. */
export function tellVisit(story: Story, visitor: Citizen, { day, hour, stumbles }: Visit): void {
  const begun = story.period.at(day, hour, story.random.int(0, 40));
  const form = story.random.pick(FORMS);
  const named = target('form', form.id, form.name[visitor.language]);
  const submission = target('submission', `sub-${visitor.sessionId}`, form.name[visitor.language]);
  const say = (minute: number, action: string, more: Partial<Scene> = {}) =>
    story.tell(begun + minutes(minute), portalScene(story, visitor, action, more));
  if (stumbles) say(0, 'portal.login.failure', { metadata: { language: visitor.language, reason: 'wrong code' } });
  say(1, 'portal.login.success');
  say(2, 'portal.dashboard_viewed');
  say(3, 'portal.form_viewed', { target: named });
  say(8, 'document.uploaded', { target: target('document', `doc-${visitor.sessionId}`), related: [submission] });
  say(11, 'portal.signature_completed', { target: submission, related: [named] });
  say(12, 'submission.submitted', { target: submission, related: [named], ...changed(null, { status: 'submitted' }) });
}

function portalScene(story: Story, visitor: Citizen, action: string, more: Partial<Scene>): Scene {
  const { actor, source, language, sessionId } = visitor;
  const context = { ...story.context('ui', sessionId), correlationId: sessionId };
  const said = language === 'ne' ? NEPALI[action] : undefined;
  const metadata = { language };
  return { action, actor, source, context, metadata, ...(said !== undefined && { description: said }), ...more };
}

/** One account that looks after a child. */
function tellFamily(story: Story): void {
  const parent = citizen(FIRST_CITIZEN + VISITS, 'ne');
  const begun = story.period.at(9, 19);
  const child = target('child', 'ch-14');
  const say = (minute: number, action: string, more: Partial<Scene> = {}) =>
    story.tell(begun + minutes(minute), portalScene(story, parent, action, more));
  say(0, 'portal.parent_verified', { metadata: { language: parent.language, method: 'code by post' } });
  say(1, 'session.started');
  say(2, 'portal.child_viewed', { target: child });
  say(4, 'portal.child_updated', { target: child, ...changed({ school: 'none' }, { school: 'North' }) });
  say(6, 'portal.medical_info_updated', {
    target: child,
    metadata: { language: parent.language, fields: ['allergies'] },
  });
  say(8, 'portal.legal_id_uploaded', { target: child });
  say(10, 'signature.captured', { target: target('consent', 'consent-14') });
  say(11, 'session.ended');
}

/** Who can't use the portal is helped at the desk, and the trail tells who typed. */
function tellAssistance(story: Story): void {
  const { actor, source } = REGISTRARS[1] as Person;
  const begun = story.period.at(story.period.workday(12), 11);
  const who = target('citizen', 'citizen-460');
  const say = (minute: number, action: string, more: Partial<Scene> = {}) =>
    story.tell(begun + minutes(minute), {
      ...{ action, actor: { ...actor, onBehalfOf: who.id }, source, target: who },
      context: { ...story.context('ui', 'sess-assisted-1'), correlationId: 'assisted-1' },
      metadata: { language: 'ne', reason: 'no device of their own' },
      ...more,
    } as Scene);
  say(0, 'manager.assisted_mode_enabled');
  say(1, 'assisted.mode_enabled');
  say(2, 'assisted.mode_started');
  say(4, 'assisted.step_viewed');
  say(7, 'assisted.step_updated', changed({ rooms: null }, { rooms: 3 }));
  say(9, 'assisted.agreement_confirmed');
  say(10, 'assisted.signature_completed');
}
