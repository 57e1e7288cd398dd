// One step of a bundle.
import { TENANT_PATTERN } from '../../../names/patterns.ts';
import { finishBundle, giveUpBundle } from '../../../services/bundle-job/finish.ts';
import { planBundleJob } from '../../../services/bundle-job/plan.ts';
import type { BundlePorts } from '../../../services/bundle-job/ports.ts';
import { makeSlice } from '../../../services/bundle-job/slice.ts';
import type { BundlePlanned, BundleStep, BundleTask } from '../../../services/bundle-job/steps.ts';

const TENANT = new RegExp(TENANT_PATTERN);

/** What an execution was started with is no bundle's name, or what a step is given is none. */
class BundleInputError extends Error {
  override readonly name = 'BundleInputError';
  readonly code = 'input';
}

interface Payload {
  readonly step: unknown;
  readonly tenant: unknown;
  readonly id: unknown;
  /** Number of the slice. */
  readonly shard: unknown;
}

/** One step of a bundle. */
export function bundleStep(ports: BundlePorts) {
  return async (payload: unknown): Promise<BundlePlanned | BundleStep> => {
    const given = (payload ?? {}) as Partial<Payload>;
    const task = readTask(given);
    switch (given.step) {
      case 'plan':
        return planBundleJob(ports, task);
      case 'slice':
        return makeSlice(ports, task, readSlice(given));
      case 'finish':
        return finishBundle(ports, task);
      case 'give-up':
        return giveUpBundle(ports, task);
      default:
        throw new BundleInputError('got no step of a bundle, want plan, slice, finish or give-up');
    }
  };
}

function readTask({ tenant, id }: Partial<Payload>): BundleTask {
  if (typeof tenant === 'string' && TENANT.test(tenant) && typeof id === 'string' && id !== '') return { tenant, id };
  throw new BundleInputError('got no bundle, want {"tenant": its tenant, "id": its id}');
}

function readSlice({ shard }: Partial<Payload>): number {
  if (typeof shard === 'number' && Number.isSafeInteger(shard) && shard >= 0) return shard;
  throw new BundleInputError('got no slice, want its number');
}
