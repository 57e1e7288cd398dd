// The identifiers in a request or a response: which texts name resources, and of which kinds.
import type { JsonValue } from '../../core/json/value.ts';
import { type Call, isMentioned, nounOf, rankOf } from './call.ts';
import { collect, type Members } from './collect.ts';
import {
  bareKind,
  IN_CALLS,
  NAMED_BESIDE_ARN,
  OF_CALLS,
  OF_PARAMETERS,
  OF_SERVICES,
  ON_ACCOUNTS,
} from './kinds/parameters.ts';
import { decodedArn, isArn, kebab, type Resource, resourceOf, resourceOfArn, resourceOfEc2Id } from './resource.ts';

export interface Found {
  readonly resource: Resource;
  /** The less, the more it is what the call is about. */
  readonly rank: number;
  /** An ARN or an id that says of itself what it is of, and not a name that a request gives. */
  readonly certain: boolean;
}

/** In the order in which the container has them. */
export function identifiersOf(container: JsonValue | undefined, call: Call): Found[] {
  const all: Found[] = [];
  collect(container, '', 0, (members, within) => {
    for (const one of identifiersIn(members, within, call)) all.push(one);
  });
  return all;
}

interface Candidate extends Found {
  /** Named by `name`, `id` or `arn` alone. */
  readonly bare: boolean;
  /** Of several identifiers of one thing in one object: an ARN before an id before a name; IAM's ids are no names. */
  readonly form: number;
  /** What the thing is to the call where there may be two of a kind: `source` of `sourceTableName`. */
  readonly part: string;
}

function identifiersIn(members: Members, within: string, call: Call): Found[] {
  const best = new Map<string, Candidate>();
  const kind = members.find(([key]) => /^resourceType$/i.test(key))?.[1];
  for (const [key, text] of members.flatMap(eachOf)) {
    const value = decodedArn(text);
    const candidate =
      kind !== undefined && /^resource(?:Id|Name)$/i.test(key) && !isArn(value)
        ? ofKind(kind, value, call)
        : identifier(key, value, within, call);
    if (candidate === undefined) continue;
    // Two ids that say what they are of are two things, and so are a source and a target; a name beside an id is the same thing's.
    const { type, id } = candidate.resource;
    const place = candidate.certain ? `${type}\n${id}` : `${type}\n${candidate.part}`;
    const known = best.get(place);
    if (known === undefined || candidate.form < known.form) best.set(place, candidate);
  }
  return onePerThing([...best.values()]);
}

/** Auto Scaling's subnets are one text: `subnet-1,subnet-2`. */
function eachOf([key, text]: readonly [string, string]): (readonly [string, string])[] {
  const parts = text.length < MAX_LISTED && text.includes(',') ? text.split(',') : [];
  return parts.some((part) => resourceOfEc2Id(part, 'ec2') === undefined) || parts.length === 0
    ? [[key, text]]
    : parts.map((part) => [key, part]);
}

/** A longer text is no list of ids. */
const MAX_LISTED = 1_000;

/** Of an object's identifiers of one kind, the ARN tells more than the names beside it, except where it holds another name. */
function onePerThing(all: readonly Candidate[]): Found[] {
  const ranks = new Map<string, number>();
  const [arns, names] = [new Set<string>(), new Set<string>()];
  for (const { resource, rank, certain } of all) {
    ranks.set(resource.type, Math.min(rank, ranks.get(resource.type) ?? rank));
    (certain ? arns : names).add(resource.type);
  }
  const bareArn = all.some(({ bare, form }) => bare && form === 0);
  const kept = all.filter(({ bare, form, certain, resource: { type } }) => {
    if (NAMED_BESIDE_ARN.has(type) && names.has(type)) return !certain;
    return certain || !(arns.has(type) || (bareArn && bare && form !== 0));
  });
  // An ARN stands for the names beside it, and what the call's name says of them is said of it.
  return kept.map((one) =>
    one.certain && names.has(one.resource.type) ? { ...one, rank: ranks.get(one.resource.type)! } : one,
  );
}

