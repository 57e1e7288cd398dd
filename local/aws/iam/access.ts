/** Who may do what: joins the caller's policies, the resource's policy and the facts of the request. */
import type { ConditionValues, RequiredAction } from '../service.ts';
import { parsePolicy, type Statement } from './document.ts';
import { type Caller, type Decision, evaluate } from './evaluate.ts';
import { ANONYMOUS, RoleDirectory } from './roles.ts';

/** The policy document on a resource of one service. */
export type PolicySource = (resource: string) => unknown;

export class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
  readonly action: string;
  readonly resource: string;
  constructor(message: string, required: RequiredAction) {
    super(message);
    this.action = required.action;
    this.resource = required.resource;
  }
}

/**
 * What the account's root user may do whatever the resource's policy denies, so that nobody locks an account out of its own
 * resources: S3 and DynamoDB say so of these. KMS has no such way.
 */
const ROOT_ALWAYS = [
  's3:GetBucketPolicy',
  's3:PutBucketPolicy',
  's3:DeleteBucketPolicy',
  'dynamodb:DeleteResourcePolicy',
];

export interface AccessOptions {
  readonly region: string;
  readonly account: string;
  readonly now: () => number;
}

export class Access {
  readonly roles: RoleDirectory;
  readonly #options: AccessOptions;
  readonly #policies = new Map<string, PolicySource>();
  readonly #parsed = new WeakMap<object, readonly Statement[]>();

  constructor(options: AccessOptions) {
    this.#options = options;
    this.roles = new RoleDirectory(options.account);
  }

  /** Where the policies on resources of this service (third part of the ARN) are found. */
  policiesOf(service: string, source: PolicySource): void {
    this.#policies.set(service, source);
  }

  /** Of a request with this access key; an empty key is an anonymous request. */
  callerOf(accessKeyId: string): Caller {
    return accessKeyId === '' ? ANONYMOUS : this.roles.caller(accessKeyId);
  }

  /** As `allows`, if the resource's policy were this document. */
  wouldAllow(accessKeyId: string, required: RequiredAction, document: unknown): boolean {
    return this.#decide(this.callerOf(accessKeyId), required, document).allowed;
  }

  decide(caller: Caller, required: RequiredAction): Decision {
    const service = required.resource.split(':')[2] ?? '';
    const unbound = caller.kind === 'account' && ROOT_ALWAYS.includes(required.action);
    return this.#decide(caller, required, unbound ? undefined : this.#policies.get(service)?.(required.resource));
  }

  #decide(caller: Caller, required: RequiredAction, document: unknown): Decision {
    const service = required.resource.split(':')[2] ?? '';
    return evaluate({
      caller,
      action: required.action,
      resource: required.resource,
      context: this.#context(caller, required.conditions ?? {}),
      ...(document === undefined ? {} : { resourcePolicy: this.#statements(document) }),
      delegation: service === 'kms' && required.resource.includes(':key/'),
    });
  }

  allows(accessKeyId: string, required: RequiredAction): boolean {
    return this.decide(this.callerOf(accessKeyId), required).allowed;
  }

  /** Throws AccessDenied, worded as AWS words it. */
  demand(accessKeyId: string, required: RequiredAction): void {
    const caller = this.callerOf(accessKeyId);
    const decision = this.decide(caller, required);
    if (!decision.allowed) throw new AccessDenied(refusal(caller, required, decision), required);
  }

  #statements(document: unknown): readonly Statement[] {
    if (document === null || typeof document !== 'object') return parsePolicy(document, 'resource');
    const known = this.#parsed.get(document);
    if (known) return known;
    const statements = parsePolicy(document, 'resource');
    this.#parsed.set(document, statements);
    return statements;
  }

  /** Loopback counts as TLS: nothing leaves the machine, and the template's TLS-only policies are for the wire. */
  #context(caller: Caller, own: ConditionValues): Map<string, readonly string[]> {
    const now = this.#options.now();
    const facts: Record<string, string | readonly string[]> = {
      'aws:SecureTransport': 'true',
      'aws:SourceIp': '127.0.0.1',
      'aws:RequestedRegion': this.#options.region,
      'aws:CurrentTime': new Date(now).toISOString(),
      'aws:EpochTime': String(Math.floor(now / 1000)),
      'aws:ViaAWSService': 'false',
      'aws:PrincipalIsAWSService': String(caller.kind === 'service'),
      ...(caller.kind === 'service' ? { 'aws:PrincipalServiceName': caller.service } : principalFacts(caller)),
      ...own,
    };
    return new Map(
      Object.entries(facts).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]),
    );
  }
}

function principalFacts(caller: Exclude<Caller, { kind: 'service' }>): Record<string, string> {
  if (caller.kind === 'anonymous') return { 'aws:PrincipalType': 'Anonymous' };
  return {
    'aws:PrincipalArn': caller.arn,
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalType': caller.kind === 'account' ? 'Account' : 'AssumedRole',
  };
}

export function refusal(caller: Caller, { action, resource }: RequiredAction, decision: Decision): string {
  if (decision.allowed) throw new Error(`${action} is allowed`);
  const who = caller.kind === 'service' ? caller.service : caller.shownArn;
  const where = decision.by === 'identity' ? 'an identity-based policy' : 'a resource-based policy';
  const reason = decision.explicit
    ? `with an explicit deny in ${where}`
    : `because no ${where.slice(where.indexOf(' ') + 1)} allows the ${action} action`;
  return `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
}
