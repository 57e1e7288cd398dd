// Input of a sweep, checked: it can be typed by a person.
import { TENANT_PATTERN } from '../../../names/patterns.ts';
import type { SweepTask } from '../../../services/hold/steps.ts';

const TENANT = new RegExp(TENANT_PATTERN);

/** An execution's input can be typed by a person; what it was meant to be is not guessed. */
class SweepInputError extends Error {
  override readonly name = 'SweepInputError';
  readonly code = 'input';
}

export function readSweepTask(payload: unknown): SweepTask {
  const task = (payload ?? {}) as Partial<SweepTask>;
  if (typeof task.tenant !== 'string' || !TENANT.test(task.tenant)) {
    throw new SweepInputError('got no tenant, want {"tenant": its name}');
  }
  if (task.hold !== undefined && typeof task.hold !== 'string') throw new SweepInputError('got a hold that is no id');
  return task as SweepTask;
}