function ofKind(kind: string, value: string, call: Call): Candidate | undefined {
  const ec2 = resourceOfEc2Id(value, call.service);
  const resource = ec2 ?? resourceOf(typeOf(kebab(kind), call), value);
  return typed(resource, '', call, { form: 1, bare: false, certain: ec2 !== undefined });
}

/** `instanceId`, `roleName`, `policyArn`, `dBInstanceIdentifier`, `queueUrl`, `broker-id`; bare `name`, `id` and `arn`. */
const IDENTIFIER = /^(.*?)[-_]?(id|name|arn|identifier|uuid)$/i;
const FORMS = ['arn', 'id', 'name'];
/** Identifiers of the call, of its caller and of settings: never of what is acted on. */
const NEVER =
  /token|assertion|^request|version|availability|marker|^reservation|user-?agent|metric|^attribute|^display|^path|^statement|^targetOrigin|owner|^registry|^awsAccount|^creator|^source-?identity|^invoked|zone(?:Id|Name)?$|^region|^master(?:User)?name|^solutionStack|^canonical|^aws-?service|^engine/i;
/** Words that name things of some services, and settings in the calls of others. */
const UNLESS_MENTIONED =
  /session|^client|^principal|device|^host(?!edZone)|^agent|^type|^namespace(?:Id|$)|^product|^service(?:Name|Id)?$|^container|^domain(?:Name)?$|^rule(?:Name|Id)$/i;
/** Who did it, beside what was done to it. */
const BY_WHOM = /By$|token/i;

function identifier(key: string, value: string, within: string, call: Call): Candidate | undefined {
  if (isUntold(key, value, call) || BY_WHOM.test(key)) return undefined;
  const match = IDENTIFIER.exec(key);
  const word = kindOf(key, match?.[1], within, call);
  if (isArn(value)) {
    const bare = match?.[1] === '';
    const one = typed(resourceOfArn(value, call), word ?? kebab(key), call, { form: 0, bare, certain: true });
    // An ARN that stands alone is what the call is about, whatever its name mentions.
    return one && bare && within === '' ? { ...one, rank: Math.min(one.rank, FIRST) } : one;
  }
  if (NEVER.test(key) && !/hostedZone/i.test(key)) return undefined;
  const ec2 = match === null && word === undefined ? undefined : resourceOfEc2Id(value, call.service);
  if (ec2 !== undefined) return typed(ec2, word ?? '', call, { form: 1, bare: false, certain: true });
  if (word === undefined) return undefined;
  if (UNLESS_MENTIONED.test(key) && !isAbout(key, word, call)) return undefined;
  const account = accountOf(key, value, call);
  if (account !== 'none') return account && typed(account, '', call, { form: 1, bare: false, certain: true });
  const type = typeOf(word, call);
  // Groups of one's own account are named with its number.
  if (type === 'organizations:account' && value === call.account) return undefined;
  const resource = resourceOf(type, idOf(key, value));
  return typed(resource, word, call, { form: formOf(type, match?.[2]), bare: match?.[1] === '', certain: false });
}

const FIRST = 0.5;

/** What a parameter is named for, `role` of `roleName`; empty where the call alone says it, undefined if it names nothing. */
function kindOf(key: string, own: string | undefined, within: string, call: Call): string | undefined {
  if (/^queueUrl$/i.test(key)) return 'queue';
  if (own === 'u' || own === 'uU') return '';
  if (own === undefined) {
    const bare = bareKind(key, call.service);
    return bare === undefined ? undefined : kebab(bare);
  }
  if (own !== '') return kebab(own);
  const kind = kebab(container(within, call));
  // Parts of a setting have names and ids of their own: `stages[].name`, `origins[].id`.
  return kind === '' || isKnown(kind, call) || isMentioned(kind, call) ? kind : undefined;
}

const isKnown = (kind: string, { service }: Call): boolean =>
  kind in OF_PARAMETERS || `${service}:${kind}` in OF_SERVICES;

