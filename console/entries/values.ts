// Values that are offered in the filter: of fields that have a closed list, and those that were seen.
import { CATEGORIES } from '../../core/catalog/categories.ts';
import {
  ACTOR_TYPES,
  CHANNELS,
  OUTCOMES,
  RECORDER_TYPES,
  SEVERITIES,
  type Entry as Stored,
} from '../../core/entry/schema.ts';
import { itemsOf, scalarText, valueAt } from '../../core/query/values.ts';
import type { Entry } from '../api/operations.ts';

export interface Option {
  readonly propertyKey: string;
  readonly value: string;
}

const CLOSED: Readonly<Record<string, readonly string[]>> = {
  severity: SEVERITIES,
  outcome: OUTCOMES,
  category: [...CATEGORIES.keys()],
  'actor.type': ACTOR_TYPES,
  'recorder.type': RECORDER_TYPES,
  'context.channel': CHANNELS,
};

/** Whose values repeat, so that choosing one is worth more than typing it. */
const SEEN = [
  ...(['action', 'actor.id', 'actor.name', 'actor.email', 'actor.role', 'actor.onBehalfOf', 'target.type'] as const),
  ...(['target.id', 'target.name', 'target.reference', 'source.ip', 'source.geo.country', 'source.geo.city'] as const),
  ...(['context.sessionId', 'context.correlationId', 'context.requestId', 'recorder.id'] as const),
] as const;
/** Of a list: one of its items. */
const LISTS = ['related.type', 'related.id'] as const;
/** Longer ones are nobody's choice, and a hostile one fills no menu. */
const LONGEST = 200;

export const CLOSED_OPTIONS: readonly Option[] = Object.entries(CLOSED).flatMap(([propertyKey, values]) =>
  values.map((value) => ({ propertyKey, value })),
);

/** Each once, in the order in which they were seen. */
export function seenIn(entries: readonly Entry[]): readonly Option[] {
  const seen = new Map<string, Option>();
  const see = (propertyKey: string, value: string | undefined): void => {
    if (value === undefined || value === '' || value.length > LONGEST) return;
    seen.set(JSON.stringify([propertyKey, value]), { propertyKey, value });
  };
  for (const described of entries) {
    // The same schema, once as the API describes it.
    const entry = described as Stored;
    for (const name of SEEN) see(name, scalarText(valueAt(entry, name.split('.'))));
    for (const name of LISTS) for (const item of itemsOf(entry, { path: name.split('.') })) see(name, item);
  }
  return [...seen.values()];
}
