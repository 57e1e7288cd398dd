/** Policies of a template as IAM would get them: every value that CloudFormation fills in is filled in, and each is as long as on AWS. */

import { parsePolicy, type Statement } from '../../local/aws/iam/document.ts';
import { evaluate, type RoleCaller } from '../../local/aws/iam/evaluate.ts';
import type { Json, Synthesized } from './support.ts';

export const ACCOUNT = '123456789012';
const REGION = 'ap-southeast-2';

/** CloudFormation puts thirteen characters of chance behind stack and logical id. */
const CHANCE = '1ABCDEFGHIJKL';

/** Names as CloudFormation makes them; the ids of keys are UUIDs. */
function nameOf(stack: string, logicalId: string, kind: string): string {
  if (kind === 'AWS::KMS::Key') return `00000000-0000-4000-8000-${logicalId.slice(-8).toLowerCase().padStart(12, '0')}`;
  const name = `${stack}-${logicalId}-${CHANCE}`;
  if (kind === 'AWS::S3::Bucket') return name.toLowerCase().slice(-63);
  return kind === 'AWS::IAM::Role' ? name.slice(0, 64) : name;
}

function arnOf(kind: string, name: string): string {
  const local: Readonly<Record<string, string>> = {
    'AWS::S3::Bucket': `s3:::${name}`,
    'AWS::IAM::Role': `iam::${ACCOUNT}:role/${name}`,
    'AWS::KMS::Key': `kms:${REGION}:${ACCOUNT}:key/${name}`,
    'AWS::DynamoDB::Table': `dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
    'AWS::Lambda::Function': `lambda:${REGION}:${ACCOUNT}:function:${name}`,
    'AWS::SQS::Queue': `sqs:${REGION}:${ACCOUNT}:${name}`,
    'AWS::SNS::Topic': `sns:${REGION}:${ACCOUNT}:${name}`,
    'AWS::Events::EventBus': `events:${REGION}:${ACCOUNT}:event-bus/${name}`,
  };
  if (local[kind] === undefined) throw new Error(`no ARN for ${kind}`);
  return `arn:aws:${local[kind]}`;
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Fills in what CloudFormation would. */
export function filler({ dataTemplate, readingTemplate, appTemplate, data, reading, application }: Synthesized) {
  const stacks = [
    [data.stackName, dataTemplate.toJSON()],
    [reading.stackName, readingTemplate.toJSON()],
    [application.stackName, appTemplate.toJSON()],
  ] as const;
  const exported = new Map<string, [stack: string, value: Json]>(
    stacks.flatMap(([stack, { Outputs = {} }]) =>
      Object.values(Outputs as Record<string, Json>).flatMap(({ Export, Value }): [string, [string, Json]][] =>
        Export === undefined ? [] : [[Export.Name, [stack, Value]]],
      ),
    ),
  );
  const fill = (value: Json, stack: string): Json => {
    if (Array.isArray(value)) return value.map((item) => fill(item, stack));
    if (typeof value !== 'object' || value === null) return value;
    const [[key, inner] = ['', undefined], ...more] = Object.entries(value) as [string, Json][];
    if (more.length === 0 && key === 'Ref') return PSEUDO[inner] ?? reference(stack, inner).name;
    if (more.length === 0 && key === 'Fn::GetAtt') return reference(stack, inner[0]).attribute(inner[1]);
    if (more.length === 0 && key === 'Fn::Join') return fill(inner[1], stack).join(inner[0]);
    if (more.length === 0 && key === 'Fn::Sub')
      return inner.replaceAll(/\$\{([^}]+)\}/g, (_: string, name: string) => PSEUDO[name]);
    if (more.length === 0 && key === 'Fn::ImportValue') {
      const [from, exportedValue] = exported.get(inner)!;
      return fill(exportedValue, from);
    }
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, stack)]));
  };
  const reference = (stack: string, logicalId: string) => {
    const [, template] = stacks.find(([name]) => name === stack)!;
    const { Type, Properties = {} } = template.Resources[logicalId];
    const name = Properties.Name ?? Properties.StateMachineName ?? nameOf(stack, logicalId, Type);
    return { name, attribute: (attribute: string) => (attribute === 'Arn' ? arnOf(Type, name) : name) };
  };
  return fill;
}

export type Filler = ReturnType<typeof filler>;

const EVERYTHING = parsePolicy(
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  'identity',
);

/** Somebody whose own policies allow everything, so that what is denied is denied by the resource. */
function almighty(arn: string): RoleCaller {
  return { kind: 'role', account: ACCOUNT, arn, shownArn: `${arn}/session`, statements: EVERYTHING };
}

export interface Asked {
  readonly action: string;
  readonly resource: string;
  /** ARN of the role that asks. */
  readonly by: string;
  readonly conditions?: Readonly<Record<string, string>>;
}

/** The Sid that denies, or `allowed`. */
export function decided(policy: readonly Statement[], { action, resource, by, conditions = {} }: Asked): string {
  const facts = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', 'aws:PrincipalArn': by, ...conditions };
  const decision = evaluate({
    ...{ caller: almighty(by), action, resource, resourcePolicy: policy },
    context: new Map(Object.entries(facts).map(([key, value]) => [key.toLowerCase(), [value]])),
    delegation: resource.includes(':kms:'),
  });
  return decision.allowed ? 'allowed' : (decision.sid ?? 'nobody allows it');
}
