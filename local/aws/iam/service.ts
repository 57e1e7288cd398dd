/** How other parts of the local runtime reach IAM. */
import { type RuntimeContext, serviceKey } from '../../template/provisioner.ts';
import type { Access } from './access.ts';

/** The endpoint's `access`, provided by the composition root. */
export const IAM = serviceKey<Access>('IAM');

export function iamOf(context: RuntimeContext): Access {
  return context.service(IAM);
}
