// The ordinary: people who sign in, look things up, change a few, and sign out; citizens at the portal. As much as is wanted.
import { changed, sessionOf, target } from './lines.ts';
import { CASHIERS, citizen, HANDLERS, type Person, REGISTRARS, STAFF } from './people.ts';
import { minutes } from './period.ts';
import { tellVisit, VISIT_ENTRIES } from './portal.ts';
import { type Scene, Story, type Telling, type Told } from './story.ts';

/** Sign-in, something done, sign-out. */
const LEAST_OF_A_DAY = 3;
const FIRST_CITIZEN = 1_000;

/** Exactly `count` entries of ordinary days. */
export function tellWorkdays(telling: Telling, count: number): readonly Told[] {
  const story = new Story('day', telling);
  const { period, random } = story;
  const days = random.shuffled(STAFF.flatMap((person) => period.workdays.map((day) => ({ person, day }))));
  for (let visitor = FIRST_CITIZEN; story.told.length < count; ) {
    const left = count - story.told.length;
    const next = random.chance(75) ? days.pop() : undefined;
    if (left < LEAST_OF_A_DAY) tellGlance(story);
    else if (next !== undefined) tellDay(story, next.person, next.day, Math.min(left, random.int(5, 11)));
    else if (left < VISIT_ENTRIES) tellGlance(story);
    else {
      const visit = { day: random.int(0, period.days - 1), hour: random.int(7, 21), stumbles: false };
      tellVisit(story, citizen(visitor++, random.chance(50) ? 'ne' : 'en'), visit);
    }
  }
  return story.told;
}

/** A page that somebody looked at in passing. */
function tellGlance(story: Story): void {
  const { actor, source } = story.random.pick(STAFF);
  const at = story.working(story.random.int(0, story.period.days - 1));
  story.tell(at, {
    action: 'page.viewed',
    actor,
    source,
    target: target('page', 'home'),
    context: story.context('ui'),
  });
}

/** A person's day in `entries` entries: one session, signed in with a second factor or by single sign-on. */
function tellDay(story: Story, person: Person, day: number, entries: number): void {
  const { random, period } = story;
  const { actor, source } = person;
  const sessionId = sessionOf(actor.id, day);
  const account = target('user', actor.id, actor.name);
  const begun = period.at(day, 8, random.int(45, 59));
  const say = (at: number, scene: Omit<Scene, 'actor' | 'source'>) =>
    story.tell(at, { ...scene, actor, source, context: story.context('ui', sessionId) } as Scene);
  const metadata = { mfa: { method: random.chance(70) ? 'totp' : 'push' } };
  say(begun, { action: 'auth.login.success', target: account, metadata });
  const done = entries - 2;
  const pause = minutes(480) / done;
  for (let n = 0; n < done; n++)
    say(begun + Math.floor(pause * n) + random.int(60_000, 900_000), workOf(story, person));
  const forgotten = random.chance(12);
  say(begun + minutes(520), { action: forgotten ? 'session.timed_out' : 'auth.logout', target: account });
}

function workOf(story: Story, person: Person): Omit<Scene, 'actor' | 'source'> {
  const { random } = story;
  if (HANDLERS.includes(person)) return handling(story);
  if (CASHIERS.includes(person)) return cashing(story);
  if (REGISTRARS.includes(person)) return registering(story);
  const page = random.pick(['dashboard', 'deadlines', 'team', 'inbox']);
  return { action: random.pick(['page.viewed', 'page.details_viewed', 'page.searched']), target: target('page', page) };
}

/** Cases that are none of those whose course is told: what is looked at most is older. */
function handling({ random }: Story): Omit<Scene, 'actor' | 'source'> {
  const id = `case-${9_000 + random.int(1, 160)}`;
  const about = { type: 'case', id, reference: `WB-${id.slice(5)}` };
  const action = random.pick([
    'case.viewed',
    'case.viewed',
    'case.viewed',
    'case.note_added',
    'case.evidence_downloaded',
    'case.message_sent',
  ]);
  return { action, target: about };
}

function cashing({ random }: Story): Omit<Scene, 'actor' | 'source'> {
  const about = target('payment', `pay-${9_000 + random.int(1, 400)}`);
  if (random.chance(60)) return { action: 'page.details_viewed', target: about };
  const amount = random.int(1_000, 50_000) / 100;
  return {
    action: 'payment.updated',
    target: about,
    ...changed({ amount, checked: false }, { amount, checked: true }),
  };
}

function registering({ random }: Story): Omit<Scene, 'actor' | 'source'> {
  const about = target('customer', `c-${2_000 + random.int(1, 300)}`);
  if (random.chance(65)) return { action: 'customer.viewed', target: about };
  const [before, after] = random.shuffled(['Dublin', 'Cork', 'Galway', 'Limerick', 'Kathmandu']);
  return { action: 'customer.updated', target: about, ...changed({ city: before }, { city: after }) };
}
