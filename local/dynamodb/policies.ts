/** Resource policies of tables, which DynamoDB Local does not know: the template's at every start, and what requests make of them. */
import { randomUUID } from 'node:crypto';
import { PolicyFault, parsePolicy } from '../aws/iam/document.ts';

/** "The maximum size supported for a resource-based policy document is 20 KB", white space counted. */
const MOST_BYTES = 20 * 1024;

type Input = Readonly<Record<string, unknown>>;

export interface PolicyAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Undefined: not an operation on policies. `policies` is by table ARN. */
export function policyOperation(
  operation: string,
  input: Input,
  policies: Map<string, unknown>,
): PolicyAnswer | undefined {
  const arn = String(input.ResourceArn ?? '');
  switch (operation) {
    case 'GetResourcePolicy': {
      const policy = policies.get(arn);
      return policy === undefined ? missing(arn) : ok({ Policy: JSON.stringify(policy), RevisionId: randomUUID() });
    }
    case 'DeleteResourcePolicy':
      policies.delete(arn);
      return ok({ RevisionId: randomUUID() });
    case 'PutResourcePolicy':
      return put(arn, input.Policy, policies);
    default:
      return undefined;
  }
}

function put(arn: string, text: unknown, policies: Map<string, unknown>): PolicyAnswer {
  if (typeof text !== 'string' || Buffer.byteLength(text) > MOST_BYTES)
    return invalid('The policy is over 20 KB, or none.');
  try {
    const policy: unknown = JSON.parse(text);
    parsePolicy(policy, 'resource');
    policies.set(arn, policy);
    return ok({ RevisionId: randomUUID() });
  } catch (error) {
    if (error instanceof PolicyFault || error instanceof SyntaxError) return invalid(error.message);
    throw error;
  }
}

const ok = (body: Record<string, unknown>): PolicyAnswer => ({ status: 200, body });

function refusal(code: string, message: string): PolicyAnswer {
  return { status: 400, body: { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message } };
}

const invalid = (message: string) => refusal('ValidationException', message);
const missing = (arn: string) => refusal('PolicyNotFoundException', `Resource-based policy not found for ${arn}.`);
