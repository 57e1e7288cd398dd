// An entry as named values, in groups: who, what, on what, when, where, how.
import { scalarText } from '../../core/query/values.ts';
import type { Row } from './use-entries.ts';

const SECTIONS = ['what', 'actor', 'target', 'when', 'source', 'context', 'metadata', 'record'] as const;
export type Section = (typeof SECTIONS)[number];

export interface FieldValue {
  /** A path of the entry, such as `actor.id`; of lists with the place of the item. */
  readonly name: string;
  readonly value: string;
}

/** An application may put 10,000 members into its metadata: the raw entry has them all. */
const MOST_FIELDS = 200;

/** Sections that have something, in their order. */
export function fieldsOf({
  entry,
  chain,
  position,
  leafHash,
  link,
}: Row): readonly { readonly section: Section; readonly fields: readonly FieldValue[] }[] {
  const { id, v, tenant, action, category, outcome, severity, occurredAt, recordedAt, late } = entry;
  const groups: Readonly<Record<Section, unknown>> = {
    what: { action, category, outcome, severity },
    actor: { actor: entry.actor },
    target: { target: entry.target, related: entry.related },
    when: { occurredAt, recordedAt, late },
    source: { source: entry.source },
    context: { context: entry.context },
    metadata: { metadata: entry.metadata },
    record: { id, tenant, v, recorder: entry.recorder, redacted: entry.redacted, chain, position, leafHash, link },
  };
  return SECTIONS.map((section) => ({
    section,
    fields: [...leaves(groups[section], [])].slice(0, MOST_FIELDS),
  })).filter(({ fields }) => fields.length > 0);
}

/** Scalars with their paths. Values have at most 32 levels, which recursion bears. */
function* leaves(value: unknown, path: readonly string[]): Generator<FieldValue, void, undefined> {
  if (value === undefined) return;
  const text = value === null ? 'null' : scalarText(value);
  if (text !== undefined) {
    yield { name: path.join('.'), value: text };
    return;
  }
  for (const [name, inner] of Object.entries(value as object)) yield* leaves(inner, [...path, name]);
}
