// One form of a resource, whichever way an event names it: `service:kind`, and the name or id that it has in its account.
import type { EntryInput } from '../../core/entry/schema.ts';
import { MAX_IDENTIFIER, MAX_NAME } from '../../core/entry/schema.ts';
import { EC2_PREFIXES, INNER_KINDS, OF_ARNS, ONLY_KINDS, type Part, SERVICE_NAMES } from './kinds/arns.ts';
import { table } from './table.ts';
import { plainText } from './text.ts';

export type Resource = NonNullable<EntryInput['target']>;

/** Where an event happened: names are unique in an account and, for most services, in a region of it. */
export interface Home {
  readonly service: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** `DBInstance`, `dBInstance` and `db_instance` are all `db-instance`. */
export function kebab(text: string): string {
  return (text.slice(0, 1).toUpperCase() + text.slice(1))
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
}

export const serviceName = (service: string): string => SERVICE_NAMES[service] ?? service;

/** What one resource is called in one way and in another, as the way that its ARN has it. */
const SAME = table<(id: string) => string>({
  'route53:hosted-zone': (id) => id.replace(/^\/hostedzone\//, ''),
  'cloudformation:stack-set': (id) => id.split(':')[0]!,
  // A function may be named with its account, its version or its alias.
  'lambda:function': (id) => id.replace(/^(?:\d+:)?function:/, '').split(':')[0]!,
});

export function resourceOf(type: string, id: string): Resource | undefined {
  if (type === 'kms:key' && id.startsWith('alias/')) return resourceOf('kms:alias', id);
  if (type === 'ec2:instance' && id.startsWith('mi-')) return resourceOf('ssm:managed-instance', id);
  const [kind, identifier] = [plainText(type, MAX_NAME), plainText(id, MAX_IDENTIFIER)];
  if (kind === undefined || identifier === undefined) return undefined;
  return { type: kind, id: isArn(identifier) ? identifier : (SAME[kind]?.(identifier) ?? identifier) };
}

export const isArn = (text: string): boolean => /^arn:[a-z0-9-]+:[a-z0-9-]+:/i.test(text);

/** Services that take resources in their paths have them percent-encoded: `arn%3Aaws%3Akafka…`. */
export function decodedArn(text: string): string {
  if (!/^arn%3A/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded after all: the text is what the record has.
    return text;
  }
}

/**
 * What an ARN names. The id is what the owner calls it, so that a name in a request and an ARN in another are one resource; of
 * another account or region, and of AWS's own, it stays the whole ARN.
 */
export function resourceOfArn(arn: string, home: Home): Resource | undefined {
  const [, , service = home.service, region = '', account = '', ...rest] = arn.split(':');
  const { type, id } = partsOf(serviceName(service || home.service), rest.join(':').replace(/^\//, ''));
  return resourceOf(type, isForeign(account, home.account) || isForeign(region, home.region) ? arn : id);
}

function isForeign(part: string, own: string | undefined): boolean {
  return part !== '' && own !== undefined && own !== '' && part !== own;
}

/** `path`: what stands behind the account in an ARN. */
function partsOf(service: string, path: string): { readonly type: string; readonly id: string } {
  const [first = '', ...others] = path.split(/[:/]/);
  if (service === 's3' && !/^(?:accesspoint|storage-lens|job|async-request)[:/]/.test(path)) {
    const inside = path.slice(first.length + 1);
    return inside !== '' ? { type: 's3:object', id: path } : { type: 's3:bucket', id: first };
  }
  const only = ONLY_KINDS[service];
  if (only !== undefined && others.length === 0) return { type: `${service}:${only}`, id: first };
  if (service === 'sns' && !(`sns:${first}` in OF_ARNS)) return { type: 'sns:subscription', id: path };
  return others.length === 0 ? { type: service, id: path } : kindAndId(service, first, others, path);
}

function kindAndId(service: string, first: string, others: readonly string[], path: string) {
  const inner = others[1] ?? '';
  const nested = service === 'wafv2' ? INNER_KINDS[`wafv2:${others[0]}`] : INNER_KINDS[`${service}:${inner}`];
  if (nested !== undefined && service === 'wafv2') return { type: `wafv2:${nested}`, id: inner };
  if (nested !== undefined) {
    return { type: `${service}:${nested}`, id: path.slice(first.length + others[0]!.length + inner.length + 3) };
  }
  const [kind, part] = OF_ARNS[`${service}:${first}`] ?? [kebab(first), 'rest'];
  return { type: `${service}:${kind}`, id: part === 'path' ? path : pick(part, path.slice(first.length + 1)) };
}

function pick(part: Exclude<Part, 'path'>, rest: string): string {
  const steps = rest.split('/');
  switch (part) {
    case 'rest':
      return rest;
    case 'first':
      return rest.split(/[:/]/)[0]!;
    case 'second':
      return steps[1] ?? rest;
    case 'last':
      return steps.at(-1)!;
    case 'after-colon':
      return rest.split(':').at(-1)!;
    case 'log-group':
      return rest.replace(/:(?:\*|log-stream:.*)$/, '');
    case 'secret':
      return rest.replace(/-[A-Za-z0-9]{6}$/, '');
    case 'parameter':
      return rest.includes('/') ? `/${rest.replace(/^\//, '')}` : rest;
  }
}

const EC2_ID = /^([a-z]+(?:-[a-z]+)*)-(?=[a-z]*\d)[0-9a-z]+$/;
/** Longer than any id of EC2's. */
const MAX_EC2_ID = 60;

/** Prefixes that ids of other services have too: `h-…` is also a handshake of Organizations. */
const ONLY_IN_EC2: ReadonlySet<string> = new Set(['h', 'key', 'fleet', 'cr', 'fl', 'pl', 'acl']);

/** EC2's ids say what they are of: `vpc-0123` is a VPC wherever it stands. */
export function resourceOfEc2Id(id: string, service: string): Resource | undefined {
  const prefix = id.length > MAX_EC2_ID ? undefined : EC2_ID.exec(id)?.[1];
  if (prefix === undefined || (service !== 'ec2' && ONLY_IN_EC2.has(prefix))) return undefined;
  const kind = EC2_PREFIXES[prefix];
  return kind === undefined ? undefined : { type: `ec2:${kind}`, id };
}
