// What a CloudTrail record says that was acted on: the target, and what else the call names.
import { type EntryInput, MAX_NAME } from '../../core/entry/schema.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';
import { type Call, callOf, MINOR, UNMENTIONED } from './call.ts';
import { type Found, identifiersOf, typeOf } from './identifiers.ts';
import { impliedBy } from './implied.ts';
import { ADDITIONAL } from './kinds/parameters.ts';
import { isArn, type Resource, resourceOf, resourceOfArn } from './resource.ts';
import { s3TargetsOf } from './s3-targets.ts';
import { plainText } from './text.ts';

type Targets = Pick<EntryInput, 'target' | 'related'>;

/** More than this and a reader wants the original, which is kept. */
const MAX_TARGETS = 20;

/**
 * What was made, from the response; what the request names, in the order in which the call's name mentions it; what
 * CloudTrail lists as `resources`. Each once, in one form (resource.ts).
 */
export function targetsOf(record: JsonObject, service: string): Targets {
  const call = callOf(record, service);
  const asked = found(record.requestParameters, call);
  const made = madeBy(record.responseElements, call, (record.requestParameters ?? null) === null);
  const named = resourcesOf(record.resources, call);
  const told = toldBy(record, call, made.length + asked.length + named.length === 0);
  const [results, rest] = withNames(made, [...asked, ...told]);
  const all = [...results, ...rest].map((one, i) => ({ ...one, place: i < results.length ? 0 : 1 }));
  // A target that a call's own rule names comes before what it made; everything made comes before what was asked.
  all.sort((a, b) => Math.min(a.rank, 0) - Math.min(b.rank, 0) || a.place - b.place || a.rank - b.rank);
  const ranked = all.map(({ resource }) => resource);
  const first = all.some(({ rank }) => rank < UNMENTIONED);
  const [target, ...related] = distinct(first ? [...ranked, ...named] : [...named, ...ranked]).slice(0, MAX_TARGETS);
  if (target === undefined) return implied(record, call);
  return related.length > 0 ? { target, related } : { target };
}

function implied(record: JsonObject, call: Call): Targets {
  const target = impliedBy(record, call);
  return target === undefined ? {} : { target };
}

/** What has been made is known by its own id, and what the request asked to call it is its name. */
function withNames(made: readonly Found[], asked: readonly Found[]): readonly [results: Found[], rest: Found[]] {
  const counts = new Map<string, number>();
  for (const { type } of distinct(made.map(({ resource }) => resource))) counts.set(type, (counts.get(type) ?? 0) + 1);
  const isName = ({ resource, certain }: Found) => !certain && counts.has(resource.type);
  const names = new Map(asked.filter(isName).map(({ resource }) => [resource.type, resource.id]));
  const results = made.map((one) => {
    const name = plainText(names.get(one.resource.type), MAX_NAME);
    if (name === undefined || name === one.resource.id || counts.get(one.resource.type) !== 1) return one;
    return { ...one, resource: { ...one.resource, name } };
  });
  return [results, asked.filter((one) => !isName(one))];
}

const MAKES =
  /^(?:Admin)?(?:Create|Run|Allocate|Register|Copy|Import|Restore|Launch|Start|Put|Issue|Request|Clone|Publish|Add|Authorize|Upload|Submit|Purchase|Invite)/;

function found(container: JsonValue | undefined, call: Call): Found[] {
  return call.service === 's3' ? s3TargetsOf(container, call) : identifiersOf(container, call);
}

/** Of a response, what the call's name mentions; all of it that matters, if the request names nothing: my own access key. */
function madeBy(response: JsonValue | undefined, call: Call, alone: boolean): Found[] {
  if (!MAKES.test(call.name)) return [];
  return found(response, call).filter(({ rank }) => rank < (alone ? MINOR : UNMENTIONED));
}

function toldBy(record: JsonObject, call: Call, alone: boolean): Found[] {
  const more = isJsonObject(record.additionalEventData ?? null) ? (record.additionalEventData as JsonObject) : {};
  const additional = Object.entries(more).flatMap(([key, value]) => {
    const type = ADDITIONAL[`${call.service}:${key}`];
    const resource = type === undefined || typeof value !== 'string' ? undefined : resourceOf(type, value);
    return resource === undefined ? [] : [{ resource, rank: 0, certain: true }];
  });
  if (!alone) return additional;
  const others = [record.serviceEventDetails, more].flatMap((container) => found(container, call));
  return [...additional, ...others, ...(additional.length + others.length > 0 ? [] : deniedOf(record, call))];
}

const DENIED_ON = /on resource: "?([^\s"]+)(?: ([^\s"]+))?/;

/** Requests that are refused are often left out of the record; the message of the error says of what. */
function deniedOf({ errorMessage }: JsonObject, call: Call): Found[] {
  const [, name = '*', second] = (typeof errorMessage === 'string' ? DENIED_ON.exec(errorMessage) : undefined) ?? [];
  const plain = name.replace(/[.,;]$/, '');
  if (plain === '*') return [];
  // IAM's messages say what kind: `on resource: user eve`.
  const ofIam = call.service === 'iam' && /^(?:user|role|group|policy)$/.test(plain) && second !== undefined;
  const resource = ofIam
    ? resourceOf(`iam:${plain}`, second)
    : isArn(plain)
      ? resourceOfArn(plain, call)
      : resourceOf(typeOf('', call), plain);
  return resource === undefined ? [] : [{ resource, rank: 0, certain: true }];
}

function resourcesOf(resources: JsonValue | undefined, call: Call): Resource[] {
  if (!Array.isArray(resources)) return [];
  return resources.flatMap((item) => {
    if (!isJsonObject(item)) return [];
    const arn = item.ARN ?? item.arn ?? item.ARNPrefix;
    const resource = typeof arn === 'string' && isArn(arn) ? resourceOfArn(arn, call) : undefined;
    return resource === undefined ? [] : [resource];
  });
}

function distinct(resources: readonly Resource[]): Resource[] {
  const known = new Map<string, Resource>();
  for (const resource of resources) {
    const key = `${resource.type}\n${resource.id}`;
    if (!known.has(key)) known.set(key, resource);
  }
  return [...known.values()];
}
