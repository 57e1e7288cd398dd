import type { EntryInput } from '../../core/entry/schema.ts';
import { MAX_IDENTIFIER, MAX_NAME } from '../../core/entry/schema.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';
import { defined, plainText } from './text.ts';

type Target = NonNullable<EntryInput['target']>;
type Targets = Pick<EntryInput, 'target' | 'related'>;

/** More than this and a reader wants the original, which is kept. */
const MAX_TARGETS = 20;

/** What was acted on: CloudTrail's own `resources` where it names them, else the identifiers in the request. */
export function targetsOf(record: JsonObject, service: string): Targets {
  const named = Array.isArray(record.resources) ? record.resources.flatMap((item) => resource(item, service)) : [];
  const found = named.length > 0 ? named : parameters(record, service);
  const [target, ...related] = distinct(found).slice(0, MAX_TARGETS);
  if (target === undefined) return {};
  return related.length > 0 ? { target, related } : { target };
}

function resource(item: JsonValue, service: string): Target[] {
  if (!isJsonObject(item)) return [];
  const id = plainText(item.ARN ?? item.arn ?? item.ARNPrefix, MAX_IDENTIFIER);
  if (id === undefined) return [];
  return [{ type: plainText(item.type, MAX_NAME) ?? kindOfArn(id, service), id }];
}

/** `arn:aws:ssm:us-east-1:111122223333:parameter/x` is of the kind `ssm:parameter`; not every ARN names a kind. */
export function kindOfArn(arn: string, service: string): string {
  const [, , owner = service, , , ...rest] = arn.split(':');
  const [kind] = rest.join(':').split(/[:/]/, 1);
  return kind !== undefined && /^[a-z][a-z0-9-]*$/i.test(kind) && rest.join(':') !== kind
    ? `${owner}:${kind}`
    : service;
}

/** `instanceId`, `roleName`, `policyArn`; bare `name`, `id` and `arn` are of the service's own kind of resource. */
const IDENTIFIER = /^(.*?)(id|name|arn)$/i;
/** What narrows a search or describes a thing, beside what is acted on. */
const NOT_A_CONTAINER = /filter|^tag/i;
/** Identifiers of the call, not of what it acts on. */
const NOT_A_TARGET = /token$|^request|session|^client|^version|^account(Id)?$|^owner/i;

interface Found {
  readonly target: Target;
  readonly rank: number;
  readonly key: string;
}

function parameters(record: JsonObject, service: string): Target[] {
  const eventName = String(record.eventName).toLowerCase();
  const found: Found[] = [];
  for (const container of [record.requestParameters, record.serviceEventDetails, record.additionalEventData]) {
    collect(container, 0, (key, value) => {
      const one = identifier(key, value, service, eventName);
      if (one !== undefined) found.push(one);
    });
    if (found.length > 0) break;
  }
  found.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : Number(a.key > b.key)));
  return found.map(({ target }) => target);
}

function distinct(targets: readonly Target[]): Target[] {
  const seen = new Map(targets.map((target) => [`${target.type}\n${target.id}`, target]));
  return [...seen.values()];
}

/** EC2 wraps identifiers as `instancesSet.items[].instanceId`; deeper nesting is configuration, not what is acted on. */
const DEPTH = 4;

function collect(value: JsonValue | undefined, depth: number, visit: (key: string, value: string) => void): void {
  if (depth > DEPTH) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, depth + 1, visit);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === 'string') visit(key, member);
    else if (!NOT_A_CONTAINER.test(key)) collect(member, depth + 1, visit);
  }
}

/** `AttachRolePolicy` acts on the role before the policy: the kind that the call's name mentions first comes first. */
function identifier(key: string, value: string, service: string, eventName: string): Found | undefined {
  const match = IDENTIFIER.exec(key);
  if (match === null || NOT_A_TARGET.test(key)) return undefined;
  const [, kind = '', suffix = ''] = match;
  const type = plainText(kind.slice(0, 1).toLowerCase() + kind.slice(1), MAX_NAME) ?? service;
  const id = plainText(value, MAX_IDENTIFIER);
  if (id === undefined) return undefined;
  const position = kind === '' ? -1 : eventName.indexOf(kind.toLowerCase());
  const rank = kind === '' ? 1_000 : position < 0 ? 2_000 : position;
  const name = suffix.toLowerCase() === 'name' ? plainText(value, MAX_NAME) : undefined;
  return { target: defined<Target>({ type, id, name } as Target), rank, key };
}
