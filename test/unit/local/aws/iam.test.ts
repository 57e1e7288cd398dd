// The local IAM's decisions.
import { describe, expect, test } from '@jest/globals';
import { Access } from '../../../../local/aws/iam/access.ts';
import { PolicyFault, parsePolicy } from '../../../../local/aws/iam/document.ts';
import { type Decision, evaluate, type RoleCaller } from '../../../../local/aws/iam/evaluate.ts';

const ACCOUNT = '000000000000';
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Writer`;
const OBJECT = 'arn:aws:s3:::archive/entries/a.parquet';

type Json = Readonly<Record<string, unknown>>;

interface Case {
  readonly identity?: readonly Json[];
  readonly resource?: readonly Json[];
  readonly action?: string;
  readonly on?: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  readonly delegation?: boolean;
  readonly service?: string;
}

const policy = (statements: readonly Json[]) => ({ Version: '2012-10-17', Statement: statements });

function decide({
  identity = [],
  resource,
  action = 's3:GetObject',
  on = OBJECT,
  context = {},
  delegation = false,
  service,
}: Case): Decision {
  const role: RoleCaller = {
    ...{ kind: 'role', account: ACCOUNT, arn: ROLE, shownArn: `arn:aws:sts::${ACCOUNT}:assumed-role/Writer/local` },
    statements: parsePolicy(policy(identity), 'identity'),
  };
  const values = Object.entries(context).map(
    ([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value] as const,
  );
  return evaluate({
    ...{ caller: service === undefined ? role : { kind: 'service', service }, action, resource: on, delegation },
    context: new Map(values),
    ...(resource === undefined ? {} : { resourcePolicy: parsePolicy(policy(resource), 'resource') }),
  });
}

function verdict(asked: Case): string {
  const decision = decide(asked);
  if (decision.allowed) return 'allow';
  return `${decision.explicit ? 'deny' : 'nothing'} by ${decision.by}`;
}

const allow = (more: Json = {}): Json => ({ Effect: 'Allow', Action: 's3:*', Resource: '*', ...more });
const deny = (more: Json = {}): Json => ({ ...allow(more), Effect: 'Deny' });
const everybody = { Principal: '*' };
const to = (arn: string) => ({ Principal: { AWS: arn } });

describe('who decides', () => {
  test.each<[string, Case, string]>([
    ['nothing says anything', {}, 'nothing by identity'],
    ['the role may', { identity: [allow()] }, 'allow'],
    ['an allow of another action', { identity: [allow({ Action: 's3:PutObject' })] }, 'nothing by identity'],
    [
      'an allow of another resource',
      { identity: [allow({ Resource: 'arn:aws:s3:::other/*' })] },
      'nothing by identity',
    ],
    ['the role denies itself', { identity: [allow(), deny()] }, 'deny by identity'],
    ['the resource denies everybody', { identity: [allow()], resource: [deny(everybody)] }, 'deny by resource'],
    ['the resource denies another role', { identity: [allow()], resource: [deny(to(`${ROLE}2`))] }, 'allow'],
    ['the resource denies the account', { identity: [allow()], resource: [deny(to(ROOT))] }, 'deny by resource'],
    ['the resource allows the role', { resource: [allow(to(ROLE))] }, 'allow'],
    ['the resource allows everybody', { resource: [allow(everybody)] }, 'allow'],
    [
      'the resource allows the account: the role has to be allowed too',
      { resource: [allow(to(ROOT))] },
      'nothing by identity',
    ],
    ['the resource allows the account, the role may', { identity: [allow()], resource: [allow(to(ACCOUNT))] }, 'allow'],
    [
      'a key policy that does not delegate',
      { identity: [allow()], delegation: true, resource: [] },
      'nothing by resource',
    ],
    ['a key policy that delegates', { identity: [allow()], delegation: true, resource: [allow(to(ROOT))] }, 'allow'],
    [
      'a key policy that delegates something else',
      { identity: [allow()], delegation: true, resource: [allow({ ...to(ROOT), Action: 'kms:Sign' })] },
      'nothing by resource',
    ],
    ['a key policy that names the role', { delegation: true, resource: [allow(to(ROLE))] }, 'allow'],
    [
      'NotPrincipal spares the role',
      { identity: [allow()], resource: [deny({ NotPrincipal: { AWS: ROLE } })] },
      'allow',
    ],
    [
      'NotPrincipal means the role',
      { identity: [allow()], resource: [deny({ NotPrincipal: { AWS: `${ROLE}2` } })] },
      'deny by resource',
    ],
    [
      'a service that is named',
      { service: 'events.amazonaws.com', resource: [allow({ Principal: { Service: 'events.amazonaws.com' } })] },
      'allow',
    ],
    [
      'a service that is not named',
      { service: 'sns.amazonaws.com', resource: [allow({ Principal: { Service: 'events.amazonaws.com' } })] },
      'nothing by resource',
    ],
    [
      'a role is no service',
      { resource: [allow({ Principal: { Service: 'events.amazonaws.com' } })] },
      'nothing by identity',
    ],
    [
      'a deny for everybody means services too',
      {
        service: 'sns.amazonaws.com',
        resource: [allow({ Principal: { Service: 'sns.amazonaws.com' } }), deny(everybody)],
      },
      'deny by resource',
    ],
  ])('%s', (_, asked, want) => expect(verdict(asked)).toBe(want));
});

describe('actions and resources', () => {
  test.each<[string, Json, boolean]>([
    ['an exact action', { Action: 's3:GetObject' }, true],
    ['case of actions does not matter', { Action: 'S3:getobject' }, true],
    ['a wildcard', { Action: 's3:Get*' }, true],
    ['a wildcard for one character', { Action: 's3:GetObjec?' }, true],
    ['a wildcard stands for one character only', { Action: 's3:GetObje?' }, false],
    ['everything', { Action: '*' }, true],
    ['another service', { Action: 'kms:*' }, false],
    ['one of several', { Action: ['s3:PutObject', 's3:GetObject'] }, true],
    ['NotAction of another', { Action: undefined, NotAction: 's3:PutObject' }, true],
    ['NotAction of this', { Action: undefined, NotAction: ['s3:Put*', 's3:Get*'] }, false],
    ['a resource by prefix', { Resource: 'arn:aws:s3:::archive/entries/*' }, true],
    ['another prefix', { Resource: 'arn:aws:s3:::archive/evidence/*' }, false],
    ['the bucket is not its objects', { Resource: 'arn:aws:s3:::archive' }, false],
    ['resources are case-sensitive', { Resource: 'arn:aws:s3:::Archive/*' }, false],
    ['a wildcard does not reach over colons', { Resource: 'arn:aws:*archive/*' }, false],
    ['a wildcard for each part', { Resource: 'arn:*:s3:*:*:archive/*' }, true],
    ['stars in a row', { Resource: 'arn:aws:s3:::**a**.parquet' }, true],
    ['NotResource of another', { Resource: undefined, NotResource: 'arn:aws:s3:::archive/evidence/*' }, true],
    ['NotResource of this', { Resource: undefined, NotResource: OBJECT }, false],
    ['a variable', { Resource: `arn:aws:s3:::archive/\${aws:PrincipalTag/prefix}/*` }, true],
    ['a variable without a value', { Resource: `arn:aws:s3:::archive/\${aws:username}/*` }, false],
    ['a variable with a default', { Resource: `arn:aws:s3:::archive/\${aws:username, 'entries'}/*` }, true],
    ['a star from a variable is a character', { Resource: `arn:aws:s3:::archive/\${aws:PrincipalTag/star}` }, false],
    ['a written star', { Resource: `arn:aws:s3:::archive/entries/\${*}.parquet` }, false],
  ])('%s', (_, more, want) => {
    const context = { 'aws:PrincipalTag/prefix': 'entries', 'aws:PrincipalTag/star': '*' };
    expect(decide({ identity: [allow(more)], context }).allowed).toBe(want);
  });

  test('a pattern of many stars ends', () => {
    const pattern = `arn:aws:s3:::${'*a'.repeat(40)}b`;
    // Backtracking over forty stars would outlast the machine.
    expect(decide({ identity: [allow({ Resource: pattern })], on: `arn:aws:s3:::${'a'.repeat(4000)}` }).allowed).toBe(
      false,
    );
  });

  test('variables are text in policies of 2008', () => {
    const document = {
      Version: '2008-10-17',
      Statement: [allow({ Resource: `arn:aws:s3:::archive/\${aws:username}` })],
    };
    const [statement] = parsePolicy(document, 'identity');
    expect(statement?.variables).toBe(false);
  });
});

describe('conditions', () => {
  const context = {
    'aws:SecureTransport': 'true',
    's3:TlsVersion': '1.3',
    's3:prefix': 'entries/',
    'aws:SourceArn': 'arn:aws:sns:us-east-1:000000000000:topic',
    'aws:SourceIp': '127.0.0.1',
    'aws:CurrentTime': '2026-03-01T00:00:00Z',
    'aws:TagKeys': ['team', 'cost'],
  };
  test.each<[string, Json, boolean]>([
    ['StringEquals', { StringEquals: { 's3:prefix': 'entries/' } }, true],
    ['StringEquals takes stars literally', { StringEquals: { 's3:prefix': 'entries*' } }, false],
    ['StringEquals of a missing key', { StringEquals: { 's3:delimiter': '/' } }, false],
    ['keys in any case', { StringEquals: { 'S3:Prefix': 'entries/' } }, true],
    ['one of several values', { StringEquals: { 's3:prefix': ['x', 'entries/'] } }, true],
    ['StringNotEquals', { StringNotEquals: { 's3:prefix': 'entries/' } }, false],
    ['StringNotEquals of a missing key holds', { StringNotEquals: { 's3:object-lock-mode': 'COMPLIANCE' } }, true],
    ['StringNotEquals wants none of the values', { StringNotEquals: { 's3:prefix': ['x', 'entries/'] } }, false],
    ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { 's3:prefix': 'ENTRIES/' } }, true],
    ['StringLike', { StringLike: { 's3:prefix': 'ent*' } }, true],
    ['StringNotLike', { StringNotLike: { 's3:prefix': 'ent*' } }, false],
    ['StringEqualsIfExists of a missing key', { StringEqualsIfExists: { 's3:delimiter': '/' } }, true],
    ['StringEqualsIfExists of another value', { StringEqualsIfExists: { 's3:prefix': 'x' } }, false],
    ['all conditions have to hold', { StringEquals: { 's3:prefix': 'entries/', 's3:delimiter': '/' } }, false],
    [
      'all operators have to hold',
      { StringLike: { 's3:prefix': '*' }, Bool: { 'aws:SecureTransport': 'false' } },
      false,
    ],
    ['Bool', { Bool: { 'aws:SecureTransport': 'true' } }, true],
    ['Bool as JSON', { Bool: { 'aws:SecureTransport': false } }, false],
    ['Bool of a missing key', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, false],
    ['Null true: the key is missing', { Null: { 's3:if-none-match': 'true' } }, true],
    ['Null true: the key is there', { Null: { 's3:prefix': 'true' } }, false],
    ['Null false: the key is there', { Null: { 's3:prefix': 'false' } }, true],
    ['NumericLessThan', { NumericLessThan: { 's3:TlsVersion': 1.2 } }, false],
    ['NumericGreaterThanEquals', { NumericGreaterThanEquals: { 's3:TlsVersion': '1.3' } }, true],
    ['Numeric of text', { NumericEquals: { 's3:prefix': '1' } }, false],
    [
      'NumericLessThan of a missing key',
      { NumericLessThan: { 's3:object-lock-remaining-retention-days': '1' } },
      false,
    ],
    ['DateGreaterThan', { DateGreaterThan: { 'aws:CurrentTime': '2026-02-28T23:59:59Z' } }, true],
    ['DateLessThan in seconds', { DateLessThan: { 'aws:CurrentTime': '1' } }, false],
    ['ArnLike', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:000000000000:t*' } }, true],
    ['ArnEquals takes wildcards too', { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:000000000000:*' } }, true],
    ['ArnNotEquals', { ArnNotEquals: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:000000000000:other' } }, true],
    ['IpAddress', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, true],
    ['IpAddress of another network', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, false],
    ['NotIpAddress', { NotIpAddress: { 'aws:SourceIp': '127.0.0.1' } }, false],
    ['ForAnyValue', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team', 'owner'] } }, true],
    ['ForAnyValue of a missing key', { 'ForAnyValue:StringEquals': { 'aws:Missing': 'team' } }, false],
    ['ForAllValues', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'owner'] } }, false],
    ['ForAllValues that cover', { 'ForAllValues:StringLike': { 'aws:TagKeys': ['t*', 'c*'] } }, true],
    ['ForAllValues of a missing key', { 'ForAllValues:StringEquals': { 'aws:Missing': 'team' } }, true],
    ['a variable as the wanted value', { StringEquals: { 's3:prefix': `\${s3:prefix}` } }, true],
  ])('%s', (_, condition, want) => {
    expect(decide({ identity: [allow({ Condition: condition })], context }).allowed).toBe(want);
  });
});

describe('what is not understood is refused when it is attached', () => {
  test.each<[string, unknown, RegExp]>([
    [
      'an operator',
      policy([allow({ Condition: { StringMatches: { a: 'b' } } })]),
      /unknown condition operator StringMatches/,
    ],
    [
      'an operator that Object has',
      policy([allow({ Condition: { toString: { a: 'b' } } })]),
      /unknown condition operator toString/,
    ],
    [
      'a quantified Null',
      policy([allow({ Condition: { 'ForAnyValue:Null': { a: 'true' } } })]),
      /unknown condition operator/,
    ],
    ['an element', policy([allow({ Effekt: 'Allow' })]), /unknown element Effekt/],
    ['an effect', policy([allow({ Effect: 'allow' })]), /Effect/],
    ['a version', { Version: '2012-10-18', Statement: [] }, /2012-10-18/],
    ['no action', policy([{ Effect: 'Allow', Resource: '*' }]), /names no Action/],
    ['no resource', policy([{ Effect: 'Allow', Action: '*' }]), /names no Resource/],
    ['Action and NotAction', policy([allow({ NotAction: 's3:*' })]), /Action and NotAction/],
    ['an empty list', policy([allow({ Action: [] })]), /empty/],
    ['a principal in an identity policy', policy([allow(everybody)]), /principal/],
    ['text that is no JSON', '{', /not JSON/],
  ])('%s', (_, document, want) => {
    expect(() => parsePolicy(document, 'identity')).toThrow(want);
    expect(() => parsePolicy(document, 'identity')).toThrow(PolicyFault);
  });

  test('a resource policy without a principal', () => {
    expect(() => parsePolicy(policy([allow()]), 'resource')).toThrow(/no Principal/);
  });
});

describe('the account', () => {
  const access = new Access({ region: 'us-east-1', account: ACCOUNT, now: () => Date.parse('2026-03-01T00:00:00Z') });
  const role = access.roles.add(
    'Reader',
    '/',
    parsePolicy(policy([allow({ Action: 's3:GetObject', Resource: `${OBJECT}*` })]), 'identity'),
  );
  const { accessKeyId } = access.roles.credentials(role);
  const get = { action: 's3:GetObject', resource: OBJECT };
  const put = { action: 's3:PutObject', resource: OBJECT };

  test('a role may what its policies say, any other key everything, nobody nothing', () => {
    expect(access.allows(accessKeyId, get)).toBe(true);
    expect(access.allows(accessKeyId, put)).toBe(false);
    expect(access.allows('anything', put)).toBe(true);
    expect(access.allows('', get)).toBe(false);
  });

  test('policies on resources bind the administrator too', () => {
    const bound = new Access({ region: 'us-east-1', account: ACCOUNT, now: () => 0 });
    const document = policy([deny({ ...everybody, Action: 's3:DeleteObject' })]);
    bound.policiesOf('s3', (resource) => (resource === OBJECT ? document : undefined));
    expect(bound.allows('anything', { action: 's3:DeleteObject', resource: OBJECT })).toBe(false);
    expect(bound.allows('anything', { action: 's3:DeleteObject', resource: `${OBJECT}2` })).toBe(true);
  });

  test('loopback counts as TLS', () => {
    const bound = new Access({ region: 'us-east-1', account: ACCOUNT, now: () => 0 });
    const document = policy([deny({ ...everybody, Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]);
    bound.policiesOf('s3', () => document);
    expect(bound.allows('anything', get)).toBe(true);
  });

  test('a denial names caller, action, resource and reason', () => {
    expect(() => access.demand(accessKeyId, put)).toThrow(
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/Reader/local is not authorized to perform: s3:PutObject on resource: ${OBJECT} because no identity-based policy allows the s3:PutObject action`,
    );
  });

  test('credentials are those of one role, at every start', () => {
    const again = new Access({ region: 'us-east-1', account: ACCOUNT, now: () => 0 });
    const same = again.roles.add('Reader', '/', []);
    const other = again.roles.add('Reader2', '/', []);
    expect(again.roles.credentials(same)).toEqual(access.roles.credentials(role));
    expect(again.roles.credentials(other).accessKeyId).not.toBe(accessKeyId);
    expect(accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(() => again.roles.credentials(`${role}3`)).toThrow('There is no role');
  });
});
