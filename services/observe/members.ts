// Walks through what a call asked for, member by member.
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';

export interface Member {
  readonly key: string;
  readonly value: JsonValue;
  /** The object that the member is in. */
  readonly within: JsonObject;
}

/** Deeper than any request of AWS's; what is nested further is not looked at. */
const DEPTH = 12;

/** Every member of every object inside, outer ones first; texts of a list stand under the name of the list. */
export function membersOf(value: JsonValue | undefined): Member[] {
  const found: Member[] = [];
  let level: readonly (readonly [key: string, value: JsonValue, within: JsonObject])[] = [['', value ?? null, {}]];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    const next: [string, JsonValue, JsonObject][] = [];
    for (const [key, node, within] of level) {
      if (key !== '') found.push({ key, value: node, within });
      if (Array.isArray(node)) for (const item of node) next.push([key, item, within]);
      else if (isJsonObject(node)) for (const [name, member] of Object.entries(node)) next.push([name, member, node]);
    }
    level = next;
  }
  return found;
}

export function requestOf({ requestParameters }: JsonObject): JsonObject {
  return isJsonObject(requestParameters ?? null) ? (requestParameters as JsonObject) : {};
}
