// Who touched a record, what belongs to it, and the first and last of everything.
import type { Entry } from '../api/operations.ts';
import type { Row } from '../entries/use-entries.ts';

export type Reference = NonNullable<Entry['target']>;

/** Entries that have something in common. */
export interface Tally<T> {
  readonly what: T;
  readonly count: number;
  /** In order of occurrence. */
  readonly first: Row;
  readonly last: Row;
}

/** Whether an entry is about this record itself, rather than one that mentions it. */
export const isAbout = ({ entry: { target } }: Row, type: string, id: string): boolean =>
  target?.type === type && target.id === id;

/** Who acted, most often first. Nameless ones are known by their kind alone. */
export function actorsOf(rows: readonly Row[]): readonly Tally<Entry['actor']>[] {
  return tallied(
    rows,
    ({ entry }) => [entry.actor],
    ({ type, id, name, sessionName }) => JSON.stringify([type, id ?? sessionName ?? name]),
  ).toSorted((a, b) => b.count - a.count);
}

/** Actions in the order in which each came first. */
export function actionsOf(rows: readonly Row[]): readonly Tally<string>[] {
  return tallied(
    rows,
    ({ entry }) => [entry.action],
    (action) => action,
  );
}

/** Other records that entries name beside this one, in the order in which each came first. */
export function relatedOf(rows: readonly Row[], type: string, id: string): readonly Tally<Reference>[] {
  const isOther = (one: Reference): boolean => one.type !== type || one.id !== id;
  const others = ({ entry: { target, related = [] } }: Row): readonly Reference[] =>
    [...(target === undefined ? [] : [target]), ...related].filter(isOther);
  return tallied(rows, others, (one) => JSON.stringify([one.type, one.id ?? one.reference ?? one.name]));
}

/** What the entries call the record: the newest name and reference that they give it. */
export function namesOf(rows: readonly Row[], type: string, id: string): Pick<Reference, 'name' | 'reference'> {
  const given = rows
    .flatMap(({ entry: { target, related = [] } }) => [...(target === undefined ? [] : [target]), ...related])
    .filter((one) => one.type === type && one.id === id);
  const name = given.findLast((one) => one.name !== undefined)?.name;
  const reference = given.findLast((one) => one.reference !== undefined)?.reference;
  return { ...(name === undefined ? {} : { name }), ...(reference === undefined ? {} : { reference }) };
}

/** An entry counts once for each thing, however often it names it. */
function tallied<T>(
  rows: readonly Row[],
  things: (row: Row) => readonly T[],
  key: (thing: T) => string,
): readonly Tally<T>[] {
  const found = new Map<string, Tally<T>>();
  for (const row of rows) {
    for (const [name, what] of new Map(things(row).map((thing) => [key(thing), thing]))) {
      const known = found.get(name);
      found.set(name, { what, first: known?.first ?? row, last: row, count: (known?.count ?? 0) + 1 });
    }
  }
  return [...found.values()];
}

/** Reads of the trail by this reader, which are entries about what they read. */
export const isOwnRead = ({ entry }: Row, subject: string): boolean =>
  entry.category === 'audit_access' && entry.actor.id === subject;
