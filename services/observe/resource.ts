// One form of a resource, whichever way an event names it: `service:kind`, and the name or id that it has in its account.
import type { EntryInput } from '../../core/entry/schema.ts';
import { MAX_IDENTIFIER, MAX_NAME } from '../../core/entry/schema.ts';
import { EC2_PREFIXES, OF_ARNS, ONLY_KINDS, type Part } from './resource-kinds.ts';
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
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
}

export function resourceOf(type: string, id: string): Resource | undefined {
  const [kind, identifier] = [plainText(type, MAX_NAME), plainText(id, MAX_IDENTIFIER)];
  return kind === undefined || identifier === undefined ? undefined : { type: kind, id: identifier };
}

export const isArn = (text: string): boolean => /^arn:[a-z0-9-]+:[a-z0-9-]+:/i.test(text);

/**
 * What an ARN names. The id is what the owner calls it, so that a name in a request and an ARN in another are one resource; of
 * another account or region, and of AWS's own, it stays the whole ARN.
 */
export function resourceOfArn(arn: string, home: Home): Resource | undefined {
  const [, , service = home.service, region = '', account = '', ...rest] = arn.split(':');
  const { type, id } = partsOf(service || home.service, rest.join(':'));
  return resourceOf(type, isForeign(account, home.account) || isForeign(region, home.region) ? arn : id);
}

function isForeign(part: string, own: string | undefined): boolean {
  return part !== '' && own !== undefined && own !== '' && part !== own;
}

/** `path`: what stands behind the account in an ARN. */
function partsOf(service: string, path: string): { readonly type: string; readonly id: string } {
  const [first = '', ...others] = path.split(/[:/]/);
  const rest = path.slice(first.length + 1);
  if (service === 's3' && !/^(?:accesspoint|storage-lens|job|async-request)[:/]/.test(path)) {
    return others.length > 0 ? { type: 's3:object', id: path } : { type: 's3:bucket', id: path };
  }
  const only = ONLY_KINDS[service];
  if (only !== undefined && (others.length === 0 || service === 'sns'))
    return { type: `${service}:${only}`, id: first };
  const [kind, part] = OF_ARNS[`${service}:${first}`] ?? [kebab(first), 'rest'];
  return others.length === 0 ? { type: service, id: path } : { type: `${service}:${kind}`, id: pick(part, rest) };
}

function pick(part: Part, rest: string): string {
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
    case 'log-group':
      return rest.replace(/:(?:\*|log-stream:.*)$/, '');
    case 'secret':
      return rest.replace(/-[A-Za-z0-9]{6}$/, '');
    case 'parameter':
      return rest.includes('/') ? `/${rest.replace(/^\//, '')}` : rest;
  }
}

const EC2_ID = /^([a-z]+(?:-[a-z]+)*)-[0-9a-z]+$/;

/** EC2's ids say what they are of: `vpc-0123` is a VPC wherever it stands. */
export function resourceOfEc2Id(id: string): Resource | undefined {
  const prefix = EC2_ID.exec(id)?.[1];
  const kind = prefix === undefined ? undefined : EC2_PREFIXES[prefix];
  return kind === undefined ? undefined : { type: `ec2:${kind}`, id };
}
