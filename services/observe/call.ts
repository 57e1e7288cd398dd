// A CloudTrail record's call: what it is named, where it happened, and what its name mentions.
import type { JsonObject, JsonValue } from '../../core/json/value.ts';
import { MENTIONED_AS, OF_CALLS } from './kinds/parameters.ts';
import { type Home, kebab, type Resource, serviceName } from './resource.ts';

export interface Call extends Home {
  /** Without the API's version. */
  readonly name: string;
  readonly lowered: string;
}

export function callOf(record: JsonObject, service: string): Call {
  const text = (value: JsonValue | undefined) => (typeof value === 'string' ? value : undefined);
  const name = apiName(String(record.eventName));
  const account = text(record.recipientAccountId);
  return {
    ...{ service: serviceName(service), account, region: text(record.awsRegion) },
    ...{ name, lowered: name.toLowerCase() },
  };
}

/** Lambda, CloudFront and others end names with the API's version: `CreateFunction20150331`, `…2020_05_31`. */
export function apiName(eventName: string): string {
  return eventName.replace(/(?:_?\d{4}_\d{2}_\d{2}|\d{8})(?:v\d+)?$/, '') || eventName;
}

/** A thing that the call's name does not mention is behind everything that it mentions. */
export const UNMENTIONED = 1_000;
/** What a call uses rather than acts on: keys that encrypt, roles that are passed, places that logs go to. */
export const MINOR = 2_000;
const MINOR_TYPES: ReadonlySet<string> = new Set([
  ...['kms:key', 'iam:role', 'iam:instance-profile', 'iam:policy', 's3:bucket', 'logs:log-group', 'sns:topic'],
  ...['ec2:vpc', 'ec2:subnet', 'ec2:security-group', 'ec2:image', 'ec2:key-pair', 'ssm:document'],
]);

/**
 * The less, the more a resource is what the call is about: where the name of the call mentions its kind, or the parameter that
 * holds it. `AttachRolePolicy` acts on the role before the policy; `AddUserToGroup` on the group before the user.
 */
export function rankOf({ type }: Resource, parameter: string, call: Call): number {
  if (OF_CALLS[`${call.service}:${call.name}`] === type) return -UNMENTIONED;
  const kind = type.slice(type.indexOf(':') + 1);
  const at = [MENTIONED_AS[kind] ?? kind, parameter].flatMap((word) => placeOf(word, call) ?? []);
  if (at.length === 0) return MINOR_TYPES.has(type) ? MINOR : UNMENTIONED;
  const [, direction] = DIRECTED.exec(call.name) ?? [];
  const place = Math.min(...at);
  if (direction === undefined) return place;
  return place > call.name.search(/(?:To|From|With)[A-Z]/) ? place - UNMENTIONED / 2 : place;
}

/** What something is added to or taken from is what changes. */
const DIRECTED =
  /^(?:Admin)?(?:Add|Remove|Attach|Detach|Put|Associate|Disassociate|Register|Deregister).+?(To|From|With)[A-Z]/;

/** Of two kinds that begin at one place, the longer is what is meant: a snapshot of a cluster, and not the cluster. */
function placeOf(word: string, { lowered }: Call): number | undefined {
  const spelled = word.replaceAll('-', '');
  const at = spelled === '' ? -1 : lowered.indexOf(spelled);
  return at < 0 ? undefined : at - Math.min(spelled.length, 99) / 100;
}

export function isMentioned(word: string, call: Call): boolean {
  return placeOf(kebab(word), call) !== undefined;
}

/** `DeleteTrail` is about a trail, `GetParameters` about a parameter. */
export function nounOf(name: string): string {
  const noun = kebab(name)
    .replace(/^(?:batch|admin|force)-/, '')
    .split('-')
    .slice(1)
    .join('-')
    .replace(ASPECT, '');
  return singular(noun) || 'resource';
}

/** What is read or set of a thing, and is not the thing. */
const ASPECT =
  /(?<=.)-(?:status|attributes?|configuration|config|settings?|metadata|state|details|events|history|policy|permissions?|value|versions?|dnssec)$/;

export function singular(key: string): string {
  return key
    .replace(/(?:Set|List)$/, '')
    .replace(/ies$/, 'y')
    .replace(/(?<![suai])s$/, '');
}