/** `createRestApiInput` and `documentDescription` wrap what the call is about. */
function container(within: string, { name }: Call): string {
  const plain = within.replace(/(?:Input|Request|Response|Description|Summary|Metadata|Detail)$/, '');
  return plain.toLowerCase() === name.toLowerCase() ? '' : plain;
}

function isAbout(key: string, word: string, call: Call): boolean {
  if (bareKind(key, call.service) !== undefined || `${call.service}:${word}` in OF_SERVICES) return true;
  return isMentioned(word, call) && !['iam', 'ec2'].includes(call.service);
}

/** An account by its number; `none` if the parameter means no account, undefined if it is only where the thing lies. */
function accountOf(key: string, value: string, call: Call): Resource | undefined | 'none' {
  if (/^account_?id$/i.test(key)) {
    const about = isMentioned('account', call) || isMentioned('member', call) || call.service === 'organizations';
    const meant = OF_CALLS[`${call.service}:${call.name}`] === 'organizations:account';
    return meant || (about && ON_ACCOUNTS.has(call.service)) ? resourceOf('organizations:account', value) : undefined;
  }
  if (
    !['organizations', 'sso'].includes(call.service) ||
    !/^(?:target|parent|sourceParent|destinationParent)Id$/.test(key)
  )
    return 'none';
  const kind = /^\d{12}$/.test(value) ? 'account' : /^r-/.test(value) ? 'root' : 'organizational-unit';
  return resourceOf(`organizations:${kind}`, value);
}

/** What CloudTrail puts in the place of what it does not tell, and ids of a rule's targets, which are only numbers of it. */
const UNTOLD = /^(?:HIDDEN|<sensitiveDataRemoved>|\*+$|pending ?confirmation$)/i;
const isUntold = (key: string, value: string, { service }: Call): boolean =>
  value === '' ||
  UNTOLD.test(value) ||
  (service === 'events' && key === 'id') ||
  // A key has one policy, which is always called `default`.
  (service === 'kms' && key === 'policyName');

/** Of an address, the last step names the thing: a queue's URL. */
function idOf(key: string, value: string): string {
  return /url$/i.test(key) ? value.split(/[?#]/)[0]!.split('/').at(-1)! : value;
}

/** Services whose ARNs hold the name of a thing, and not its id. */
const NAMED: ReadonlySet<string> = new Set(['iam', 'wafv2', 'redshift-serverless']);

function formOf(type: string, suffix: string | undefined): number {
  const form = FORMS.indexOf(suffix?.toLowerCase().replace(/^(?:identifier|uuid)$/, 'id') ?? 'name');
  return form === 1 && NAMED.has(type.split(':')[0]!) ? FORMS.length : form;
}

export function typeOf(word: string, { service, name }: Call): string {
  const known = IN_CALLS[`${service}:${name}:${word}`] ?? OF_SERVICES[`${service}:${word}`];
  if (known !== undefined) return known;
  if (word !== '') return OF_PARAMETERS[word] ?? OF_PARAMETERS[plainKind(word)] ?? `${service}:${plainKind(word)}`;
  const noun = nounOf(name);
  return OF_CALLS[`${service}:${name}`] ?? OF_SERVICES[`${service}:${noun}`] ?? `${service}:${noun}`;
}

/** The source of a copy is of the same kind as the copy. */
const PART = /^(source|destination|target|peer|new|parent)-(?=.)/;
const plainKind = (word: string): string => word.replace(PART, '');

function typed(
  resource: Resource | undefined,
  word: string,
  call: Call,
  more: Pick<Candidate, 'form' | 'bare' | 'certain'>,
): Candidate | undefined {
  if (resource === undefined) return undefined;
  const part = PART.exec(word)?.[1] ?? '';
  // What is copied stands behind the copy.
  return { resource, rank: rankOf(resource, word, call) + (part === 'source' ? FIRST : 0), part, ...more };
}
