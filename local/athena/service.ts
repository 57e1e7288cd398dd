/** Athena at the runtime's AWS endpoint: AWS JSON 1.1, permissions on the workgroup's ARN. */
import { notImplemented, Refusal, renderRefusal } from '../aws/refusal.ts';
import type { AwsRequest, AwsResponse, LocalService } from '../aws/service.ts';
import type { Input } from './input.ts';
import { type AthenaContext, OPERATIONS, type Operation } from './operations.ts';

const TARGET_PREFIX = 'AmazonAthena.';

interface Call {
  readonly name: string;
  readonly operation: Operation;
  readonly input: Input;
}

export function athenaService(athena: AthenaContext): LocalService {
  const { region, account } = athena.shop;
  return {
    name: 'athena',
    actions: (request) => {
      const { name, operation, input } = parse(request);
      return [...new Set(operation.workGroups(input, athena))].map((workGroup) => ({
        action: `athena:${name}`,
        resource: `arn:aws:athena:${region}:${account}:workgroup/${workGroup}`,
      }));
    },
    handle: async (request) => {
      try {
        const { operation, input } = parse(request);
        return answer(await operation.run(input, athena, request.accessKeyId));
      } catch (error) {
        if (error instanceof Refusal) return renderRefusal(request, error, '');
        throw error;
      }
    },
    close: async () => undefined,
  };
}

function parse(request: AwsRequest): Call {
  const target = request.headers['x-amz-target'] ?? '';
  if (!target.startsWith(TARGET_PREFIX)) throw new Refusal(400, 'UnknownOperationException', `no operation ${target}`);
  const name = target.slice(TARGET_PREFIX.length);
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (operation === undefined) throw notImplemented(`athena:${name}`);
  let input: unknown;
  try {
    input = JSON.parse(request.body.toString('utf8') || '{}');
  } catch {
    throw new Refusal(400, 'SerializationException', 'The request is not JSON.');
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new Refusal(400, 'SerializationException', 'The request must be an object.');
  }
  return { name, operation, input: input as Input };
}

function answer(output: unknown): AwsResponse {
  const body = Buffer.from(JSON.stringify(output));
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body };
}
