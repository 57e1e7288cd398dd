// Makes an entry's description from the catalog's template.
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
  const text = usable.replace(PLACEHOLDER, (_, name: string, offset: number) => {
    if (name === 'actor')
      return actorName(entry) ?? NAMELESS[entry.actor.type === 'system' ? 'system' : 'other'](offset);
    return name === 'target' ? (target ?? '') : entry.action;
  });
  return shorten(text);
}

/** At the start of a sentence, or inside of one. */
const NAMELESS = {
  system: (offset: number) => (offset === 0 ? 'The system' : 'the system'),
  other: (offset: number) => (offset === 0 ? 'Someone anonymous' : 'someone anonymous'),
};

function actorName({ actor }: Described): string | undefined {
  return actor.name ?? actor.sessionName ?? actor.id;
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
