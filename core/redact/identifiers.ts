// Bare digits that name somebody or something, and may pass the check of a card's number by chance (one in ten does).
import { isJsonObject, type JsonObject, type JsonValue } from '../json/value.ts';
import { namesCard, namesIdentifier } from './names.ts';

/** What a card's number looks like without gaps; an identifier of another form needs no exception. */
const BARE = /^\d{13,19}$/;

/**
 * The entry's own identifiers of that form. They stay wherever the entry says them: in texts, in metadata, as numbers, so
 * that one value is not kept in one place and removed in another.
 */
export function identifiersOf({ actor, target, related }: JsonObject): ReadonlySet<string> {
  const found = new Set<string>();
  if (isJsonObject(actor)) {
    add(found, actor.id);
    add(found, isJsonObject(actor.onBehalfOf) ? actor.onBehalfOf.id : actor.onBehalfOf);
  }
  for (const thing of [target, ...(Array.isArray(related) ? related : [])]) {
    if (isJsonObject(thing) && !isCard(thing)) for (const value of [thing.id, thing.reference]) add(found, value);
  }
  return found;
}

function add(found: Set<string>, value: JsonValue | undefined): void {
  if (typeof value === 'string' && BARE.test(value)) found.add(value);
}

function isCard({ type }: JsonObject): boolean {
  return typeof type === 'string' && namesCard(type);
}

/** Whether bare digits at `path` stand under a name that says that they identify something: `customerId`, not `cardId`. */
export function isIdentifier(path: readonly string[], text: string): boolean {
  if (!BARE.test(text)) return false;
  const name = path.findLast((step) => !/^\d+$/.test(step));
  // A target's own identifier depends on what the target is (identifiersOf).
  if (name === undefined || path[0] === 'target' || path[0] === 'related') return false;
  return namesIdentifier(name);
}
