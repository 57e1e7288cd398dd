/**
 * Which events touch the protection of the evidence, as EventBridge's patterns: data, which a test tries with CloudTrail's
 * records. CloudTrail calls every management call that changes something `readOnly: false`, so calls that AWS adds later
 * are seen without being named here. A call that was refused is an event too.
 */
export interface Guarded {
  /** Of every key: its id and its ARN. */
  readonly keys: readonly { readonly id: string; readonly arn: string }[];
  readonly signing: readonly { readonly id: string; readonly arn: string }[];
  /** ARN of the role that signs. */
  readonly publisher: string;
  readonly buckets: readonly string[];
  readonly tables: readonly { readonly name: string; readonly arn: string }[];
  /** What the names of resources begin with, by stack. */
  readonly data: string;
  readonly app: string;
  /** Names of the stacks. */
  readonly stacks: readonly string[];
  /** What the names of state machines begin with. */
  readonly machines: string;
  readonly bus: string;
  /** Names of the roles outside of the stacks that are trusted. */
  readonly trusted: readonly string[];
}

export type Pattern = Readonly<Record<string, unknown>>;

const API_CALL = ['AWS API Call via CloudTrail'];
const changing = { eventCategory: ['Management'], readOnly: [false] };
const wildcard = (text: string) => ({ wildcard: text });
const prefix = (text: string) => ({ prefix: text });

/** A deployment changes what runs all at once; it is told of as one change of its stack. */
const notByDeployment = {
  userIdentity: { invokedBy: [{ exists: false }, { 'anything-but': ['cloudformation.amazonaws.com'] }] },
};

function calls(sources: readonly string[], detail: Pattern): Pattern {
  return { source: sources, 'detail-type': API_CALL, detail };
}

const parameters = (...alternatives: readonly Pattern[]): Pattern => {
  const named = alternatives.map((requestParameters) => ({ requestParameters }));
  return named.length === 1 ? named[0]! : { $or: named };
};

/** By name of the rule; each is one kind of thing that somebody should look at. */
export function guardedEvents(guarded: Guarded): Readonly<Record<string, Pattern>> {
  return { ...ofKeys(guarded), ...ofEvidence(guarded), ...ofWhatRuns(guarded) };
}

function ofKeys({ keys, signing, publisher }: Guarded): Record<string, Pattern> {
  const onKeys = (of: Guarded['keys']) => ({
    $or: [
      { requestParameters: { keyId: of.map(({ id }) => wildcard(`*${id}`)) } },
      { resources: { ARN: of.map(({ arn }) => arn) } },
    ],
  });
  return {
    // DynamoDB makes and retires grants of its own as tables come and go.
    Keys: calls(['aws.kms'], {
      ...changing,
      userIdentity: { invokedBy: [{ exists: false }, { 'anything-but': ['dynamodb.amazonaws.com'] }] },
      ...onKeys(keys),
    }),
    // Signing is a read to CloudTrail; whoever it is but the publisher was refused, or has changed the key's policy.
    Signing: calls(['aws.kms'], {
      eventName: ['Sign'],
      userIdentity: {
        sessionContext: { sessionIssuer: { arn: [{ exists: false }, { 'anything-but': [publisher] }] } },
      },
      ...onKeys(signing),
    }),
    // KMS's own, when what was scheduled has happened.
    KeysGone: {
      source: ['aws.kms'],
      'detail-type': ['KMS CMK Deletion', 'KMS Imported Key Material Expiration'],
      resources: keys.map(({ arn }) => arn),
    },
  };
}

function ofEvidence({ buckets, tables, data, app, trusted }: Guarded): Record<string, Pattern> {
  return {
    Buckets: calls(['aws.s3'], { ...changing, ...parameters({ bucketName: buckets }) }),
    Tables: calls(['aws.dynamodb'], {
      ...changing,
      $or: [
        { requestParameters: { tableName: tables.map(({ name }) => wildcard(`*${name}`)) } },
        { requestParameters: { sourceTableName: tables.map(({ name }) => name) } },
        { requestParameters: { resourceArn: tables.map(({ arn }) => arn) } },
        { resources: { ARN: tables.map(({ arn }) => arn) } },
      ],
    }),
    // IAM tells EventBridge in us-east-1 only (docs/deploy.md).
    Roles: calls(['aws.iam'], { ...changing, ...parameters({ roleName: [prefix(data), prefix(app), ...trusted] }) }),
    // Without a trail none of these events come.
    Trails: calls(['aws.cloudtrail'], {
      ...changing,
      eventName: ['DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateTrail'],
    }),
  };
}

function ofWhatRuns({ data, app, stacks, machines, bus }: Guarded): Record<string, Pattern> {
  return {
    Functions: calls(['aws.lambda'], {
      ...changing,
      ...notByDeployment,
      $or: [
        { requestParameters: { functionName: [wildcard(`*${app}*`)] } },
        // A function of somebody's own with a role of the evidence.
        { requestParameters: { role: [wildcard(`*role/${data}*`)] } },
        { responseElements: { functionArn: [wildcard(`*${app}*`)] } },
      ],
    }),
    Workflows: calls(['aws.scheduler', 'aws.states'], {
      ...changing,
      ...notByDeployment,
      eventName: [{ 'anything-but': ['StartExecution'] }],
      ...parameters(
        { stateMachineArn: [wildcard(`*:stateMachine:${machines}*`)] },
        { executionArn: [wildcard(`*:execution:${machines}*`)] },
        { name: [prefix(app)] },
      ),
    }),
    Rules: calls(['aws.events'], {
      ...changing,
      ...notByDeployment,
      ...parameters({ name: [prefix(app), bus] }, { rule: [prefix(app)] }, { eventBusName: [bus] }),
    }),
    // A function makes a stream of its log with every new environment.
    Alarms: calls(['aws.logs', 'aws.monitoring', 'aws.sns', 'aws.sqs'], {
      ...changing,
      ...notByDeployment,
      eventName: [{ 'anything-but': ['CreateLogStream'] }],
      ...parameters(
        { alarmName: [prefix(app)] },
        { alarmNames: [prefix(app)] },
        { topicArn: [wildcard(`*:${app}*`)] },
        { queueUrl: [wildcard(`*/${app}*`)] },
        { logGroupName: [prefix(app), prefix(`/aws/vendedlogs/states/${machines}`)] },
      ),
    }),
    Stacks: calls(['aws.cloudformation'], {
      ...changing,
      eventName: [
        ...['DeleteStack', 'ExecuteChangeSet', 'SetStackPolicy', 'UpdateStack', 'UpdateTerminationProtection'],
      ],
      ...parameters({ stackName: [...stacks, ...stacks.map((name) => wildcard(`*stack/${name}/*`))] }),
    }),
  };
}
