/** KMS on this machine, over node:crypto: AWS JSON 1.1, permissions on key ARNs, key policies joined with IAM. */
import { notImplemented, Refusal, renderRefusal } from '../aws/refusal.ts';
import type { AwsRequest, AwsResponse, LocalService } from '../aws/service.ts';
import { contextConditions, keyConditions, requestConditions } from './conditions.ts';
import type { KmsContext } from './context.ts';
import { type Input, invalid, optionalText } from './input.ts';
import { OPERATIONS, type Operation } from './operations.ts';

const TARGET_PREFIX = 'TrentService.';

interface Call {
  readonly name: string;
  readonly operation: Operation;
  readonly input: Input;
}

export function kmsService(kms: KmsContext): LocalService {
  return {
    name: 'kms',
    actions: (request) => {
      const { name, operation, input } = parse(request);
      const action = `kms:${name}`;
      const stated = requestConditions(input);
      if (!operation.needs)
        return [{ action, resource: '*', conditions: { 'kms:CallerAccount': kms.account, ...stated } }];
      const named = optionalText(input, 'KeyId');
      return operation.needs(input, kms).map((need) => ({
        action: need.action ?? action,
        resource: kms.keys.arnOf(need.key),
        conditions: {
          ...stated,
          ...keyConditions(need.key, named, kms.keys, kms.account),
          // A service that makes a grant for its resource does so by itself; requests here are nobody's service.
          ...(name === 'CreateGrant' ? { 'kms:GrantIsForAWSResource': 'false' } : {}),
          ...contextConditions(need.context ?? {}),
        },
      }));
    },
    resourcePolicy: (resource) => kms.keys.all.find((key) => kms.keys.arnOf(key) === resource)?.policy,
    handle: async (request) => {
      try {
        const { operation, input } = parse(request);
        refuseUnsupported(input);
        return answer(operation.run(input, kms, request.accessKeyId));
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

/** Members that change what an operation does, and that nothing here honours. */
function refuseUnsupported(input: Input): void {
  if (input.DryRun === true) throw notImplemented('DryRun (KMS)');
  if (input.Recipient !== undefined && input.Recipient !== null) throw notImplemented('Recipient (KMS)');
  if (Array.isArray(input.GrantTokens) && input.GrantTokens.length > 0) {
    throw new Refusal(400, 'InvalidGrantTokenException', 'The local runtime makes no grants and knows no grant token.');
  }
}

function answer(output: Record<string, unknown>): AwsResponse {
  const body = Buffer.from(JSON.stringify(output));
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body };
}
