// Whether a role may do something: for what a page offers. The API decides.
import { type AccessRole, type OperationName, POLICY } from '../../core/access/policy.ts';

export function may(role: AccessRole, operation: OperationName): boolean {
  return (POLICY[role].operations as readonly OperationName[]).includes(operation);
}
