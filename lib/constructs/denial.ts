// A statement of the policy that is attached to a table or a key.
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/**
 * Denies the actions on what the policy is attached to, to everybody whom the conditions do not spare. The resource is `*`: such a
 * policy speaks of that table or key alone, and an ARN in it would make the resource depend on itself.
 */
export function denial(
  sid: string,
  actions: readonly string[],
  conditions: Readonly<Record<string, unknown>> = {},
): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: [...actions],
    resources: ['*'],
    ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
  });
}
