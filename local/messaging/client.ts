/** SNS and SQS for the other parts of the runtime, and at its endpoint. */
import { Refusal, renderRefusal } from '../aws/refusal.ts';
import type { AwsRequest, AwsResponse, LocalService, RequiredAction } from '../aws/service.ts';
import { keyFault } from '../kms/ask.ts';
import type { Fauxqs, FauxqsAnswer } from './fauxqs.ts';

/** What SQS or SNS refused; `code` is the service's. */
export class MessagingError extends Error {
  override readonly name = 'MessagingError';
  readonly code: string;
  readonly status: number;
  constructor(code: string, status: number, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
    this.status = status;
  }
}

export interface Messaging {
  readonly fauxqs: Fauxqs;
  readonly region: string;
  readonly account: string;
  sqs<T = Record<string, unknown>>(action: string, input: Readonly<Record<string, unknown>>): Promise<T>;
  /** Answers the XML text. */
  sns(action: string, parameters: Readonly<Record<string, string>>): Promise<string>;
}

const SQS_TYPE = 'application/x-amz-json-1.0';
const SNS_TYPE = 'application/x-www-form-urlencoded';

export function messaging(fauxqs: Fauxqs, region: string, account: string): Messaging {
  const authorization = (service: string) =>
    `AWS4-HMAC-SHA256 Credential=local/20200101/${region}/${service}/aws4_request`;
  return {
    fauxqs,
    region,
    account,
    sqs: async <T>(action: string, input: Readonly<Record<string, unknown>>) => {
      const headers = {
        'content-type': SQS_TYPE,
        'x-amz-target': `AmazonSQS.${action}`,
        authorization: authorization('sqs'),
      };
      const answer = await fauxqs.send(headers, JSON.stringify(input));
      const value = JSON.parse(answer.body.toString('utf8') || '{}') as Record<string, unknown>;
      if (answer.status === 200) return value as T;
      const code =
        String(value.__type ?? 'Unknown')
          .split('#')
          .at(-1) ?? 'Unknown';
      throw new MessagingError(code, answer.status, String(value.message ?? ''));
    },
    sns: async (action, parameters) => {
      const headers = { 'content-type': SNS_TYPE, authorization: authorization('sns') };
      const answer = await fauxqs.send(headers, new URLSearchParams({ Action: action, ...parameters }).toString());
      const text = answer.body.toString('utf8');
      if (answer.status === 200) return text;
      throw new MessagingError(element(text, 'Code') ?? 'Unknown', answer.status, element(text, 'Message') ?? '');
    },
  };
}

/** The text of the first element of that name; enough for the flat answers of SNS. */
export function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => {
    return { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }[entity] as string;
  });
}

/** Batches need the permission of their single form. */
const SQS_PERMISSIONS: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
};

/** Asks for the key of a queue or topic, if it has one; throws AccessDenied or Refusal. */
export type AskKey = (arn: string, actions: readonly string[], accessKeyId: string) => void;

/** What touches messages, and what of the key it needs. */
const SQS_KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  ReceiveMessage: ['kms:Decrypt'],
  SendMessage: ['kms:GenerateDataKey', 'kms:Decrypt'],
};
const SNS_KEY_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** Undefined when the key may be used; else the refusal: `KmsDisabled` of SQS, `KMSDisabled` of SNS, and so on. */
function keyRefusal(prefix: string, request: AwsRequest, ask: () => void): AwsResponse | undefined {
  try {
    ask();
    return undefined;
  } catch (error) {
    const fault = keyFault(error);
    if (fault === undefined) throw error;
    return renderRefusal(request, new Refusal(400, `${prefix}${fault.kind}`, fault.message), '');
  }
}

export function sqsService({ fauxqs, region, account }: Messaging, askKey: AskKey): LocalService {
  const required = (request: AwsRequest): RequiredAction[] => {
    const action = (request.headers['x-amz-target'] ?? '').split('.')[1];
    if (!action) throw new Error('Only the JSON protocol of SQS is spoken here.');
    const input = JSON.parse(request.body.toString('utf8') || '{}') as { QueueUrl?: string; QueueName?: string };
    const name = input.QueueUrl?.split('/').at(-1) ?? input.QueueName;
    const resource = name === undefined ? '*' : `arn:aws:sqs:${region}:${account}:${name}`;
    return [{ action: `sqs:${SQS_PERMISSIONS[action] ?? action}`, resource }];
  };
  return {
    name: 'sqs',
    actions: required,
    resourcePolicy: (resource) => parsed(fauxqs.queuePolicy(resource)),
    handle: async (request) => {
      for (const { action, resource } of required(request)) {
        const needed = SQS_KEY_ACTIONS[action.slice('sqs:'.length)];
        if (needed === undefined) continue;
        const refused = keyRefusal('Kms', request, () => askKey(resource, needed, request.accessKeyId));
        if (refused) return refused;
      }
      return forward(fauxqs, request, SQS_TYPE);
    },
    close: async () => undefined,
  };
}

export function snsService({ fauxqs }: Messaging, askKey: AskKey): LocalService {
  const required = (request: AwsRequest): RequiredAction[] => {
    const input = new URLSearchParams(request.body.toString('utf8'));
    const action = input.get('Action') ?? '';
    const resource =
      input.get('TopicArn') ?? input.get('TargetArn') ?? input.get('ResourceArn') ?? subscribedTopic(input) ?? '*';
    return [{ action: `sns:${action === 'PublishBatch' ? 'Publish' : action}`, resource }];
  };
  return {
    name: 'sns',
    actions: required,
    resourcePolicy: (resource) => parsed(fauxqs.topicPolicy(resource)),
    handle: async (request) => {
      for (const { action, resource } of required(request)) {
        if (action !== 'sns:Publish') continue;
        const refused = keyRefusal('KMS', request, () => askKey(resource, SNS_KEY_ACTIONS, request.accessKeyId));
        if (refused) return refused;
      }
      return forward(fauxqs, request, SNS_TYPE);
    },
    close: async () => undefined,
  };
}

function subscribedTopic(input: URLSearchParams): string | undefined {
  return input.get('SubscriptionArn')?.split(':').slice(0, 6).join(':');
}

/** The same text is the same object, so that whoever evaluates it can remember it. */
const documents = new Map<string, unknown>();

function parsed(policy: string | undefined): unknown {
  if (policy === undefined || policy === '') return undefined;
  if (!documents.has(policy)) documents.set(policy, JSON.parse(policy));
  return documents.get(policy);
}

async function forward(fauxqs: Fauxqs, request: AwsRequest, type: string): Promise<AwsResponse> {
  const headers: Record<string, string> = { 'content-type': request.headers['content-type'] ?? type };
  for (const name of ['x-amz-target', 'authorization', 'host']) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  const answer: FauxqsAnswer = await fauxqs.send(headers, request.body);
  return answer;
}
