// Walks through a request or a response of CloudTrail and gives the texts of each object.
import { isJsonObject, type JsonValue } from '../../core/json/value.ts';
import { singular } from './call.ts';

/** EC2 wraps identifiers as `instancesSet.items[].instanceId`; deeper nesting is configuration, not what is acted on. */
export const DEPTH = 7;
/** What narrows a search or describes a thing, beside what is acted on. */
const NOT_A_CONTAINER = /filter|^tag|context$|condition|document$|statement/i;

export type Members = readonly (readonly [key: string, value: string])[];
/** `within`: the name of the object, empty for the request itself. */
type Give = (members: Members, within: string) => void;

/** Gives each object's texts together, lists of texts under the name of the list. `key`: the object's own name. */
export function collect(value: JsonValue | undefined, key: string, depth: number, give: Give): void {
  if (depth > DEPTH) return;
  if (Array.isArray(value)) {
    const one = singular(key);
    for (const item of value) if (typeof item === 'string') give([[one, item]], '');
    for (const item of value) if (typeof item === 'object') collect(item, one, depth + 1, give);
    return;
  }
  // A policy's document, as an object.
  if (!isJsonObject(value) || 'Statement' in value) return;
  const members: [string, string][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string') members.push([wrapped(name) ? singular(key) : name, member]);
    else if (!NOT_A_CONTAINER.test(name)) collect(member, wrapped(name) ? singular(key) : name, depth + 1, give);
  }
  if (members.length > 0) give(members, key);
  // Systems Manager's targets: `{key: 'InstanceIds', values: [...]}`.
  if (typeof value.key === 'string' && Array.isArray(value.values)) collect(value.values, value.key, depth + 1, give);
}

/** Names that only wrap: EC2's XML as JSON. */
const wrapped = (name: string): boolean => ['item', 'items', 'member', 'content'].includes(name);
