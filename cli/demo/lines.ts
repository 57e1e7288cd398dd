// Single events that need no course of their own, told as lines of a table.
import type { Scene, Story } from './story.ts';

type Who = Pick<Scene, 'actor' | 'source'>;
type Target = NonNullable<Scene['target']>;
type More = Omit<Scene, 'action' | 'actor' | 'source' | 'target'>;

/** On which day of the period who did what; at a time of work unless `hour` says another. */
export type Line = readonly [
  day: number,
  who: Who,
  action: string,
  target?: Target | undefined,
  more?: More & { readonly hour?: number },
];

/** Who works at a screen has a session that day; everybody else comes through the API or by themselves. */
export function tellLine(story: Story, [day, who, action, target, more = {}]: Line): string {
  const { hour, ...rest } = more;
  const { random, period } = story;
  const at = hour === undefined ? story.working(day) : period.at(day, hour, random.int(0, 59));
  const { actor, source } = who;
  return story.tell(at, {
    ...{ action, actor },
    ...(source !== undefined && { source }),
    ...(target !== undefined && { target }),
    context: contextOf(story, actor, day),
    ...rest,
  });
}

function contextOf(story: Story, actor: Who['actor'], day: number): NonNullable<Scene['context']> {
  if (actor.type === 'user') return story.context('ui', sessionOf(actor.id ?? '', story.period.workday(day)));
  return story.context(actor.type === 'service' ? 'api' : 'automation');
}

/** A person's session of one day. */
export const sessionOf = (id: string, day: number): string => `sess-${id}-${day}`;

export const target = (type: string, id: string, name?: string): Target => ({
  ...{ type, id },
  ...(name !== undefined && { name }),
});

export const changed = (before: object | null, after: object | null): Pick<More, 'change'> => ({
  change: { before: before as never, after: after as never },
});
