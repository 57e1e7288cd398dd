/** KMS on this machine, over node:crypto: AWS JSON 1.1, permissions on key ARNs, key policies joined with IAM. */
import { notImplemented, Refusal, renderRefusal } from '../aws/refusal.ts';
import type { AwsRequest, AwsResponse, ConditionValues, LocalService } from '../aws/service.ts';
import { type Input, invalid } from './input.ts';
import { type Desk, OPERATIONS, type Operation } from './operations.ts';

const TARGET_PREFIX = 'TrentService.';

interface Call {
  readonly name: string;
  readonly operation: Operation;
  readonly input: Input;
}

export function kmsService(desk: Desk): LocalService {
  return {
    name: 'kms',
    actions: (request) => {
      const { name, operation, input } = parse(request);
      const key = operation.resource?.(input, desk);
      const resource = key === undefined ? '*' : desk.keys.arnOf(key);
      return [{ action: `kms:${name}`, resource, conditions: conditionsOf(input) }];
    },
    resourcePolicy: (resource) => desk.keys.all.find((key) => desk.keys.arnOf(key) === resource)?.policy,
    handle: async (request) => {
      try {
        const { operation, input } = parse(request);
        return answer(operation.run(input, desk));
      } catch (error) {
        if (error instanceof Refusal) return renderRefusal(request, error, '');
        throw error;
      }
    },
    close: async () => {},
  };
}

function parse(request: AwsRequest): Call {
  const target = request.headers['x-amz-target'] ?? '';
  if (!target.startsWith(TARGET_PREFIX)) throw new Refusal(400, 'UnknownOperationException', `no operation ${target}`);
  const name = target.slice(TARGET_PREFIX.length);
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (operation === undefined) throw notImplemented(`kms:${name}`);
  let input: unknown;
  try {
    input = JSON.parse(request.body.toString('utf8') || '{}');
  } catch {
    throw new Refusal(400, 'SerializationException', 'The request is not JSON.');
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw invalid('The request must be an object.');
  return { name, operation, input: input as Input };
}

/** KMS's own condition keys, as far as a request states them. */
function conditionsOf(input: Input): ConditionValues {
  const context = (input.EncryptionContext ?? {}) as Record<string, unknown>;
  return {
    ...Object.fromEntries(
      Object.entries(context).map(([key, value]) => [`kms:EncryptionContext:${key}`, String(value)]),
    ),
    ...(typeof input.SigningAlgorithm === 'string' ? { 'kms:SigningAlgorithm': input.SigningAlgorithm } : {}),
    ...(typeof input.MessageType === 'string' ? { 'kms:MessageType': input.MessageType } : {}),
  };
}

function answer(output: Record<string, unknown>): AwsResponse {
  const body = Buffer.from(JSON.stringify(output));
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body };
}
