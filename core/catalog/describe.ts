import { type EntryInput, MAX_DESCRIPTION } from '../entry/schema.ts';

type Described = Pick<EntryInput, 'action' | 'actor' | 'target'>;

/** The action's own words are enough when nothing better is known. */
const UNKNOWN_ACTION = '{actor}: {action}';

const PLACEHOLDER = /\{(actor|target|action)\}/g;
/** What a template says of a target that the entry doesn't name reads better without its article. */
const NAMELESS_TARGET = / \{target\}| (?:of|for|to|on|from) \{target\}|: \{target\}/g;

export function describe(entry: Described, template: string = UNKNOWN_ACTION): string {
  const target = targetName(entry);
  const usable = target === undefined ? template.replace(NAMELESS_TARGET, '') : template;
  const text = usable.replace(PLACEHOLDER, (_, name: string) => {
    if (name === 'actor') return actorName(entry);
    return name === 'target' ? (target ?? '') : entry.action;
  });
  return shorten(text);
}

function actorName({ actor }: Described): string {
  if (actor.name !== undefined) return actor.name;
  if (actor.sessionName !== undefined) return actor.sessionName;
  if (actor.id !== undefined) return actor.id;
  return actor.type === 'system' ? 'The system' : 'Someone anonymous';
}

function targetName({ target }: Described): string | undefined {
  return target === undefined ? undefined : (target.name ?? target.reference ?? target.id);
}

/** Cut between code points, marked as cut. */
function shorten(text: string): string {
  if (text.length <= MAX_DESCRIPTION) return text;
  const points = [...text];
  return points.length <= MAX_DESCRIPTION ? text : `${points.slice(0, MAX_DESCRIPTION - 1).join('')}…`;
}
