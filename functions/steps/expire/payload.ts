// Input of the expiry, checked: it can be typed by a person.
import { CATEGORY_PATTERN, TENANT_PATTERN } from '../../../names/patterns.ts';
import type { ExpireInput, ExpirePlanStep, ExpireTask } from '../../../services/expire/steps.ts';

const CATEGORY = new RegExp(CATEGORY_PATTERN);
const TENANT = new RegExp(TENANT_PATTERN);

/** An execution's input can be typed by a person; expiring everything because of a typing error is not what was meant. */
class ExpireInputError extends Error {
  override readonly name = 'ExpireInputError';
  readonly code = 'input';
}

export function readPayload(payload: unknown): ExpirePlanStep | ExpireTask {
  const { step } = (payload ?? {}) as { step?: unknown };
  if (step === 'plan') return { step, input: readInput((payload as ExpirePlanStep).input ?? {}) };
  if (step !== 'expire') throw new ExpireInputError('got no step, want plan or expire');
  const task = payload as ExpireTask;
  readInput({ category: task.category, ...(task.tenant === undefined ? {} : { tenant: task.tenant }) });
  return task;
}

function readInput(input: unknown): ExpireInput {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new ExpireInputError('got an input that is no object');
  }
  const { category, tenant, ...others } = input as Record<string, unknown>;
  if (Object.keys(others).length > 0) throw new ExpireInputError('got other members than category and tenant');
  const named = { ...matching('category', category, CATEGORY), ...matching('tenant', tenant, TENANT) };
  return named;
}

function matching(name: 'category' | 'tenant', value: unknown, pattern: RegExp): ExpireInput {
  if (value === undefined) return {};
  if (typeof value === 'string' && pattern.test(value)) return { [name]: value };
  throw new ExpireInputError(`got a ${name} that is none`);
}
